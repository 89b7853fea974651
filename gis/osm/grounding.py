"""From an extract to the ground of one place: classed, clipped, joined and counted.

What is only drawn reaches a kilometre beyond the place, so that the map does not end at the border.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from gis.model import Names
from gis.osm import coast, drawing, people
from gis.osm import tags as read_tags
from gis.osm.clipping import holding, pieces, placed
from gis.osm.counting import of_file, of_place
from gis.osm.facilities import kind_of
from gis.osm.hierarchy import communities
from gis.osm.landmarks import landmarks, milestones
from gis.osm.metric import project, utm, widened
from gis.osm.model import Address, Building, Extent, Extract, FacilityFound, Ground, Road, Street, Tags, Thing
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
    coastlines = [line.geom for line in extract.lines if line.tags.get("natural") == "coastline"]
    sea = coast.sea(coastlines, box, [building.point for building in buildings])
    return Ground(
        extent=extent,
        areas=areas,
        buildings=tuple(buildings),
        addresses=tuple(addresses),
        streets=tuple(streets),
        facilities=tuple(facilities),
        roads=tuple(roads),
        features=tuple(drawing.features(extract, box, sea, addresses, facilities)),
        counts=of_file(extract, srid) | of_place(buildings, addresses, roads, facilities),
        rejected=extract.rejected,
        landmarks=landmarks(extract, extent.clip),
        milestones=milestones(extract, extent.clip),
    )


def _buildings(extract: Extract, clip: MultiPolygon, srid: int) -> list[Building]:
    here = placed((a for a in extract.areas if read_tags.is_building(a.tags)), clip)
    areas = shapely.area(np.array(project([thing.geom for thing, _ in here], srid), dtype=object))
    return [_building(thing, point, float(area)) for (thing, point), area in zip(here, areas, strict=True)]


def _building(thing: Thing[MultiPolygon], point: Point, area: float) -> Building:
    return Building(
        osm_type=thing.osm_type,
        osm_id=thing.osm_id,
        kind=read_tags.building_kind(thing.tags),
        name=thing.tags.get("name"),
        names=read_tags.names(thing.tags),
        levels=read_tags.levels(thing.tags),
        people=0.0,
        area_m2=round(area, 2),
        geom=thing.geom,
        point=point,
    )


def _with_people(extract: Extract, buildings: list[Building], addresses: list[Address]) -> list[Building]:
    """Who lives where can only be said once it is known which buildings have a number."""
    numbered = {address.building for address in addresses}
    tags = {(a.osm_type, a.osm_id): a.tags for a in extract.areas if read_tags.is_building(a.tags)}

    def peopled(index: int, b: Building) -> Building:
        said = tags[b.osm_type, b.osm_id]
        return replace(b, people=people.estimate(b.kind, said, b.area_m2, b.levels, numbered=index in numbered))

    return [peopled(index, building) for index, building in enumerate(buildings)]


def _addresses(extract: Extract, clip: MultiPolygon, buildings: list[Building], streets: list[Street]) -> list[Address]:
    things: list[Thing[BaseGeometry]] = [*extract.nodes, *extract.areas]
    here = placed((thing for thing in things if thing.tags.get("addr:housenumber")), clip)
    spoken = {street.name: street.names for street in streets}
    own = {(b.osm_type, b.osm_id): index for index, b in enumerate(buildings)}
    around = holding([point for _, point in here], [b.geom for b in buildings])
    return [
        _address(thing, point, own.get((thing.osm_type, thing.osm_id), building), spoken)
        for (thing, point), building in zip(here, around, strict=True)
    ]


def _address(thing: Thing[BaseGeometry], point: Point, building: int | None, spoken: Mapping[str, Names]) -> Address:
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
        names={"": street} | dict(spoken.get(street, {})) if street else {},
        label=read_tags.label(street, number, tags.get("addr:place") or tags.get("addr:hamlet")),
        point=point,
        building=building,
    )


def _facilities(extract: Extract, clip: MultiPolygon) -> list[FacilityFound]:
    things: list[Thing[BaseGeometry]] = [*extract.nodes, *extract.areas]
    kinds = {(thing.osm_type, thing.osm_id): kind for thing in things if (kind := kind_of(thing.tags))}
    return [
        FacilityFound(
            osm_type=thing.osm_type,
            osm_id=thing.osm_id,
            kind=kinds[thing.osm_type, thing.osm_id],
            name=thing.tags.get("name"),
            names=read_tags.names(thing.tags),
            tags=_without_names(thing.tags),
            point=point,
        )
        for thing, point in placed((t for t in things if (t.osm_type, t.osm_id) in kinds), clip)
    ]


def _roads(extract: Extract, clip: MultiPolygon, srid: int) -> list[Road]:
    ways = [line for line in extract.lines if read_tags.is_way(line.tags)]
    cut = pieces([way.geom for way in ways], clip)
    parts = [(way, part) for way, here in zip(ways, cut, strict=True) for part in here]
    lengths = shapely.length(np.array(project([part for _, part in parts], srid), dtype=object))
    return [
        Road(
            osm_id=way.osm_id,
            highway=way.tags["highway"],
            name=way.tags.get("name"),
            names=read_tags.names(way.tags),
            tags=_without_names(way.tags),
            metres=round(float(length), 2),
            drive=read_tags.is_drive(way.tags["highway"]),
            walk=read_tags.is_walk(way.tags["highway"]),
            geom=part,
        )
        for (way, part), length in zip(parts, lengths, strict=True)
    ]


def _squares(extract: Extract, clip: MultiPolygon) -> Sequence[Thing[MultiPolygon]]:
    """Named squares and pedestrian areas: people live at them, though no line carries the name."""
    named = (area for area in extract.areas if area.tags.get("name"))
    wanted = (area for area in named if area.tags.get("place") == "square" or "highway" in area.tags)
    return [thing for thing, _ in placed(wanted, clip)]


def _without_names(tags: Tags) -> dict[str, str]:
    return {key: value for key, value in tags.items() if key != "name" and not key.startswith("name:")}
