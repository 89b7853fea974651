"""From an extract to the ground of one place: classed, clipped and counted, a batch at a time.

What is only drawn reaches a kilometre beyond the place, so that the map does not end at the border. What joins things
to one another (the building of an address, the pieces of a street) is left to those who store them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.osm import coast, people
from gis.osm import tags as read_tags
from gis.osm.clipping import inside, pieces
from gis.osm.drawing import Drawing
from gis.osm.facilities import kind_of
from gis.osm.hierarchy import communities
from gis.osm.landmarks import landmarks, milestones
from gis.osm.metric import project, utm, widened
from gis.osm.model import Address, Building, Community, Extent, Extract, FacilityFound, Laid, Road, Survey, Tags, Thing
from gis.osm.spool import Batch, Shapes

AROUND = 1000.0  #: metres that the base map reaches beyond the place
EVERYTHING: Final = frozenset(("buildings", "addresses", "facilities", "roads", "features", "landmarks"))


def survey(extract: Extract, extent: Extent, areas: tuple[Community, ...] | None = None) -> Survey:
    """The frame of a place. `areas`: those that stand; without them the extract's own borders are taken."""
    if areas is None:
        extent, areas = communities(extract, extent)
    box = widened(extent.clip.bounds, AROUND)
    return Survey(
        extent=extent,
        areas=areas,
        srid=utm(extent.clip.centroid.x, extent.clip.centroid.y),
        box=box,
        sea=coast.sea(extract.coast, box, _points(extract.voters) if extract.coast else ()),
    )


def lay(extract: Extract, place: Survey, layers: Collection[str] = EVERYTHING) -> Iterator[Laid]:
    """Everything of the place, in batches: what has no shape of its own, nodes, lines, then areas."""
    shapely.prepare(place.extent.clip)
    drawing = Drawing(place) if "features" in layers else None
    if drawing:
        yield Laid(features=(*drawing.earth(), *drawing.boundaries(extract)))
    for nodes in extract.nodes.batches():
        yield _laid_points(nodes, place, layers, drawing)
    for lines in extract.lines.batches():
        roads = tuple(_roads(lines, place)) if "roads" in layers else ()
        yield Laid(roads=roads, features=tuple(drawing.lines(lines)) if drawing else ())
    for areas in extract.areas.batches():
        yield _laid_areas(areas, place, layers, drawing)


def _laid_points(nodes: Batch[Point], place: Survey, layers: Collection[str], drawing: Drawing | None) -> Laid:
    clip = place.extent.clip
    addresses = tuple(_addresses(nodes, nodes.shapes, clip)) if "addresses" in layers else ()
    facilities = tuple(_facilities(nodes, nodes.shapes, clip)) if "facilities" in layers else ()
    return Laid(
        addresses=addresses,
        facilities=facilities,
        features=tuple(drawing.points(nodes, addresses, facilities)) if drawing else (),
        landmarks=landmarks(nodes, clip) if "landmarks" in layers else (),
        milestones=milestones(nodes, clip) if "landmarks" in layers else (),
    )


def _laid_areas(areas: Batch[MultiPolygon], place: Survey, layers: Collection[str], drawing: Drawing | None) -> Laid:
    clip = place.extent.clip
    points = shapely.point_on_surface(areas.shapes)
    addresses = tuple(_addresses(areas, points, clip)) if "addresses" in layers else ()
    facilities = tuple(_facilities(areas, points, clip)) if "facilities" in layers else ()
    return Laid(
        buildings=tuple(_buildings(areas, points, place)) if "buildings" in layers else (),
        addresses=addresses,
        facilities=facilities,
        features=tuple(drawing.areas(areas, points, addresses, facilities)) if drawing else (),
        squares=tuple(_squares(areas, points, clip)) if "roads" in layers else (),
        landmarks=landmarks(areas, clip) if "landmarks" in layers else (),
    )


def _within[G: BaseGeometry](
    batch: Batch[G], points: Shapes, which: list[int], clip: MultiPolygon
) -> list[tuple[Thing[G], Point]]:
    """Those of a batch whose point lies in the place, each with that point."""
    here = inside(clip, points[which]) if which else ()
    return [(Thing(*batch.who[i], batch.shapes[i]), points[i]) for i, there in zip(which, here, strict=True) if there]


