"""The use case: one file, one district."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine
from timezonefinder import TimezoneFinder

from gis.database import Transaction, begin, quiet
from gis.errors import BadExtract, TravelUnavailable
from gis.geocode.register import REGISTERS
from gis.geocode.shelf import Shelf
from gis.importing.course import Course, Progress, peak_mb
from gis.importing.numbering import coded
from gis.model import DistrictId, ImportReport, Rejection
from gis.osm.grounding import ground
from gis.osm.metric import utm
from gis.osm.model import Ground
from gis.osm.place import extent
from gis.osm.reading import read
from gis.store import districts, register
from gis.store.cells import cut_grid
from gis.store.ground import add_ground, analyse
from gis.travel import graphs

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
GRAPHS = "graphs"


@dataclass(frozen=True, kw_only=True)
class _Source:
    file: Path
    sha256: str
    started: datetime
    fictional: bool


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
    source = _Source(file=file, sha256=_checksum(file), started=datetime.now(UTC), fictional=fictional)
    course = Course(progress)
    if known := _known(engine, source.sha256):
        _mend(engine, course, source, folder, known.district)
        return known
    with course.step("read"):
        extract = read(file)
    with course.step("clip"):
        place = ground(extract, extent(extract, file, name))
        del extract
    try:
        with _built(course, source, folder) as ways:
            report = _stored(engine, course, source, place, ways)
        Shelf(engine, folder / REGISTERS).of(report.district)  # so that the first search need not wait for its index
        return report
    except _Overtaken as other:
        return other.report


def _checksum(file: Path) -> str:
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


def _stored(engine: Engine, course: Course, source: _Source, place: Ground, ways: str | None) -> ImportReport:
    with begin(engine) as tx:
        quiet(tx)
        districts.wait_for_turn(tx)
        if (known := districts.made_from(tx, source.sha256)) is not None:
            raise _Overtaken(districts.imported(tx, known))
        with course.step("store"):
            district = _district(tx, source, place, ways)
            add_ground(tx, district, place)
            analyse(tx)
        with course.step("grid") as progress:
            grid = cut_grid(tx, district, progress=progress)
        with course.step("register"):
            register.changed(tx, district)
        report = _report(course, source, place, district, {"cells": len(grid.cells), "graphs": float(ways is not None)})
        districts.record_import(tx, report, source.sha256)
    return report


def _district(tx: Transaction, source: _Source, place: Ground, ways: str | None) -> DistrictId:
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
    )
    districts.add_areas(tx, district, coded(code, place.extent, place.areas))
    return district


def _report(
    course: Course, source: _Source, place: Ground, district: DistrictId, more: dict[str, float]
) -> ImportReport:
    seconds = {f"seconds_{step}": spent for step, spent in course.seconds.items()}
    rejected: tuple[Rejection, ...] = place.rejected
    return ImportReport(
        district=district,
        file=source.file.name,
        started=source.started,
        seconds=course.total,
        peak_mb=peak_mb(),
        counts={**place.counts, "areas": len(place.areas) + 1, "rejected": len(rejected), **more, **seconds},
        rejected=rejected,
    )
