"""From an extract to the ground of one place: what lies in it, classed and joined.

A building, an address or a facility belongs to the place when its point on the surface does; roads are cut at the outline.
What is only drawn reaches a kilometre further, so that the map does not end at the border.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis.osm import coast, drawing, people
from gis.osm import tags as read_tags
from gis.osm.counting import of_file, of_place
from gis.osm.facilities import kind_of
from gis.osm.hierarchy import communities
from gis.osm.metric import project, utm, widened
from gis.osm.model import Address, Building, Extent, Extract, FacilityFound, Ground, Road, Street, Thing
from gis.osm.streets import grouped

AROUND = 1000.0  #: metres that the base map reaches beyond the place


def ground(extract: Extract, extent: Extent) -> Ground:
    """Everything of the place, with the counts of the file (`file_...`) and of the place."""
    extent, areas = communities(extract, extent)
    srid = utm(extent.clip.centroid.x, extent.clip.centroid.y)
    roads = _roads(extract, extent.clip, srid)
    streets = grouped(roads, _squares(extract, extent.clip), srid)
    buildings = _buildings(extract, extent.clip, srid)
    addresses = _addresses(extract, extent.clip, buildings, streets)
    buildings = _with_people(extract, buildings, addresses)
    facilities = _facilities(extract, extent.clip)
    box = widened(extent.clip.bounds, AROUND)
    sea = coast.sea([line.geom for line in extract.lines if line.tags.get("natural") == "coastline"], box)
    return Ground(
        extent=extent,
        areas=areas,
        buildings=tuple(buildings),
        addresses=tuple(addresses),
        streets=tuple(streets),
        facilities=tuple(facilities),
        roads=tuple(roads),
        features=tuple(drawing.features(extract, box, sea, addresses, facilities)),
        sea=sea,
        counts=of_file(extract, srid) | of_place(buildings, addresses, roads, facilities),
        rejected=extract.rejected,
    )


def inside(clip: BaseGeometry, points: Sequence[BaseGeometry]) -> np.ndarray:
    """Which of the points lie in the place, its outline included."""
    shapely.prepare(clip)
    return np.asarray(shapely.intersects(clip, np.array(points, dtype=object)), dtype=bool)


def _placed(things: Iterable[Thing], clip: BaseGeometry) -> list[tuple[Thing, shapely.Point]]:
    """Things of the place with a point on their surface."""
    every = list(things)
    if not every:
        return []
    points = shapely.point_on_surface(np.array([thing.geom for thing in every], dtype=object))
    return [(thing, point) for thing, point, here in zip(every, points, inside(clip, points), strict=True) if here]


def _buildings(extract: Extract, clip: MultiPolygon, srid: int) -> list[Building]:
    here = _placed((a for a in extract.areas if read_tags.is_building(a.tags)), clip)
    areas = shapely.area(np.array(project([thing.geom for thing, _ in here], srid), dtype=object))
    return [
        Building(
            osm_type=thing.osm_type,
            osm_id=thing.osm_id,
            kind=read_tags.building_kind(thing.tags),
            name=thing.tags.get("name"),
            names=read_tags.names(thing.tags),
            levels=read_tags.levels(thing.tags),
            people=0.0,
            area_m2=round(float(area), 2),
            geom=thing.geom,
            point=point,
        )
        for (thing, point), area in zip(here, areas, strict=True)
    ]


def _addresses(extract: Extract, clip: MultiPolygon, buildings: list[Building], streets: list[Street]) -> list[Address]:
    here = _placed((t for t in (*extract.nodes, *extract.areas) if t.tags.get("addr:housenumber")), clip)
    spoken = {street.name: street.names for street in streets}
    own = {(b.osm_type, b.osm_id): index for index, b in enumerate(buildings)}
    within = _containing([point for _, point in here], [b.geom for b in buildings])
    return [
        _address(thing, point, own.get((thing.osm_type, thing.osm_id), around), spoken)
        for (thing, point), around in zip(here, within, strict=True)
    ]


def _address(thing: Thing, point: shapely.Point, building: int | None, spoken: dict[str, object]) -> Address:
    tags = thing.tags
    street = tags.get("addr:street") or None
    number = tags["addr:housenumber"].strip()
    names = {"": street} | dict(spoken.get(street, {})) if street else {}  # type: ignore[call-overload]  # names of one street
    return Address(
        osm_type=thing.osm_type,
        osm_id=thing.osm_id,
        street=street,
        number=number,
        unit=tags.get("addr:unit") or tags.get("addr:flats"),
        postcode=tags.get("addr:postcode"),
        city=tags.get("addr:city"),
        names=names,
        label=read_tags.label(street, number, tags.get("addr:place") or tags.get("addr:hamlet")),
        point=point,
        building=building,
    )


def _containing(points: Sequence[BaseGeometry], shapes: Sequence[BaseGeometry]) -> list[int | None]:
    """For each point the index of a shape that holds it."""
    found: list[int | None] = [None] * len(points)
    if points and shapes:
        which, shape = shapely.STRtree(list(shapes)).query(np.array(points, dtype=object), predicate="intersects")
        for point, index in zip(which.tolist(), shape.tolist(), strict=True):
            found[point] = index
    return found


def _with_people(extract: Extract, buildings: list[Building], addresses: list[Address]) -> list[Building]:
    numbered = {address.building for address in addresses}
    tags = {(thing.osm_type, thing.osm_id): thing.tags for thing in extract.areas if read_tags.is_building(thing.tags)}
    return [
        replace(
            b,
            people=people.estimate(b.kind, tags[b.osm_type, b.osm_id], b.area_m2, b.levels, numbered=index in numbered),
        )
        for index, b in enumerate(buildings)
    ]


def _facilities(extract: Extract, clip: MultiPolygon) -> list[FacilityFound]:
    kinds = [(thing, kind) for thing in (*extract.nodes, *extract.areas) if (kind := kind_of(thing.tags))]
    named = {id(thing): kind for thing, kind in kinds}
    return [
        FacilityFound(
            osm_type=thing.osm_type,
            osm_id=thing.osm_id,
            kind=named[id(thing)],
            name=thing.tags.get("name"),
            names=read_tags.names(thing.tags),
            tags={key: value for key, value in thing.tags.items() if not key.startswith("name")},
            point=point,
        )
        for thing, point in _placed((thing for thing, _ in kinds), clip)
    ]


def _roads(extract: Extract, clip: MultiPolygon, srid: int) -> list[Road]:
    ways = [
        line
        for line in extract.lines
        if (h := line.tags.get("highway")) and (read_tags.is_drive(h) or read_tags.is_walk(h))
    ]
    pieces = [
        (way, piece)
        for way, shape in zip(ways, cut([w.geom for w in ways], clip), strict=True)
        for piece in _lines(shape)
    ]
    lengths = shapely.length(np.array(project([piece for _, piece in pieces], srid), dtype=object))
    return [
        Road(
            osm_id=way.osm_id,
            highway=way.tags["highway"],
            name=way.tags.get("name"),
            names=read_tags.names(way.tags),
            tags={key: value for key, value in way.tags.items() if not key.startswith("name")},
            metres=round(float(length), 2),
            drive=read_tags.is_drive(way.tags["highway"]),
            walk=read_tags.is_walk(way.tags["highway"]),
            geom=piece,
        )
        for (way, piece), length in zip(pieces, lengths, strict=True)
    ]


def cut(shapes: Sequence[BaseGeometry], window: BaseGeometry) -> list[BaseGeometry]:
    """Shapes cut at a window; only those that cross its outline cost anything."""
    if not shapes:
        return []
    shapely.prepare(window)
    every = np.array(shapes, dtype=object)
    whole = shapely.contains_properly(window, every)
    touching = shapely.intersects(window, every) & ~whole
    every[touching] = shapely.intersection(every[touching], window)
    every[~whole & ~touching] = shapely.LineString()
    return list(every)


def _lines(shape: BaseGeometry) -> list[shapely.LineString]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "LineString" and not part.is_empty]


def _squares(extract: Extract, clip: MultiPolygon) -> list[Thing]:
    """Named squares and pedestrian areas: people live at them, though no line carries the name."""
    wanted = (
        a for a in extract.areas if a.tags.get("name") and (a.tags.get("place") == "square" or "highway" in a.tags)
    )
    return [thing for thing, _ in _placed(wanted, clip)]


def kinds_of(facilities: Iterable[FacilityFound]) -> Counter[str]:
    return Counter(facility.kind for facility in facilities)
