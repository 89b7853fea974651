"""The use case: OpenStreetMap's change files (.osc, .osc.gz, .osc.bz2) applied to a place that stands.

They are applied to the copy of the place's objects; what follows from the result is compared with what is stored, row
by row, and only what differs is written: rows, what is drawn, tiles, the register; the roads where a road is touched.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import osmium
from sqlalchemy import Engine

from gis.database import begin
from gis.errors import BadExtract, Overtaken
from gis.importing.course import Progress
from gis.importing.keeping import keep
from gis.importing.renewing import Compared, Renewal, compared, write
from gis.model import DistrictId
from gis.osm import damage
from gis.osm.collecting import UNREADABLE
from gis.osm.reading import never
from gis.store import districts, merging

SUFFIXES: Final = (".osc", ".osc.gz", ".osc.bz2")
ROAD_KEYS: Final = ("highway", "barrier", "restriction", "restriction:conditional", "route")


def change(
    engine: Engine,
    file: Path,
    *,
    district: DistrictId,
    folder: Path,
    progress: Progress,
    dry: bool = False,
    stop: Callable[[], bool] = never,
) -> Renewal:
    """Apply a change file to `district`; `dry` only tells what that would change.

    A change that is older than what is there changes nothing. Raises BadExtract (also reason="no_copy": the place is
    from before copies were kept, renew it once from an extract), NotFound, Stopped; nothing is stored then.
    """
    with _compared(engine, file, district, folder, progress, stop) as (found, roads):
        return found.renewal() if dry else found.apply(engine, folder, roads=roads)


def compare_changes(
    engine: Engine,
    batch: int,
    file: Path,
    *,
    district: DistrictId,
    folder: Path,
    progress: Progress,
    stop: Callable[[], bool] = never,
) -> None:
    """Write what a change file would change as the rows and counts of a delivery. Raises as `change` does."""
    with _compared(engine, file, district, folder, progress, stop) as (found, _):
        write(found, batch)


def apply_changes(
    engine: Engine,
    batch: int,
    file: Path,
    *,
    folder: Path,
    progress: Progress,
    stop: Callable[[], bool] = never,
) -> Renewal:
    """Do what was compared. Raises Overtaken where it would be something else by now."""
    with begin(engine) as tx:
        district, shown = merging.shown(tx, batch)
    with _compared(engine, file, district, folder, progress, stop) as (found, roads):
        if found.renewal().counts["kinds"] != shown:
            raise Overtaken(file=file.name)
        return found.apply(engine, folder, roads=roads)


@contextmanager
def _compared(
    engine: Engine, file: Path, district: DistrictId, folder: Path, progress: Progress, stop: Callable[[], bool]
) -> Iterator[tuple[Compared, bool | None]]:
    """The changed place beside the one that stands, and whether its roads are touched (None: see the rows)."""
    _check(file)
    with begin(engine) as tx:
        place, copy = districts.district(tx, district), districts.extract(tx, district)
    if copy is None or not (folder / copy).is_file():
        raise BadExtract(file=file.name, reason="no_copy", district=place.code)
    with tempfile.TemporaryDirectory(prefix="gridward-change-") as room:
        merged = Path(room) / "merged.osm.pbf"
        roads = _applied(file, folder / copy, merged, place.bounds)
        with compared(engine, merged, district, progress, stop) as found:
            yield replace(found, file=file, extract=merged), roads or None


def _check(file: Path) -> None:
    if not file.is_file():
        raise BadExtract(file=file.name, reason="missing")
    if not file.name.lower().endswith(SUFFIXES):
        raise BadExtract(file=file.name, reason="foreign")
    try:
        damage.check_packed(file)
    except BadExtract as error:
        raise BadExtract(**{"file": file.name, **error.params}) from error


def _applied(file: Path, copy: Path, merged: Path, bounds: tuple[float, float, float, float]) -> bool:
    try:
        roads = _roads(file, copy)
        keep(copy, merged, [file], bounds)
    except UNREADABLE as error:
        raise BadExtract(file=file.name, reason="unreadable", detail=damage.where(file, error)) from error
    return roads


def _roads(file: Path, copy: Path) -> bool:
    """Whether an object of the change, as it was or as it will be, is one that roads are made of or barred by."""
    nodes, relations = set(), set()
    for thing in _objects(osmium.FileProcessor(str(file))):
        if any(key in thing.tags for key in ROAD_KEYS):
            return True
        if isinstance(thing, osmium.osm.Node):
            nodes.add(thing.id)
        elif isinstance(thing, osmium.osm.Relation):
            relations.add(thing.id)
    for kind, ids in ((osmium.osm.NODE, nodes), (osmium.osm.RELATION, relations)):
        were = osmium.FileProcessor(str(copy), kind).with_filter(osmium.filter.KeyFilter(*ROAD_KEYS))
        if ids and any(thing.id in ids for thing in _objects(were)):
            return True
    return False


def _objects(processor: Any) -> Iterator[Any]:
    return iter(processor)
