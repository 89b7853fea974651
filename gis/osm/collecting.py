"""What one reading gathers, object by object: things with a shape, and rejections for those that have none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import osmium
import shapely
from shapely.geometry import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.errors import BadExtract
from gis.model import Rejection
from gis.osm.model import Boundary, Box, Extract, Tags
from gis.osm.noting import Notes
from gis.osm.shapes import mended
from gis.osm.spool import BATCH, Batch, Shapes, Spool, Who
from gis.osm.tags import NOT_YET, is_area, is_building, is_way

LINES = ("highway", "railway", "waterway", "aerialway", "barrier", "man_made", "route", "boundary", "natural")
SURFACES = (
    "building", "landuse", "natural", "leisure", "amenity", "water", "waterway", "place", "tourism", "shop",
    "office", "emergency", "healthcare", "historic", "aeroway", "railway", "military", "man_made", "power",
    "public_transport", "craft", "boundary", "highway", "addr:housenumber", "social_facility", "industrial",
)  # fmt: skip
EITHER = ("highway", "railway", "waterway", "barrier", "boundary")  #: a closed way with these may be line and surface
#: What pyosmium and the operating system raise for a broken file. InvalidLocationError is no RuntimeError.
UNREADABLE = (RuntimeError, osmium.InvalidLocationError, OSError, ValueError, MemoryError, OverflowError, SystemError)
MOST_NODES: Final = 100_000  #: of one way: fifty times what OpenStreetMap allows
MOST_MEMBERS: Final = 100_000  #: of one relation: three times as many
FEW: Final = 20  #: ways without all their nodes that an extract may have before its order is looked at


@dataclass(frozen=True, slots=True)
class Relation:
    """An administrative relation."""

    tags: Tags
    ways: frozenset[int]
    nodes: frozenset[int]

    @property
    def level(self) -> int | None:
        """The administrative level, None where it is no administrative boundary."""
        level = self.tags.get("admin_level", "")
        return int(level) if self.tags.get("boundary") == "administrative" and level.isdecimal() else None


@dataclass(slots=True)
class _Gathered[G: BaseGeometry]:
    """Things whose geometry is still text, turned into shapes many at once."""

    spool: Spool[G]
    shaped: Callable[[list[Who], list[Any]], Batch[G]]
    who: list[Who] = field(default_factory=list)
    raw: list[Any] = field(default_factory=list)

    def add(self, who: Who, raw: Any) -> None:
        self.who.append(who)
        self.raw.append(raw)
        if len(self.who) >= BATCH:
            self.flush()

    def flush(self) -> None:
        if self.who:
            self.spool.add(self.shaped(self.who, self.raw))
            self.who, self.raw = [], []


class Collected:
    """Fed with every object of a file in its order; `extract` is what has come together."""

    def __init__(self, relations: dict[int, Relation], awaited: set[int]) -> None:
        """`relations`: the administrative ones; `awaited`: all that ought to have a surface."""
        self.relations = relations
        self.notes = Notes(
            borders=frozenset[int]().union(*(r.ways for r in relations.values())),
            labels=frozenset[int]().union(*(r.nodes for r in relations.values())),
        )
        self.nodes: _Gathered[Point] = _Gathered(Spool(), self._shaped_nodes)
        self.lines: _Gathered[LineString] = _Gathered(Spool(), self._shaped_lines)
        self.areas: _Gathered[MultiPolygon] = _Gathered(Spool(), self._shaped_areas)
        self.rejected: list[Rejection] = []
        self.factory = osmium.geom.WKBFactory()
        self.ways = 0
        self.awaited_ways: dict[int, Tags] = {}  # closed ways that ought to come back as areas
        self.awaited_relations = awaited
        self.incomplete = 0
        self._take = {osmium.osm.Node: self._node, osmium.osm.Way: self._way, osmium.osm.Area: self._area}

    def take(self, thing: Any) -> None:
        """One object of pyosmium. Raises BadExtract where a node comes after a way: its ways would all be broken."""
        if (take := self._take.get(type(thing))) is not None:
            take(thing)

    def extract(self, box: Box | None, missing: Callable[[set[int]], list[Rejection]]) -> Extract:
        """Everything that came. `missing` says what is wrong with relations that did not become surfaces."""
        for way, tags in self.awaited_ways.items():
            self._reject("way", way, "broken_rings", _first(tags))
        if self.awaited_relations:
            self.rejected += missing(self.awaited_relations)
        for gathered in (self.nodes, self.lines, self.areas):
            gathered.flush()
        return Extract(
            box=box,
            nodes=self.nodes.spool,
            lines=self.lines.spool,
            areas=self.areas.spool,
            boundaries=tuple(
                Boundary(osm_id=osm_id, level=level, tags=relation.tags, ways=relation.ways, nodes=relation.nodes)
                for osm_id, relation in self.relations.items()
                if (level := relation.level) is not None
            ),
            rejected=tuple(self.rejected),
            voters=self.notes.voters(),
            outlines=tuple(self.notes.outlines),
            borders=tuple(self.notes.lines),
            coast=tuple(self.notes.coast),
            places=tuple(self.notes.places),
            languages=self.notes.languages(),
        )

    def _node(self, node: Any) -> None:
        if self.ways:
            raise BadExtract(reason="unsorted", detail=f"node {node.id} after a way")
        at = node.location
        if at.valid():
            self.nodes.add(("node", node.id, _tags(node)), (at.lon, at.lat))
        else:
            self._reject("node", node.id, "no_position")

    def _way(self, way: Any) -> None:
        self.ways += 1
        if len(way.nodes) > MOST_NODES:
            self._reject("way", way.id, "too_long", str(len(way.nodes)))
            return
        tags = _tags(way)
        if not tags:
            if way.id in self.notes.borders:
                self._line(way, tags)
            return
        closed = len(way.nodes) > 3 and way.is_closed()
        if closed and _has_surface(tags):
            self.awaited_ways[way.id] = tags
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
        return way in self.notes.borders or any(key in tags for key in LINES)

    def _line(self, way: Any, tags: Tags) -> None:
        try:
            self.lines.add(("way", way.id, tags), self.factory.create_linestring(way))
        except (osmium.InvalidLocationError, RuntimeError) as error:
            if all(node.location.valid() for node in way.nodes):
                self._reject("way", way.id, "no_shape", str(error))
            else:
                self._cut_line(way, tags)

    def _cut_line(self, way: Any, tags: Tags) -> None:
        """A way whose nodes lie partly outside the extract: keep the runs that are there."""
        self.incomplete += 1
        runs: list[list[tuple[float, float]]] = [[]]
        for node in way.nodes:
            if node.location.valid():
                runs[-1].append((node.location.lon, node.location.lat))
            elif runs[-1]:
                runs.append([])
        kept = [LineString(run) for run in runs if len(run) > 1]
        self._reject("way", way.id, "missing_nodes", "cut" if kept else "left out")
        for line in kept:
            self.lines.add(("way", way.id, tags), str(shapely.to_wkb(line, hex=True)))

    def _area(self, area: Any) -> None:
        osm_id = area.orig_id()
        if area.from_way():
            tags = self.awaited_ways.pop(osm_id, None)
            if tags is None:
                return
            osm_type = "way"
        else:
            tags, osm_type = _tags(area), "relation"
            self.awaited_relations.discard(osm_id)
            if not _has_surface(tags):
                return
        try:
            self.areas.add((osm_type, osm_id, tags), self.factory.create_multipolygon(area))
        except UNREADABLE as error:
            self._reject(osm_type, osm_id, "broken_rings", str(error))

    def _reject(self, osm_type: str, osm_id: int, reason: str, detail: str = "") -> None:
        self.rejected.append(Rejection(osm_type=osm_type, osm_id=osm_id, reason=reason, detail=detail))

    def _shaped_nodes(self, who: list[Who], raw: list[tuple[float, float]]) -> Batch[Point]:
        batch: Batch[Point] = Batch(who, np.asarray(shapely.points(np.array(raw)), dtype=object))
        self.notes.nodes(batch)
        return batch

    def _shaped_lines(self, who: list[Who], raw: list[str]) -> Batch[LineString]:
        batch: Batch[LineString] = Batch(who, shapely.from_wkb(np.array(raw, dtype=object)))
        self.notes.ways(batch)
        return batch

    def _shaped_areas(self, who: list[Who], raw: list[str]) -> Batch[MultiPolygon]:
        shapes: Shapes = shapely.from_wkb(np.array(raw, dtype=object))
        for i in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
            shapes[i] = mended(shapes[i])
        sound = shapely.area(shapes) > 0
        for i in np.flatnonzero(~sound).tolist():
            self._reject(who[i][0], who[i][1], "no_area", _first(who[i][2]))
        batch: Batch[MultiPolygon] = Batch(who, shapes)
        if not sound.all():
            batch = batch.only(np.flatnonzero(sound).tolist())
        self.notes.areas(batch)
        return batch


def _tags(thing: Any) -> dict[str, str]:
    return {tag.k: tag.v for tag in thing.tags}


def _has_surface(tags: Tags) -> bool:
    return any(key in tags for key in SURFACES) and is_area(tags)


def _first(tags: Tags) -> str:
    return next((f"{key}={tags[key]}" for key in SURFACES if key in tags), "")
