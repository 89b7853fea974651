"""An extract laid out whole, for tests that look at all of it at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gis.osm.counting import Tally, of_file
from gis.osm.grounding import lay, survey
from gis.osm.model import Address, Building, Community, Extent, Road, Street
from gis.osm.place import extent
from gis.osm.reading import read
from gis.osm.streets import of_name


@dataclass(frozen=True, kw_only=True)
class Whole:
    extent: Extent
    areas: tuple[Community, ...]
    buildings: list[Building]
    addresses: list[Address]
    roads: list[Road]
    streets: list[Street]
    counts: dict[str, float]


def whole(file: Path, name: str | None = None) -> Whole:
    extract = read(file)
    place = survey(extract, extent(extract, file, name))
    tally, batches = Tally(), list(lay(extract, place))
    for laid in batches:
        tally.add(laid)
    roads = [road for laid in batches for road in laid.roads]
    names = {road.name for road in roads if road.name}
    streets = [
        street
        for name in sorted(names)
        for street in of_name(name, [(r.geom, r.names) for r in roads if r.name == name], place.srid)
    ]
    return Whole(
        extent=place.extent,
        areas=place.areas,
        buildings=[building for laid in batches for building in laid.buildings],
        addresses=[address for laid in batches for address in laid.addresses],
        roads=roads,
        streets=streets,
        counts={**of_file(extract, place.srid), **tally.counts()},
    )
