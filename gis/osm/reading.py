"""Read an extract with pyosmium: once for the relations, once for everything that has a shape.

Objects that are broken are left out and listed with the reason; only a file that is no whole extract is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import osmium

from gis.errors import BadExtract
from gis.osm.collecting import SURFACES, UNREADABLE, Collected, Relation
from gis.osm.model import Box, Extract

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")


def read(file: Path) -> Extract:
    """The things of an .osm.pbf, .osm or .osm.gz file.

    Raises BadExtract: missing, foreign, unreadable (truncated, or another format inside), unsorted, history, empty.
    """
    if not file.is_file():
        raise BadExtract(file=file.name, reason="missing")
    if not file.name.lower().endswith(SUFFIXES):
        raise BadExtract(file=file.name, reason="foreign")
    try:
        return _read(file)
    except BadExtract as error:
        raise BadExtract(**{"file": file.name, **error.params}) from error
    except UNREADABLE as error:
        raise BadExtract(file=file.name, reason="unreadable", detail=str(error)) from error


def _read(file: Path) -> Extract:
    box = _box(file)
    collected = Collected(_relations(file))
    for thing in _everything(file):
        collected.take(thing)
    if not collected.ways:
        raise BadExtract(reason="empty")
    return collected.extract(box)


def _everything(file: Path) -> Iterator[Any]:
    tagged = osmium.filter.EmptyTagFilter()
    tagged.enable_for(osmium.osm.NODE | osmium.osm.AREA)
    surfaces = osmium.filter.KeyFilter(*SURFACES)
    surfaces.enable_for(osmium.osm.RELATION)
    yield from osmium.FileProcessor(str(file)).with_areas(surfaces).with_filter(tagged)


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


def _relations(file: Path) -> dict[int, Relation]:
    """Relations that ought to have a surface, the administrative ones among them."""
    every: Iterator[Any] = iter(osmium.FileProcessor(str(file), osmium.osm.RELATION))
    found = ((relation.id, _relation(relation)) for relation in every)
    return {osm_id: relation for osm_id, relation in found if _ought_to_have_surface(relation)}


def _relation(relation: Any) -> Relation:
    members = [(member.type, member.ref) for member in relation.members]
    return Relation(
        tags={tag.k: tag.v for tag in relation.tags},
        ways=frozenset(ref for kind, ref in members if kind == "w"),
        nodes=frozenset(ref for kind, ref in members if kind == "n"),
    )


def _ought_to_have_surface(relation: Relation) -> bool:
    kind = relation.tags.get("type")
    return kind in ("multipolygon", "boundary") and any(key in relation.tags for key in SURFACES)