def _buildings(areas: Batch[MultiPolygon], points: Shapes, place: Survey) -> Iterator[Building]:
    which = [i for i, (_, _, tags) in enumerate(areas.who) if read_tags.is_building(tags)]
    here = _within(areas, points, which, place.extent.clip)
    sizes = shapely.area(np.array(project([thing.geom for thing, _ in here], place.srid), dtype=object))
    return (_building(thing, point, float(size)) for (thing, point), size in zip(here, sizes, strict=True))


def _building(thing: Thing[MultiPolygon], point: Point, area: float) -> Building:
    kind, storeys = read_tags.building_kind(thing.tags), read_tags.levels(thing.tags)
    return Building(
        osm_type=thing.osm_type,
        osm_id=thing.osm_id,
        kind=kind,
        name=thing.tags.get("name"),
        names=read_tags.names(thing.tags),
        levels=storeys,
        people=people.estimate(kind, thing.tags, area, storeys, numbered=False),
        people_numbered=people.estimate(kind, thing.tags, area, storeys, numbered=True),
        area_m2=round(area, 2),
        geom=thing.geom,
        point=point,
    )


def _addresses[G: BaseGeometry](things: Batch[G], points: Shapes, clip: MultiPolygon) -> Iterator[Address]:
    which = [i for i, (_, _, tags) in enumerate(things.who) if tags.get("addr:housenumber")]
    return (_address(thing, point) for thing, point in _within(things, points, which, clip))


def _address(thing: Thing[BaseGeometry], point: Point) -> Address:
    tags = thing.tags
    street = tags.get("addr:street") or None
    number = tags["addr:housenumber"].strip()
    return Address(
        osm_type=thing.osm_type,
        osm_id=thing.osm_id,
        street=street,
        number=number,
        unit=tags.get("addr:unit") or tags.get("addr:flats"),
        postcode=tags.get("addr:postcode"),
        city=tags.get("addr:city"),
        names={"": street} if street else {},
        label=read_tags.label(street, number, tags.get("addr:place") or tags.get("addr:hamlet")),
        point=point,
    )


def _facilities[G: BaseGeometry](things: Batch[G], points: Shapes, clip: MultiPolygon) -> Iterator[FacilityFound]:
    kinds = {i: kind for i, (_, _, tags) in enumerate(things.who) if (kind := kind_of(tags))}
    of = {things.who[i][:2]: kind for i, kind in kinds.items()}
    for thing, point in _within(things, points, list(kinds), clip):
        yield FacilityFound(
            osm_type=thing.osm_type,
            osm_id=thing.osm_id,
            kind=of[thing.osm_type, thing.osm_id],
            name=thing.tags.get("name"),
            names=read_tags.names(thing.tags),
            tags=_without_names(thing.tags),
            point=point,
        )


def _roads(lines: Batch[LineString], place: Survey) -> Iterator[Road]:
    ways = lines.only([i for i, (_, _, tags) in enumerate(lines.who) if read_tags.is_way(tags)])
    cut = pieces(list(ways.shapes), place.extent.clip)
    parts = [(who, part) for who, here in zip(ways.who, cut, strict=True) for part in here]
    lengths = shapely.length(np.array(project([part for _, part in parts], place.srid), dtype=object))
    for ((_, osm_id, tags), part), length in zip(parts, lengths, strict=True):
        yield Road(
            osm_id=osm_id,
            highway=tags["highway"],
            name=tags.get("name"),
            names=read_tags.names(tags),
            tags=_without_names(tags),
            metres=round(float(length), 2),
            drive=read_tags.is_drive(tags["highway"]),
            walk=read_tags.is_walk(tags["highway"]),
            geom=part,
        )


def _squares(areas: Batch[MultiPolygon], points: Shapes, clip: MultiPolygon) -> Iterator[Thing[MultiPolygon]]:
    """Named squares and pedestrian areas: people live at them, though no line carries the name."""
    which = [
        i
        for i, (_, _, tags) in enumerate(areas.who)
        if tags.get("name") and (tags.get("place") == "square" or "highway" in tags)
    ]
    return (thing for thing, _ in _within(areas, points, which, clip))


def _without_names(tags: Tags) -> dict[str, str]:
    return {key: value for key, value in tags.items() if key != "name" and not key.startswith("name:")}


def _points(positions: NDArray[np.float64]) -> list[Point]:
    return [Point(lon, lat) for lon, lat in positions.tolist()]
