"""Read an extract with pyosmium: once for the relations, once for everything that has a shape.

Objects that are broken are left out and listed with the reason; only a file that is no whole extract is an error.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import osmium

from gis.errors import BadExtract
from gis.model import Rejection
from gis.osm import damage
from gis.osm.collecting import FEW, MOST_MEMBERS, SURFACES, UNREADABLE, Collected, Relation
from gis.osm.model import Box, Extract, Tags

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
LARGE: Final = 20_000_000  #: bytes of a file from which on the positions of nodes are kept on disk
OUT_OF_ORDER: Final = "out of order"  #: what pyosmium says of ids that do not grow
STEP: Final = 2000  #: objects between two looks whether to stop


def never() -> bool:
    """Nobody wants to stop."""
    return False


def read(file: Path, stop: Callable[[], bool] = never, keys: Sequence[str] = ()) -> Extract:
    """The things of an .osm.pbf, .osm or .osm.gz file. `stop` is asked now and then; True raises InterruptedError.

    `keys`: only things that carry one of these are wanted; nothing is rejected for what others lack then.

    Raises BadExtract: missing, foreign, bomb, unreadable (truncated, or another format inside; `detail` says where),
    unsorted, history, empty.
    """
    if not file.is_file():
        raise BadExtract(file=file.name, reason="missing")
    if not file.name.lower().endswith(SUFFIXES):
        raise BadExtract(file=file.name, reason="foreign")
    try:
        damage.check_packed(file)
        return _read(file, stop, keys)
    except BadExtract as error:
        raise BadExtract(**{"file": file.name, **error.params}) from error
    except InterruptedError:
        raise
    except UNREADABLE as error:
        reason = "unsorted" if OUT_OF_ORDER in str(error) else "unreadable"
        raise BadExtract(file=file.name, reason=reason, detail=damage.where(file, error)) from error


def _read(file: Path, stop: Callable[[], bool], keys: Sequence[str]) -> Extract:
    box = _box(file)
    administrative, awaited = _relations(file)
    collected = Collected(administrative, set() if keys else awaited)
    with tempfile.TemporaryDirectory(prefix="gridward-nodes-") as folder:
        for count, thing in enumerate(_everything(file, Path(folder), keys)):
            collected.take(thing)
            if count % STEP == 0 and stop():
                raise InterruptedError
    if not collected.ways:
        raise BadExtract(reason="empty")
    if collected.incomplete > max(FEW, collected.ways // 10):
        _require_order(file)
    return collected.extract(box, lambda awaited: _unfinished(file, awaited))


def _everything(file: Path, folder: Path, keys: Sequence[str]) -> Iterator[Any]:
    tagged: Any = osmium.filter.EmptyTagFilter()
    tagged.enable_for(osmium.osm.NODE | osmium.osm.AREA)
    if keys:
        tagged = osmium.filter.KeyFilter(*keys)
    surfaces = osmium.filter.KeyFilter(*(keys or SURFACES))
    surfaces.enable_for(osmium.osm.RELATION)
    kept = f"sparse_file_array,{folder / 'nodes'}" if file.stat().st_size > LARGE else "flex_mem"
    yield from osmium.FileProcessor(str(file)).with_locations(kept).with_areas(surfaces).with_filter(tagged)


def _require_order(file: Path) -> None:
    """Many ways lack nodes: because the extract is cut, or because nodes come after their ways? Raises BadExtract."""
    ways = False
    for thing in osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY):
        if isinstance(thing, osmium.osm.Way):
            ways = True
        elif ways:
            raise BadExtract(reason="unsorted", detail=f"node {thing.id} after a way")


def _box(file: Path) -> Box | None:
    """What the header says of the extent; None where it is silent."""
    with osmium.io.Reader(str(file), osmium.osm.NOTHING) as reader:
        header = reader.header()
        box = header.box()
    if header.has_multiple_object_versions:
        raise BadExtract(reason="history")
    if not box.valid():
        return None
    return (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)


def _relations(file: Path) -> tuple[dict[int, Relation], set[int]]:
    """The administrative relations, and the ids of all that ought to have a surface."""
    administrative: dict[int, Relation] = {}
    surfaces: set[int] = set()
    for relation in _with_surface(file):
        surfaces.add(relation.id)
        if relation.tags.get("boundary") == "administrative" and len(relation.members) <= MOST_MEMBERS:
            found = _relation(relation)
            if found.level is not None:
                administrative[relation.id] = found
    return administrative, surfaces


def _with_surface(file: Path) -> Iterator[Any]:
    every = osmium.FileProcessor(str(file), osmium.osm.RELATION).with_filter(osmium.filter.KeyFilter(*SURFACES))
    return (relation for relation in every if relation.tags.get("type") in ("multipolygon", "boundary"))


def _relation(relation: Any) -> Relation:
    members = [(member.type, member.ref) for member in relation.members]
    return Relation(
        tags={tag.k: tag.v for tag in relation.tags},
        ways=frozenset(ref for kind, ref in members if kind == "w"),
        nodes=frozenset(ref for kind, ref in members if kind == "n"),
    )


def _unfinished(file: Path, awaited: set[int]) -> list[Rejection]:
    """Why these relations did not become surfaces: a member is not in the file, or they do not close."""
    left = {
        r.id: ({m.ref for m in r.members if m.type == "w"}, _said(r.tags))
        for r in _with_surface(file)
        if r.id in awaited
    }
    wanted = frozenset[int]().union(*(ways for ways, _ in left.values()))
    there = {way.id for way in _ways(file) if way.id in wanted}  # a filter by id would take a bit for every id there is
    return [
        Rejection(
            osm_type="relation", osm_id=key, reason="missing_members" if ways - there else "broken_rings", detail=said
        )
        for key, (ways, said) in left.items()
    ]


def _ways(file: Path) -> Iterator[Any]:
    return iter(osmium.FileProcessor(str(file), osmium.osm.WAY))


def _said(tags: Any) -> str:
    found: Tags = {tag.k: tag.v for tag in tags}
    return next((f"{key}={found[key]}" for key in SURFACES if key in found), "")
