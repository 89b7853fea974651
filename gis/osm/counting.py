"""Counts of an extract, by which an import is checked: once for the whole file, once for what lies in the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString

from gis.osm import tags as read_tags
from gis.osm.facilities import kind_of
from gis.osm.metric import project
from gis.osm.model import Address, Building, Extract, FacilityFound, Road, Thing


def of_file(extract: Extract, srid: int) -> dict[str, float]:
    """`file_...`: everything that could be read, inside the place or not. Streets are those of addresses."""
    addressed = [t for t in (*extract.nodes, *extract.areas) if t.tags.get("addr:housenumber")]
    drive = [line for line in extract.lines if read_tags.is_drive(line.tags.get("highway", ""))]
    walk = [line for line in extract.lines if read_tags.is_walk(line.tags.get("highway", ""))]
    kinds = Counter(kind for t in (*extract.nodes, *extract.areas) if (kind := kind_of(t.tags)))
    return {
        "file_buildings": sum(read_tags.is_building(a.tags) for a in extract.areas),
        "file_addresses": len(addressed),
        "file_addresses_with_street": sum("addr:street" in t.tags for t in addressed),
        "file_streets": len({t.tags["addr:street"] for t in addressed if "addr:street" in t.tags}),
        "file_car_km": _km(drive, srid),
        "file_foot_km": _km(walk, srid),
        **{f"file_facility_{kind}": count for kind, count in sorted(kinds.items())},
    }


def of_place(
    buildings: Sequence[Building],
    addresses: Sequence[Address],
    roads: Sequence[Road],
    facilities: Sequence[FacilityFound],
) -> dict[str, float]:
    """The same of the place, as it is stored."""
    kinds = Counter(facility.kind for facility in facilities)
    return {
        "buildings": len(buildings),
        "people": round(sum(building.people for building in buildings)),
        "addresses": len(addresses),
        "addresses_with_street": sum(address.street is not None for address in addresses),
        "streets": len({address.street for address in addresses if address.street}),
        "named_streets": len({road.name for road in roads if road.name}),
        "car_km": round(sum(road.metres for road in roads if road.drive) / 1000, 1),
        "foot_km": round(sum(road.metres for road in roads if road.walk) / 1000, 1),
        "facilities": len(facilities),
        **{f"facility_{kind}": count for kind, count in sorted(kinds.items())},
    }


def _km(lines: Sequence[Thing[LineString]], srid: int) -> float:
    if not lines:
        return 0.0
    metric = project([line.geom for line in lines], srid)
    return round(float(np.sum(shapely.length(np.array(metric, dtype=object)))) / 1000, 1)
