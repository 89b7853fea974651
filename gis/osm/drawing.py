"""The features of the base map: surfaces, lines, labels, points and doors within a window around the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.osm import facilities as facility_kinds
from gis.osm import features as style
from gis.osm import styles
from gis.osm import tags as read_tags
from gis.osm.model import Address, Box, Extract, FacilityFound, Feature, Tags, Thing
from gis.osm.shapes import multipolygon

#: Surfaces that carry their name, and the kind of that label.
LABELLED = {"park": "park", "garden": "garden", "forest": "wood", "cemetery": "cemetery", "lake": "water",
            "reservoir": "water", "golf_course": "park", "nature_reserve": "park", "allotments": "garden"}  # fmt: skip
UNSIGNED = frozenset(("park",))  #: facilities that their surface and its name show already
SMALL = frozenset(("fire_hydrant", "fire_water", "fire_equipment", "waste", "drinking_water", "playground", "parking"))
DOOR_ZOOM = 16
NO_BREAK = 1e-12  #: square degrees below which an area is no area


def features(
    extract: Extract, box: Box, sea: MultiPolygon, addresses: Sequence[Address], facilities: Sequence[FacilityFound]
) -> Iterator[Feature]:
    """Every drawn thing, cut at the box."""
    window = shapely.box(*box)
    yield from _earth(window, sea)
    yield from _areas(_near(extract.areas, window), window)
    yield from _lines(_near(extract.lines, window), window)
    yield from _boundaries(extract, window)
    yield from _nodes(_near(extract.nodes, window))
    yield from (_facility(facility) for facility in facilities if facility.kind not in UNSIGNED)
    yield from (_door(address) for address in addresses)


def _near[G: BaseGeometry](things: Sequence[Thing[G]], window: BaseGeometry) -> list[Thing[G]]:
    if not things:
        return []
    shapely.prepare(window)
    hits = shapely.intersects(window, np.array([thing.geom for thing in things], dtype=object))
    return [thing for thing, hit in zip(things, hits, strict=True) if hit]


def _feature(
    layer: str,
    kind: str,
    tags: Tags,
    geom: BaseGeometry,
    *,
    zoom: int,
    rank: float = 9.0,
    marks: dict[str, object] | None = None,
) -> Feature:
    return Feature(
        layer=layer,
        kind=kind,
        name=tags.get("name"),
        names=read_tags.names(tags),
        rank=rank,
        min_zoom=zoom,
        tags=marks or {},
        geom=geom,
    )


def _earth(window: BaseGeometry, sea: MultiPolygon) -> Iterator[Feature]:
    land = multipolygon(shapely.difference(window, sea)) if not sea.is_empty else multipolygon(window)
    yield _feature("land", "earth", {}, land, zoom=0)
    if not sea.is_empty:
        yield _feature("water", "sea", {}, sea, zoom=0)


def _areas(areas: Iterable[Thing[MultiPolygon]], window: BaseGeometry) -> Iterator[Feature]:
    for thing in areas:
        if read_tags.is_building(thing.tags):
            yield _feature("building", read_tags.building_kind(thing.tags), thing.tags, thing.geom, zoom=13)
        for layer, classify in (("water", style.water), ("land", style.land)):
            if (found := classify(thing.tags)) and (geom := _cut_area(thing.geom, window)):
                yield _feature(layer, found[0], thing.tags, geom, zoom=_first_zoom(found[1], geom))
                yield from _label(thing, found[0], geom)
                break
        yield from _interest(thing, thing.geom)


def _cut_area(geom: BaseGeometry, window: BaseGeometry) -> MultiPolygon | None:
    inside = geom if window.contains(geom) else shapely.intersection(geom, window)
    whole = multipolygon(inside)
    return whole if whole.area > NO_BREAK else None


def _first_zoom(zoom: int, geom: BaseGeometry) -> int:
    """A surface smaller than a few pixels of a tile waits for the next zoom."""
    pixel = 360 / 256 / 2**zoom
    while zoom < 15 and geom.area < 9 * pixel * pixel:
        zoom, pixel = zoom + 1, pixel / 2
    return zoom


def _label(thing: Thing[MultiPolygon], kind: str, geom: BaseGeometry) -> Iterator[Feature]:
    """A name to write on a large surface, earlier the larger it is."""
    if kind in LABELLED and "name" in thing.tags:
        size = float(np.sqrt(geom.area)) * 111_000
        zoom = int(np.clip(17.5 - np.log2(max(size, 30) / 30), 11, 16))
        rank = float(np.clip(round(9 - np.log2(max(size, 30) / 30)), 3, 8))
        yield _feature("point", LABELLED[kind], thing.tags, geom.point_on_surface(), zoom=zoom, rank=rank)


def _lines(lines: Iterable[Thing[LineString]], window: BaseGeometry) -> Iterator[Feature]:
    for thing in lines:
        if found := style.line(thing.tags):
            layer, (kind, zoom) = found
            rank = float(styles.ROAD_RANK.get(kind, styles.OTHER_ROAD))
            marks = style.marks(thing.tags)
            for geom in _cut_line(thing.geom, window):
                yield _feature(layer, kind, thing.tags, geom, zoom=zoom, rank=rank, marks=marks)


def _cut_line(geom: BaseGeometry, window: BaseGeometry) -> list[BaseGeometry]:
    inside = geom if window.contains(geom) else shapely.intersection(geom, window)
    return [part for part in shapely.get_parts(inside) if part.geom_type == "LineString" and part.length > 0]


def _boundaries(extract: Extract, window: BaseGeometry) -> Iterator[Feature]:
    """Each way of a border once, as the highest border that it is part of."""
    level: dict[int, int] = {}
    for boundary in extract.boundaries:
        level |= {way: min(boundary.level, level.get(way, 99)) for way in boundary.ways}
    for line in extract.lines:
        if (found := styles.BOUNDARIES.get(level.get(line.osm_id, 0))) and line.geom.intersects(window):
            for geom in _cut_line(line.geom, window):
                yield _feature("boundary", found[0], {}, geom, zoom=found[1], marks={"admin_level": level[line.osm_id]})


def _nodes(nodes: Iterable[Thing[Point]]) -> Iterator[Feature]:
    for node in nodes:
        if (place := styles.PLACES.get(node.tags.get("place", ""))) and "name" in node.tags:
            yield _feature("place", node.tags["place"], node.tags, node.geom, zoom=place[1], rank=float(place[0]))
        else:
            yield from _interest(node, node.geom)


def _interest(thing: Thing[Any], geom: BaseGeometry) -> Iterator[Feature]:
    if facility_kinds.kind_of(thing.tags) is None and (found := style.point(thing.tags)):
        kind, rank, zoom = found
        yield _feature("point", kind, thing.tags, geom.point_on_surface(), zoom=zoom, rank=rank)


def _facility(facility: FacilityFound) -> Feature:
    return Feature(
        layer="point",
        kind=facility.kind,
        name=facility.name,
        names=facility.names,
        rank=style.facility_rank(facility.kind),
        min_zoom=15 if facility.kind in SMALL else 14,
        tags={"facility": True, "icon": facility_kinds.icons()[facility.kind]},
        geom=facility.point,
    )


def _door(address: Address) -> Feature:
    return Feature(
        layer="door",
        kind="house_number",
        name=address.number,
        names={},
        rank=0.0,
        min_zoom=DOOR_ZOOM,
        tags={"number": address.number},
        geom=address.point,
    )
