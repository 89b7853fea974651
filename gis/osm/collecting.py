"""What one reading gathers, object by object: things with a shape, and rejections for those that have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import osmium
import shapely
from shapely.geometry import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.errors import BadExtract
from gis.model import Rejection
from gis.osm.model import Boundary, Box, Extract, Tags, Thing
from gis.osm.shapes import mended
from gis.osm.tags import NOT_YET, is_area, is_building, is_way

LINES = ("highway", "railway", "waterway", "aerialway", "barrier", "man_made", "route", "boundary", "natural")
SURFACES = (
    "building", "landuse", "natural", "leisure", "amenity", "water", "waterway", "place", "tourism", "shop",
    "office", "emergency", "healthcare", "historic", "aeroway", "railway", "military", "man_made", "power",
    "public_transport", "craft", "boundary", "highway", "addr:housenumber", "social_facility", "industrial",
)  # fmt: skip
EITHER = ("highway", "railway", "waterway", "barrier", "boundary")  #: a closed way with these may be line and surface
#: What pyosmium and the operating system raise for a broken file. InvalidLocationError is no RuntimeError.
UNREADABLE = (RuntimeError, osmium.InvalidLocationError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that ought to have a surface."""

    tags: Tags
    ways: frozenset[int]
    nodes: frozenset[int]

    @property
    def level(self) -> int | None:
        """The administrative level, None where it is no administrative boundary."""
        level = self.tags.get("admin_level", "")
        return int(level) if self.tags.get("boundary") == "administrative" and level.isdigit() else None


@dataclass(slots=True)
class _Shapes[G: BaseGeometry]:
    """Things whose geometry is still text, turned into shapes all at once."""

    who: list[tuple[str, int, Tags]] = field(default_factory=list)
    wkb: list[str] = field(default_factory=list)

    def add(self, osm_type: str, osm_id: int, tags: Tags, wkb: str) -> None:
        self.who.append((osm_type, osm_id, tags))
        self.wkb.append(wkb)

    def things(self) -> list[Thing[G]]:
        shapes = shapely.from_wkb(np.array(self.wkb, dtype=object))
        return [Thing(*who, shape) for who, shape in zip(self.who, shapes, strict=True)]


