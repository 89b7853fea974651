"""Counts of an extract, by which an import is checked: once for the whole file, once for what lies in the place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from gis.osm import tags as read_tags
from gis.osm.facilities import kind_of
from gis.osm.metric import project
from gis.osm.model import Extract, Laid
from gis.osm.spool import Batch


def of_file(extract: Extract, srid: int) -> dict[str, float]:
    """`file_...`: everything that could be read, inside the place or not. Streets are those of addresses."""
    total: Counter[str] = Counter()
    streets: set[str] = set()
    for nodes in extract.nodes.batches():
        _count_things(nodes, total, streets)
    for areas in extract.areas.batches():
        _count_things(areas, total, streets)
        total["buildings"] += sum(read_tags.is_building(tags) for _, _, tags in areas.who)
    car = foot = 0.0
    for lines in extract.lines.batches():
        car += _metres(lines, srid, [i for i, tags in _highways(lines) if read_tags.is_drive(tags)])
        foot += _metres(lines, srid, [i for i, tags in _highways(lines) if read_tags.is_walk(tags)])
    facilities = {f"file_{what}": n for what, n in sorted(total.items()) if what.startswith("facility_")}
    return {
        **{f"file_{what}": total[what] for what in ("buildings", "addresses", "addresses_with_street")},
        "file_streets": len(streets),
        "file_car_km": round(car / 1000, 1),
        "file_foot_km": round(foot / 1000, 1),
        **facilities,
    }


@dataclass(slots=True)
class Tally:
    """The same of the place, as it is laid out."""

    total: Counter[str] = field(default_factory=Counter)
    streets: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    car: float = 0.0
    foot: float = 0.0

    def add(self, laid: Laid) -> None:
        for what in ("buildings", "addresses", "facilities"):
            self.total[what] += len(getattr(laid, what))
        self.total["addresses_with_street"] += sum(address.street is not None for address in laid.addresses)
        self.total.update(f"facility_{facility.kind}" for facility in laid.facilities)
        self.streets |= {address.street for address in laid.addresses if address.street}
        self.named |= {road.name for road in laid.roads if road.name}
        self.car += sum(road.metres for road in laid.roads if road.drive)
        self.foot += sum(road.metres for road in laid.roads if road.walk)

    def counts(self) -> Mapping[str, float]:
        kinds = {what: n for what, n in sorted(self.total.items()) if what.startswith("facility_")}
        return {
            **{what: self.total[what] for what in ("buildings", "addresses", "addresses_with_street", "facilities")},
            "streets": len(self.streets),
            "named_streets": len(self.named),
            "car_km": round(self.car / 1000, 1),
            "foot_km": round(self.foot / 1000, 1),
            **kinds,
        }


def _count_things[G: BaseGeometry](batch: Batch[G], total: Counter[str], streets: set[str]) -> None:
    for _, _, tags in batch.who:
        if tags.get("addr:housenumber"):
            total["addresses"] += 1
            if "addr:street" in tags:
                total["addresses_with_street"] += 1
                streets.add(tags["addr:street"])
        if kind := kind_of(tags):
            total[f"facility_{kind}"] += 1


def _highways(lines: Batch[LineString]) -> Iterator[tuple[int, str]]:
    return ((i, tags["highway"]) for i, (_, _, tags) in enumerate(lines.who) if "highway" in tags)


def _metres(lines: Batch[LineString], srid: int, which: list[int]) -> float:
    if not which:
        return 0.0
    metric = project(list(lines.shapes[which]), srid)
    return float(np.sum(shapely.length(np.array(metric, dtype=object))))
