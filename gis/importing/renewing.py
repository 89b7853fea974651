"""The use case: a place that stands, from another extract of it: what is new, what changed, what is gone.

The district, its areas and its cells stay as they are; so do the numbers of all rows whose objects are in both
extracts, and whatever refers to them. A difference is first counted and shown (`compare_place`, or `dry`), then made
so: in one transaction, with the road graphs built beside the old ones and put in force right after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from shapely.errors import GEOSException
from sqlalchemy import Engine

from gis.database import Transaction, begin, quiet
from gis.errors import BadExtract, Overtaken, Stopped, TravelUnavailable
from gis.geocode.register import REGISTERS
from gis.geocode.shelf import Shelf
from gis.importing import borders
from gis.importing.borders import AreaChange
from gis.importing.course import Course, Progress, peak_mb
from gis.importing.keeping import kept
from gis.importing.place import ATTRIBUTION, GRAPHS, LaidOut, checksum, staged_ground
from gis.model import DistrictId, ImportReport, Rejection
from gis.osm.grounding import survey
from gis.osm.hierarchy import communities
from gis.osm.model import Box, Community, Extent, Extract, Survey
from gis.osm.place import extent
from gis.osm.reading import never, read
from gis.osm.shapes import multipolygon
from gis.store import closures, districts, merging, pairing, register
from gis.store.ground import people
from gis.store.merging import Counted
from gis.store.staging import Staging, staged
from gis.tiles import spoil
from gis.travel import graphs

OVERLAP: Final = 0.8  #: of the ground of both that is in both: then a file is about a district
ROADS: Final = ("road", "basemap_road")


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """What an extract makes different in a place; `applied` says whether it is so now."""

    district: DistrictId
    file: str
    started: datetime
    kinds: Mapping[str, Counted]  #: by table; those that are drawn begin with `basemap_`
    areas: tuple[AreaChange, ...]  #: proposals: areas stay as they are
    rejected: tuple[Rejection, ...]
    applied: bool = False
    across: tuple[tuple[int, str], ...] = ()  #: buildings, new or changed, that reach into a second cell
    graphs: bool = False  #: whether roads were built anew
    seconds: float = 0.0
    peak_mb: float = 0.0
    steps: Mapping[str, float] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, object]:
        """For a report: rows of the ground together, then by kind."""
        ground = [counted for name, counted in self.kinds.items() if not name.startswith("basemap_")]
        reasons: dict[str, int] = {}
        for one in self.rejected:
            reasons[one.reason] = reasons.get(one.reason, 0) + 1
        return {
            **{what: sum(getattr(one, what) for one in ground) for what in VERDICTS},
            "rejected": reasons,
            "kinds": {name: {what: getattr(one, what) for what in VERDICTS} for name, one in self.kinds.items()},
            "areas": len(self.areas),
            "across": len(self.across),
        }


VERDICTS: Final = ("added", "changed", "same", "gone")


def meant(engine: Engine, file: Path) -> tuple[DistrictId, float] | None:
    """The district that an extract is most likely a later (or earlier) state of, and how much of both is in both.

    None where no district shares OVERLAP with it. Raises BadExtract.
    """
    extract = read(file)
    clip = extent(extract, file).clip
    with begin(engine) as tx:
        known = districts.districts(tx)
    shares = {d.id: d.clip.intersection(clip).area / d.clip.union(clip).area for d in known}
    best = max(shares, key=lambda key: shares[key], default=None)
    return None if best is None or shares[best] < OVERLAP else (best, round(shares[best], 4))


def renew(
    engine: Engine,
    file: Path,
    *,
    district: DistrictId,
    folder: Path,
    progress: Progress,
    dry: bool = False,
    stop: Callable[[], bool] = never,
) -> Renewal:
    """Make `district` what `file` says of it; `dry` only tells what that would change.

    `progress` hears the steps read, clip, compare, travel, store, register. Raises BadExtract, NotFound, Stopped;
    nothing is stored then.
    """
    with compared(engine, file, district, progress, stop) as found:
        return found.renewal() if dry else found.apply(engine, folder)


def compare_place(
    engine: Engine,
    batch: int,
    file: Path,
    *,
    district: DistrictId,
    progress: Progress,
    stop: Callable[[], bool] = never,
) -> None:
    """Write what `file` would change as the rows and counts of a delivery. Raises BadExtract, NotFound, Stopped."""
    with compared(engine, file, district, progress, stop) as found:
        write(found, batch)


def apply_place(
    engine: Engine,
    batch: int,
    file: Path,
    *,
    folder: Path,
    progress: Progress,
    stop: Callable[[], bool] = never,
) -> Renewal:
    """Do what was compared. Raises Overtaken where the ground changed since, so that it would be something else."""
    with begin(engine) as tx:
        district, shown = merging.shown(tx, batch)
    with compared(engine, file, district, progress, stop) as found:
        if found.renewal().counts["kinds"] != shown:
            raise Overtaken(file=file.name)
        return found.apply(engine, folder)


def write(found: Compared, batch: int) -> None:
    """Rows and counts of a delivery."""
    tx = found.staging.tx
    with tx.begin():
        quiet(tx)
        last = merging.write_rows(tx, batch, found.district, found.source)
        merging.write_areas(tx, batch, found.areas, after=last)
        merging.write_counts(tx, batch, found.renewal().counts)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """An extract that is staged beside the district that it is about."""

    course: Course
    started: datetime
    file: Path  #: what was brought
    extract: Path  #: what the place is made from: the file, or what a change file makes of the copy
    sha256: str
    bounds: Box
    district: DistrictId
    source: int
    staging: Staging
    laid: LaidOut
    kinds: Mapping[str, Counted]
    areas: tuple[AreaChange, ...]

    def renewal(self) -> Renewal:
        return Renewal(
            district=self.district,
            file=self.file.name,
            started=self.started,
            kinds=self.kinds,
            areas=self.areas,
            rejected=self.laid.rejected,
            seconds=self.course.total,
            peak_mb=peak_mb(),
            steps=self.course.seconds,
        )

    def apply(self, engine: Engine, folder: Path, *, roads: bool | None = None) -> Renewal:
        """Make it so. `roads`: whether their graphs are built anew; by default where a road differs."""
        anew = any(self.kinds[name].touched for name in ROADS) if roads is None else roads
        with ExitStack() as stack:
            before, standing = self._folders()
            graph = self._graphs(stack, folder / standing) if anew else None
            copy = stack.enter_context(kept(self.extract, folder, self.sha256, self.bounds))
            across = self._store(copy, standing if graph else None)
            if graph:
                with begin(engine) as tx:
                    closed = closures.to_close(closures.live(tx, self.district, merging.moment(tx)))
                graph(closed)
        if before:
            (folder / before).unlink(missing_ok=True)
        with self.course.step("register"):
            Shelf(engine, folder / REGISTERS).of(self.district)
        return replace(self.renewal(), applied=True, across=tuple(across), graphs=graph is not None)

    def _folders(self) -> tuple[str | None, str]:
        tx = self.staging.tx
        with tx.begin():
            before, standing = districts.extract(tx, self.district), districts.graphs(tx, self.district)
        return before, standing or f"{GRAPHS}/{self.sha256[:12]}-{uuid4().hex[:6]}"

    def _graphs(self, stack: ExitStack, folder: Path) -> graphs.Put | None:
        """New graphs beside those in force; None without a road engine: then the old ones stay."""
        try:
            with self.course.step("travel") as progress:
                return stack.enter_context(graphs.beside(self.extract, folder, progress))
        except TravelUnavailable:
            return None

    def _store(self, copy: str, ways: str | None) -> list[tuple[int, str]]:
        tx = self.staging.tx
        with tx.begin(), self.course.step("store"):
            quiet(tx)
            districts.wait_for_turn(tx)
            if merging.counted(tx, self.district, self.source) != self.kinds:
                raise Overtaken(file=self.file.name)
            touched = merging.touched_boxes(tx, self.district, self.source)
            moment = merging.moment(tx)
            merging.merge(tx, self.district, self.source)
            merging.settle(tx, self.district)
            across = merging.across(tx, self.district, moment)
            districts.renewed(tx, self.district, file=self.file.name, sha256=self.sha256, extract=copy, graphs=ways)
            register.changed(tx, self.district)
            districts.record_import(tx, self._report(tx, ways), self.sha256)
            spoil(tx, self.district, touched)
        return across

    def _report(self, tx: Transaction, ways: str | None) -> ImportReport:
        kinds = {f"{name}_{what}": getattr(one, what) for name, one in self.kinds.items() for what in VERDICTS}
        more = {
            "people": people(tx, self.district),
            "graphs": float(ways is not None),
            "rejected": len(self.laid.rejected),
        }
        return ImportReport(
            district=self.district,
            file=self.file.name,
            started=self.started,
            seconds=self.course.total,
            peak_mb=peak_mb(),
            counts={**self.laid.counts, **kinds, **more},
            rejected=self.laid.rejected,
        )


@contextmanager
def compared(
    engine: Engine, file: Path, district: DistrictId, progress: Progress, stop: Callable[[], bool]
) -> Iterator[Compared]:
    """An extract read, staged and counted against a district, for as long as the block runs.

    Raises BadExtract, NotFound, Stopped.
    """
    started, course, sha256 = datetime.now(UTC), Course(progress), checksum(file)
    try:
        with begin(engine) as tx:
            place, areas = districts.district(tx, district), districts.outlines(tx, district)
        with course.step("read"):
            extract = read(file, stop)
            standing = Extent(name=place.name, names=place.names, clip=multipolygon(place.clip), source="standing")
            frame, drawn = _surveyed(file, extract, standing)
        with staged(engine, extract.languages, place.metric_srid) as staging:
            laid = staged_ground(course, staging, extract, frame, stop)
            with course.step("compare"), staging.tx.begin():
                quiet(staging.tx)
                source = merging.source_of(staging.tx, district, ATTRIBUTION)
                pairing.pair(staging.tx, district, source)
                kinds = merging.counted(staging.tx, district, source)
            yield Compared(
                course=course,
                started=started,
                file=file,
                extract=file,
                sha256=sha256,
                bounds=place.bounds,
                district=district,
                source=source,
                staging=staging,
                laid=laid,
                kinds=kinds,
                areas=tuple(borders.compared(areas, drawn)),
            )
    except InterruptedError as error:
        raise Stopped from error


def _surveyed(file: Path, extract: Extract, standing: Extent) -> tuple[Survey, tuple[Community, ...]]:
    """The frame of the district as it stands, and the areas that the extract draws in it."""
    try:
        _, drawn = communities(extract, extent(extract, file))
        return survey(extract, standing, areas=()), drawn
    except GEOSException as error:
        raise BadExtract(file=file.name, reason="unusable", detail=str(error)) from error
