"""The use case: one file, one district."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from shapely.errors import GEOSException
from shapely.geometry import MultiPolygon
from sqlalchemy import Connection, Engine
from timezonefinder import TimezoneFinder

from gis.database import Transaction, begin, quiet
from gis.errors import BadExtract, TravelUnavailable
from gis.geocode.register import REGISTERS
from gis.geocode.shelf import Shelf
from gis.importing.course import Course, Progress, peak_mb
from gis.importing.keeping import kept
from gis.importing.numbering import coded
from gis.model import DistrictId, ImportReport, Rejection
from gis.osm.counting import Tally, of_file
from gis.osm.grounding import lay, survey
from gis.osm.metric import utm
from gis.osm.model import Extract, Survey, Thing
from gis.osm.place import extent
from gis.osm.reading import never, read
from gis.osm.spool import BATCH
from gis.store import districts, merging, register
from gis.store.cells import cut_grid
from gis.store.ground import analyse, people
from gis.store.staging import Staging, staged
from gis.travel import graphs

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
GRAPHS = "graphs"


@dataclass(frozen=True, kw_only=True)
class _Source:
    file: Path
    sha256: str
    started: datetime
    fictional: bool


@dataclass(frozen=True, kw_only=True)
class LaidOut:
    """A place whose rows are staged."""

    place: Survey
    counts: Mapping[str, float]
    rejected: tuple[Rejection, ...]


class _Overtaken(Exception):
    """Somebody else imported the same file meanwhile: no error, but the graphs built here are one set too many."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(report.file)
        self.report = report


def import_place(
    engine: Engine,
    file: Path,
    *,
    folder: Path,
    progress: Progress,
    name: str | None = None,
    fictional: bool = False,
) -> ImportReport:
    """Make a district of an .osm.pbf, .osm or .osm.gz file; the same file again is the same district.

    The same file again still mends one thing: road graphs that are gone, or from before roads could be closed.
    `folder` is the data folder: the road graphs go below it. `progress` hears the steps read, clip, travel, store,
    grid, register, each with its share 0..1; parts of a step are named after it (`travel.walk`). Without a road engine
    the place is imported all the same and measured by the straight line: `counts["graphs"]` is 0 then.
    Raises BadExtract for what is no whole extract; nothing is stored then.
    """
    source = _Source(file=file, sha256=checksum(file), started=datetime.now(UTC), fictional=fictional)
    course = Course(progress)
    if known := _known(engine, source.sha256):
        _mend(engine, course, source, folder, known.district)
        return known
    extract, place = surveyed(course, file, name)
    try:
        with staged(engine, extract.languages, place.srid) as staging:
            laid, bounds = staged_ground(course, staging, extract, place), place.extent.clip.bounds
            with _built(course, source, folder) as ways, kept(file, folder, source.sha256, bounds) as copy:
                report = _stored(staging.tx, course, source, laid, ways, copy)
        Shelf(engine, folder / REGISTERS).of(report.district)  # so that the first search need not wait for its index
        return report
    except _Overtaken as other:
        return other.report


