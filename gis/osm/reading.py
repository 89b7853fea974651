"""Read an extract with pyosmium: once for the boundary relations, once for everything that has a shape.

Objects that are broken are left out and listed with the reason; only a file that is none is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely

from gis.errors import BadExtract
from gis.model import Rejection
from gis.osm.model import Boundary, Box, Extract, Tags, Thing
from gis.osm.tags import NOT_YET, is_area, is_building, is_drive, is_walk

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
LINES = ("highway", "railway", "waterway", "aerialway", "barrier", "man_made", "route", "boundary", "natural")
SURFACES = tuple(
    "building landuse natural leisure amenity water waterway place tourism shop office emergency healthcare historic "
    "aeroway railway military man_made public_transport craft boundary highway addr:housenumber social_facility".split()
)
#: Everything that pyosmium and the operating system raise for a file that is none. InvalidLocationError is no RuntimeError.
UNREADABLE = (RuntimeError, osmium.InvalidLocationError, OSError, ValueError)


def read(file: Path) -> Extract:
    """The things of an .osm.pbf, .osm or .osm.gz file. Raises BadExtract: missing, foreign, truncated, unsorted or empty."""
    if not file.is_file():
        raise BadExtract(file=file.name, reason="missing")
    if not file.name.endswith(SUFFIXES):
        raise BadExtract(file=file.name, reason="foreign")
    found = _Collected()
    try:
        box = _box(file)
        found.relations = _relations(file)
        for thing in _everything(file):
            found.take(thing)
    except BadExtract:
        raise
    except UNREADABLE as error:
        raise BadExtract(file=file.name, reason="unreadable", detail=str(error)) from error
    return found.extract(file.name, box)


def _everything(file: Path) -> Iterator[Any]:
    tagged = osmium.filter.EmptyTagFilter().enable_for(osmium.osm.NODE | osmium.osm.AREA)
    kinds = osmium.filter.KeyFilter(*SURFACES).enable_for(osmium.osm.RELATION)
    yield from osmium.FileProcessor(str(file)).with_areas(kinds).with_filter(tagged)


def _box(file: Path) -> Box | None:
    with osmium.io.Reader(str(file), osmium.osm.NOTHING) as reader:
        header = reader.header()
        box = header.box()
    if header.has_multiple_object_versions:
        raise BadExtract(file=file.name, reason="history")
    if not box.valid():
        return None
    return (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)


@dataclass(slots=True)
class _Relation:
    tags: Tags
    ways: frozenset[int]
    nodes: frozenset[int]


def _relations(file: Path) -> dict[int, _Relation]:
    """Relations that ought to have a surface, and all administrative ones."""
    found = {}
    for relation in osmium.FileProcessor(str(file), osmium.osm.RELATION):
        tags = {tag.k: tag.v for tag in relation.tags}
        if tags.get("type") in ("multipolygon", "boundary") and any(key in tags for key in SURFACES):
            members = [(member.type, member.ref) for member in relation.members]
            found[relation.id] = _Relation(
                tags,
                frozenset(ref for kind, ref in members if kind == "w"),
                frozenset(ref for kind, ref in members if kind == "n"),
            )
    return found


@dataclass(slots=True)
class _Shapes:
    """Things whose geometry is still text, turned into shapes all at once."""

    who: list[tuple[str, int, Tags]] = field(default_factory=list)
    wkb: list[str] = field(default_factory=list)

    def add(self, osm_type: str, osm_id: int, tags: Tags, wkb: str) -> None:
        self.who.append((osm_type, osm_id, tags))
        self.wkb.append(wkb)

    def things(self) -> list[Thing]:
        shapes = shapely.from_wkb(np.array(self.wkb, dtype=object)) if self.wkb else []
        return [Thing(*who, shape) for who, shape in zip(self.who, shapes, strict=True)]


class _Collected:
    """What one reading has gathered so far."""

    def __init__(self) -> None:
        self.relations: dict[int, _Relation] = {}
        self.nodes: list[Thing] = []
        self.lines = _Shapes()
        self.areas = _Shapes()
        self.rejected: list[Rejection] = []
        self.factory = osmium.geom.WKBFactory()
        self.ways_seen: set[int] = set()
        self.awaited: dict[int, Tags] = {}  # closed ways that ought to come back as areas
        self.whole: set[tuple[str, int]] = set()

    def take(self, thing: Any) -> None:
        if thing.is_node():
            self._node(thing)
        elif thing.is_way():
            self._way(thing)
        elif thing.is_area():
            self._area(thing)

    def _node(self, node: Any) -> None:
        if node.location.valid():
            tags = {tag.k: tag.v for tag in node.tags}
            self.nodes.append(Thing("node", node.id, tags, shapely.Point(node.location.lon, node.location.lat)))
        else:
            self._reject("node", node.id, "no_position")

    def _way(self, way: Any) -> None:
        self.ways_seen.add(way.id)
        tags = {tag.k: tag.v for tag in way.tags}
        surface = is_building(tags) or any(key in tags for key in SURFACES[1:])
        closed = len(way.nodes) > 3 and way.is_closed()
        if closed and surface and is_area(tags):
            self.awaited[way.id] = tags
            if not any(key in tags for key in ("highway", "railway", "waterway", "barrier", "boundary")):
                return
        elif is_building(tags):
            self._reject("way", way.id, "unclosed" if len(way.nodes) > 1 else "no_shape", "building")
            return
        if self._wanted_line(way.id, tags):
            self._line(way, tags)

    def _wanted_line(self, way: int, tags: Tags) -> bool:
        if (highway := tags.get("highway")) and not (is_drive(highway) or is_walk(highway)):
            if highway not in NOT_YET:
                self._reject("way", way, "unknown_kind", f"highway={highway}")
            return False
        return any(key in tags for key in LINES) or way in self._boundary_ways()

    def _boundary_ways(self) -> frozenset[int]:
        if not hasattr(self, "_ways"):
            admin = (r.ways for r in self.relations.values() if r.tags.get("boundary") == "administrative")
            self._ways: frozenset[int] = frozenset().union(*admin)
        return self._ways

    def _line(self, way: Any, tags: Tags) -> None:
        try:
            self.lines.add("way", way.id, tags, self.factory.create_linestring(way))
        except osmium.InvalidLocationError:
            self._cut_line(way, tags)
        except RuntimeError as error:
            self._reject("way", way.id, "no_shape", str(error))

    def _cut_line(self, way: Any, tags: Tags) -> None:
        """A way whose nodes lie partly outside the extract: keep the longest run that is there."""
        runs: list[list[tuple[float, float]]] = [[]]
        for node in way.nodes:
            if node.location.valid():
                runs[-1].append((node.location.lon, node.location.lat))
            elif runs[-1]:
                runs.append([])
        longest = max(runs, key=len)
        self._reject("way", way.id, "missing_nodes", "cut" if len(longest) > 1 else "left out")
        if len(longest) > 1:
            self.lines.add("way", way.id, tags, shapely.LineString(longest).wkb_hex)

    def _area(self, area: Any) -> None:
        osm_type = "way" if area.from_way() else "relation"
        osm_id = area.orig_id()
        tags = {tag.k: tag.v for tag in area.tags}
        if osm_type == "way" and osm_id not in self.awaited:
            return
        self.whole.add((osm_type, osm_id))
        if any(key in tags for key in SURFACES) and is_area(tags):
            try:
                self.areas.add(osm_type, osm_id, tags, self.factory.create_multipolygon(area))
            except UNREADABLE as error:
                self._reject(osm_type, osm_id, "broken_rings", str(error))

    def _reject(self, osm_type: str, osm_id: int, reason: str, detail: str = "") -> None:
        self.rejected.append(Rejection(osm_type=osm_type, osm_id=osm_id, reason=reason, detail=detail))

    def extract(self, file: str, box: Box | None) -> Extract:
        self._reject_unfinished()
        if not self.ways_seen:
            raise BadExtract(file=file, reason="empty")
        return Extract(
            box=box,
            nodes=tuple(self.nodes),
            lines=tuple(self.lines.things()),
            areas=tuple(self._sound(self.areas.things())),
            boundaries=tuple(_boundaries(self.relations)),
            rejected=tuple(self.rejected),
        )

    def _reject_unfinished(self) -> None:
        for way, tags in self.awaited.items():
            if ("way", way) not in self.whole:
                self._reject("way", way, "broken_rings", _first(tags))
        for osm_id, relation in self.relations.items():
            if ("relation", osm_id) not in self.whole and any(key in relation.tags for key in SURFACES):
                reason = "missing_members" if relation.ways - self.ways_seen else "broken_rings"
                self._reject("relation", osm_id, reason, _first(relation.tags))

    def _sound(self, areas: list[Thing]) -> Iterator[Thing]:
        for thing in areas:
            shape = thing.geom if thing.geom.is_valid else mended(thing.geom)
            if shape.is_empty or shape.area == 0:
                self._reject(thing.osm_type, thing.osm_id, "no_area", _first(thing.tags))
            else:
                yield thing if shape is thing.geom else Thing(thing.osm_type, thing.osm_id, thing.tags, shape)


def mended(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The surfaces of a geometry that crosses itself; empty where nothing with an area is left."""
    return multipolygon(shapely.make_valid(shape, method="structure"))


def multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of any geometry as one MultiPolygon."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(shape))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
    return shapely.MultiPolygon(parts)


def _boundaries(relations: Mapping[int, _Relation]) -> Iterator[Boundary]:
    for osm_id, relation in relations.items():
        level = relation.tags.get("admin_level", "")
        if relation.tags.get("boundary") == "administrative" and level.isdigit():
            yield Boundary(
                osm_id=osm_id, level=int(level), tags=relation.tags, ways=relation.ways, nodes=relation.nodes
            )


def _first(tags: Tags) -> str:
    return next((f"{key}={tags[key]}" for key in SURFACES if key in tags), "")
