"""The features of the base map: surfaces, lines, labels, points and doors within a window around the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.osm import facilities as facility_kinds
from gis.osm import features as style
from gis.osm import styles
from gis.osm import tags as read_tags
from gis.osm.model import Address, Extract, FacilityFound, Feature, Survey, Tags
from gis.osm.shapes import multipolygon
from gis.osm.spool import Batch, Shapes

#: Surfaces that carry their name, and the kind of that label.
LABELLED = {"park": "park", "garden": "garden", "forest": "wood", "cemetery": "cemetery", "lake": "water",
            "reservoir": "water", "golf_course": "park", "nature_reserve": "park", "allotments": "garden"}  # fmt: skip
UNSIGNED = frozenset(("park",))  #: facilities that their surface and its name show already
SMALL = frozenset(("fire_hydrant", "fire_water", "fire_equipment", "waste", "drinking_water", "playground", "parking"))
DOOR_ZOOM = 16
NO_BREAK = 1e-12  #: square degrees below which an area is no area


class Drawing:
    """Draws batches of things, cut at the window of a place."""

    def __init__(self, place: Survey) -> None:
        self.window = shapely.box(*place.box)
        self.sea = place.sea
        shapely.prepare(self.window)

    def earth(self) -> Iterator[Feature]:
        whole = shapely.difference(self.window, self.sea) if not self.sea.is_empty else self.window
        yield feature("land", "earth", {}, multipolygon(whole), key="earth", zoom=0)
        if not self.sea.is_empty:
            yield feature("water", "sea", {}, self.sea, key="sea", zoom=0)

    def boundaries(self, extract: Extract) -> Iterator[Feature]:
        """Each way of a border once, as the highest border that it is part of."""
        level: dict[int, int] = {}
        for boundary in extract.boundaries:
            level |= {way: min(boundary.level, level.get(way, 99)) for way in boundary.ways}
        for line in extract.borders:
            if (found := styles.BOUNDARIES.get(level.get(line.osm_id, 0))) and line.geom.intersects(self.window):
                marks = {"admin_level": level[line.osm_id]}
                for geom in _lines(shapely.intersection(line.geom, self.window)):
                    yield feature("boundary", found[0], {}, geom, key=f"w{line.osm_id}", zoom=found[1], marks=marks)

    def points(
        self, nodes: Batch[Point], addresses: Iterable[Address], facilities: Iterable[FacilityFound]
    ) -> Iterator[Feature]:
        """Places and points of interest, then the facilities and doors among them."""
        for i in np.flatnonzero(shapely.intersects(self.window, nodes.shapes)).tolist():
            (osm_type, osm_id, tags), geom = nodes.who[i], nodes.shapes[i]
            key = key_of(osm_type, osm_id)
            if (place := styles.PLACES.get(tags.get("place", ""))) and "name" in tags:
                yield feature("place", tags["place"], tags, geom, key=key, zoom=place[1], rank=float(place[0]))
            else:
                yield from _interest(tags, geom, key)
        yield from _signs(addresses, facilities)

    def lines(self, lines: Batch[LineString]) -> Iterator[Feature]:
        """Roads, rails, ferries and streams."""
        styled = {i: found for i, (_, _, tags) in enumerate(lines.who) if (found := style.line(tags))}
        cut = self._cut(lines, list(styled))
        for i, geom in cut.items():
            layer, (kind, zoom) = styled[i]
            _, osm_id, tags = lines.who[i]
            rank, marks = float(styles.ROAD_RANK.get(kind, styles.OTHER_ROAD)), style.marks(tags)
            for part in _lines(geom):
                yield feature(layer, kind, tags, part, key=f"w{osm_id}", zoom=zoom, rank=rank, marks=marks)

    def areas(
        self,
        areas: Batch[MultiPolygon],
        points: Shapes,
        addresses: Iterable[Address],
        facilities: Iterable[FacilityFound],
    ) -> Iterator[Feature]:
        """Buildings, water, land and what is written on them, then facilities and doors among them."""
        cut = self._cut(areas, range(len(areas)))
        for i, part in cut.items():
            (osm_type, osm_id, tags), geom = areas.who[i], areas.shapes[i]
            key = key_of(osm_type, osm_id)
            if read_tags.is_building(tags):
                yield feature("building", read_tags.building_kind(tags), tags, geom, key=key, zoom=13)
            for layer, classify in (("water", style.water), ("land", style.land)):
                if found := classify(tags):
                    yield from _surface(layer, found, tags, part, geom, key)
                    break
            yield from _interest(tags, points[i], key)
        yield from _signs(addresses, facilities)

    def _cut[G: BaseGeometry](self, batch: Batch[G], which: Sequence[int]) -> Mapping[int, BaseGeometry]:
        """By index: those of a batch that touch the window, cut at its edge where they cross it."""
        index = np.asarray(which, dtype=np.intp)
        shapes = batch.shapes[index]
        touching = shapely.intersects(self.window, shapes)
        crossing = touching & ~shapely.contains_properly(self.window, shapes)
        shapes[crossing] = shapely.intersection(shapes[crossing], self.window)
        return dict(zip(index[touching].tolist(), shapes[touching], strict=True))


def key_of(osm_type: str, osm_id: int) -> str:
    """What a row of an object is called: n1, w1, r1."""
    return f"{osm_type[0]}{osm_id}"


def feature(
    layer: str,
    kind: str,
    tags: Tags,
    geom: BaseGeometry,
    *,
    key: str,
    zoom: int,
    rank: float = 9.0,
    marks: Mapping[str, object] | None = None,
) -> Feature:
    return Feature(
        key=key,
        layer=layer,
        kind=kind,
        name=tags.get("name"),
        names=read_tags.names(tags),
        rank=rank,
        min_zoom=zoom,
        tags=marks or {},
        geom=geom,
    )


def _surface(
    layer: str, found: styles.Style, tags: Tags, part: BaseGeometry, whole: BaseGeometry, key: str
) -> Iterator[Feature]:
    geom = part if part is whole else multipolygon(part)
    if geom.area > NO_BREAK:
        yield feature(layer, found[0], tags, geom, key=key, zoom=_first_zoom(found[1], geom))
        yield from _label(tags, found[0], geom, key)


def _first_zoom(zoom: int, geom: BaseGeometry) -> int:
    """A surface smaller than a few pixels of a tile waits for the next zoom."""
    pixel = 360 / 256 / 2**zoom
    while zoom < 15 and geom.area < 9 * pixel * pixel:
        zoom, pixel = zoom + 1, pixel / 2
    return zoom


def _label(tags: Tags, kind: str, geom: BaseGeometry, key: str) -> Iterator[Feature]:
    """A name to write on a large surface, earlier the larger it is."""
    if kind in LABELLED and "name" in tags:
        size = float(np.sqrt(geom.area)) * 111_000
        zoom = int(np.clip(17.5 - np.log2(max(size, 30) / 30), 11, 16))
        rank = float(np.clip(round(9 - np.log2(max(size, 30) / 30)), 3, 8))
        yield feature("point", LABELLED[kind], tags, geom.point_on_surface(), key=key, zoom=zoom, rank=rank)


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    if shape.geom_type == "LineString":
        return [shape] if shape.length > 0 else []
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString" and part.length > 0]


def _interest(tags: Tags, point: BaseGeometry, key: str) -> Iterator[Feature]:
    if (found := style.point(tags)) and facility_kinds.kind_of(tags) is None:
        kind, rank, zoom = found
        yield feature("point", kind, tags, point, key=key, zoom=zoom, rank=rank)


def _signs(addresses: Iterable[Address], facilities: Iterable[FacilityFound]) -> Iterator[Feature]:
    yield from (_facility(facility) for facility in facilities if facility.kind not in UNSIGNED)
    yield from (_door(address) for address in addresses)


def _facility(facility: FacilityFound) -> Feature:
    return Feature(
        key=key_of(facility.osm_type, facility.osm_id),
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
        key=key_of(address.osm_type, address.osm_id),
        layer="door",
        kind="house_number",
        name=address.number,
        names={},
        rank=0.0,
        min_zoom=DOOR_ZOOM,
        tags={"number": address.number},
        geom=address.point,
    )