def checksum(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadExtract(file=file.name, reason="missing") from error


def _known(engine: Engine, sha256: str) -> ImportReport | None:
    with begin(engine) as tx:
        known = districts.made_from(tx, sha256)
        return None if known is None else districts.imported(tx, known)


def _mend(engine: Engine, course: Course, source: _Source, folder: Path, district: DistrictId) -> None:
    """Build the road graphs anew where they are not whole. Without a road engine they stay as they are."""
    with begin(engine) as tx:
        ways = districts.graphs(tx, district)
    if ways is not None and not graphs.whole(folder / ways):
        with suppress(TravelUnavailable), course.step("travel") as progress:
            graphs.build(source.file, folder / ways, progress)


@contextmanager
def _built(course: Course, source: _Source, folder: Path) -> Iterator[str | None]:
    """The folder of the road graphs, relative to `folder`; gone again if what follows fails. None without an engine."""
    relative = f"{GRAPHS}/{source.sha256[:12]}-{uuid4().hex[:6]}"
    try:
        with course.step("travel") as progress:
            graphs.build(source.file, folder / relative, progress)
    except TravelUnavailable:
        shutil.rmtree(folder / relative, ignore_errors=True)
        yield None
        return
    try:
        yield relative
    except BaseException:
        shutil.rmtree(folder / relative, ignore_errors=True)
        raise


def surveyed(course: Course, file: Path, name: str | None) -> tuple[Extract, Survey]:
    """Read a file and find its place. Raises BadExtract."""
    with course.step("read"):
        extract = read(file)
        try:
            return extract, survey(extract, extent(extract, file, name))
        except GEOSException as error:
            raise BadExtract(file=file.name, reason="unusable", detail=str(error)) from error


def staged_ground(
    course: Course,
    staging: Staging,
    extract: Extract,
    place: Survey,
    stop: Callable[[], bool] = never,
) -> LaidOut:
    """Lay out a place in the temporary tables. `stop` is asked after each batch; True raises InterruptedError."""
    tally = Tally()
    squares: list[Thing[MultiPolygon]] = []
    with course.step("clip") as progress:
        total, done = max(1, len(extract.nodes) + len(extract.lines) + len(extract.areas)), 0
        for laid in lay(extract, place):
            if stop():
                raise InterruptedError
            tally.add(laid)
            squares += laid.squares
            staging.add(laid)
            done += BATCH
            progress("laid", 0.8 * done / total)
        staging.finish(squares, stop)
    counts = {**of_file(extract, place.srid), **tally.counts()}
    return LaidOut(place=place, counts=counts, rejected=extract.rejected)


def _stored(
    tx: Connection, course: Course, source: _Source, laid: LaidOut, ways: str | None, copy: str
) -> ImportReport:
    with tx.begin():
        quiet(tx)
        districts.wait_for_turn(tx)
        if (known := districts.made_from(tx, source.sha256)) is not None:
            raise _Overtaken(districts.imported(tx, known))
        with course.step("store"):
            district = _district(tx, source, laid.place, ways, copy)
            merging.merge(tx, district, merging.source_of(tx, district, ATTRIBUTION))
            analyse(tx)
        with course.step("grid") as progress:
            grid = cut_grid(tx, district, progress=progress)
        with course.step("register"):
            register.changed(tx, district)
        more = {"cells": len(grid.cells), "graphs": float(ways is not None), "people": people(tx, district)}
        report = _report(course, source, laid, district, more)
        districts.record_import(tx, report, source.sha256)
    return report


def _district(tx: Transaction, source: _Source, place: Survey, ways: str | None, copy: str) -> DistrictId:
    centre = place.extent.clip.centroid
    district, code = districts.add_district(
        tx,
        name=place.extent.name,
        names=place.extent.names,
        clip=place.extent.clip,
        time_zone=TimezoneFinder().timezone_at(lng=centre.x, lat=centre.y) or "UTC",
        metric_srid=utm(centre.x, centre.y),
        attribution=ATTRIBUTION,
        fictional=source.fictional,
        source_file=source.file.name,
        source_sha256=source.sha256,
        graphs=ways,
        extract=copy,
    )
    districts.add_areas(tx, district, coded(code, place.extent, place.areas))
    return district


def _report(
    course: Course, source: _Source, laid: LaidOut, district: DistrictId, more: dict[str, float]
) -> ImportReport:
    seconds = {f"seconds_{step}": spent for step, spent in course.seconds.items()}
    counts = {"areas": len(laid.place.areas) + 1, "rejected": len(laid.rejected)}
    return ImportReport(
        district=district,
        file=source.file.name,
        started=source.started,
        seconds=course.total,
        peak_mb=peak_mb(),
        counts={**laid.counts, **counts, **more, **seconds},
        rejected=laid.rejected,
    )