class Collected:
    """Fed with every object of a file in its order; `extract` is what has come together."""

    def __init__(self, relations: dict[int, Relation]) -> None:
        self.relations = relations
        self.borders = frozenset[int]().union(*(r.ways for r in relations.values() if r.level is not None))
        self.nodes: list[Thing[Point]] = []
        self.lines: _Shapes[LineString] = _Shapes()
        self.areas: _Shapes[MultiPolygon] = _Shapes()
        self.rejected: list[Rejection] = []
        self.factory = osmium.geom.WKBFactory()
        self.ways: set[int] = set()
        self.awaited: dict[int, Tags] = {}  # closed ways that ought to come back as areas
        self.whole: set[tuple[str, int]] = set()

    def take(self, thing: Any) -> None:
        """One object of pyosmium. Raises BadExtract where a node comes after a way: its ways would all be broken."""
        if thing.is_node():
            self._node(thing)
        elif thing.is_way():
            self._way(thing)
        elif thing.is_area():
            self._area(thing)

    def extract(self, box: Box | None) -> Extract:
        """Everything that came, and what is missing of it."""
        self._reject_unfinished()
        return Extract(
            box=box,
            nodes=tuple(self.nodes),
            lines=tuple(self.lines.things()),
            areas=tuple(self._sound(self.areas.things())),
            boundaries=tuple(self._boundaries()),
            rejected=tuple(self.rejected),
        )

    def _node(self, node: Any) -> None:
        if self.ways:
            raise BadExtract(reason="unsorted")
        if node.location.valid():
            point = Point(node.location.lon, node.location.lat)
            self.nodes.append(Thing("node", node.id, _tags(node), point))
        else:
            self._reject("node", node.id, "no_position")

    def _way(self, way: Any) -> None:
        self.ways.add(way.id)
        tags = _tags(way)
        closed = len(way.nodes) > 3 and way.is_closed()
        if closed and _has_surface(tags):
            self.awaited[way.id] = tags
            if not any(key in tags for key in EITHER):
                return
        elif is_building(tags):
            self._reject("way", way.id, "unclosed" if len(way.nodes) > 1 else "no_shape", _first(tags))
            return
        if self._wanted_line(way.id, tags):
            self._line(way, tags)

    def _wanted_line(self, way: int, tags: Tags) -> bool:
        if "highway" in tags and not is_way(tags):
            if tags["highway"] not in NOT_YET:
                self._reject("way", way, "unknown_kind", f"highway={tags['highway']}")
            return False
        return way in self.borders or any(key in tags for key in LINES)

    def _line(self, way: Any, tags: Tags) -> None:
        try:
            self.lines.add("way", way.id, tags, self.factory.create_linestring(way))
        except (osmium.InvalidLocationError, RuntimeError) as error:
            if all(node.location.valid() for node in way.nodes):
                self._reject("way", way.id, "no_shape", str(error))
            else:
                self._cut_line(way, tags)

    def _cut_line(self, way: Any, tags: Tags) -> None:
        """A way whose nodes lie partly outside the extract: keep the runs that are there."""
        runs: list[list[tuple[float, float]]] = [[]]
        for node in way.nodes:
            if node.location.valid():
                runs[-1].append((node.location.lon, node.location.lat))
            elif runs[-1]:
                runs.append([])
        kept = [LineString(run) for run in runs if len(run) > 1]
        self._reject("way", way.id, "missing_nodes", "cut" if kept else "left out")
        for line in kept:
            self.lines.add("way", way.id, tags, str(shapely.to_wkb(line, hex=True)))

    def _area(self, area: Any) -> None:
        osm_type, osm_id = "way" if area.from_way() else "relation", area.orig_id()
        if osm_type == "way" and osm_id not in self.awaited:
            return
        self.whole.add((osm_type, osm_id))
        tags = _tags(area)
        if _has_surface(tags):
            try:
                self.areas.add(osm_type, osm_id, tags, self.factory.create_multipolygon(area))
            except UNREADABLE as error:
                self._reject(osm_type, osm_id, "broken_rings", str(error))

    def _reject(self, osm_type: str, osm_id: int, reason: str, detail: str = "") -> None:
        self.rejected.append(Rejection(osm_type=osm_type, osm_id=osm_id, reason=reason, detail=detail))

    def _reject_unfinished(self) -> None:
        for way, tags in self.awaited.items():
            if ("way", way) not in self.whole:
                self._reject("way", way, "broken_rings", _first(tags))
        for osm_id, relation in self.relations.items():
            if ("relation", osm_id) not in self.whole:
                reason = "missing_members" if relation.ways - self.ways else "broken_rings"
                self._reject("relation", osm_id, reason, _first(relation.tags))

    def _sound(self, areas: list[Thing[MultiPolygon]]) -> Iterator[Thing[MultiPolygon]]:
        for thing in areas:
            shape = thing.geom if thing.geom.is_valid else mended(thing.geom)
            if shape.is_empty or shape.area == 0:
                self._reject(thing.osm_type, thing.osm_id, "no_area", _first(thing.tags))
            else:
                yield replace(thing, geom=shape)

    def _boundaries(self) -> Iterator[Boundary]:
        for osm_id, relation in self.relations.items():
            if (level := relation.level) is not None:
                yield Boundary(osm_id=osm_id, level=level, tags=relation.tags, ways=relation.ways, nodes=relation.nodes)


def _tags(thing: Any) -> dict[str, str]:
    return {tag.k: tag.v for tag in thing.tags}


def _has_surface(tags: Tags) -> bool:
    return any(key in tags for key in SURFACES) and is_area(tags)


def _first(tags: Tags) -> str:
    return next((f"{key}={tags[key]}" for key in SURFACES if key in tags), "")
