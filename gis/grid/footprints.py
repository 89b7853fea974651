"""Buildings as things that stay whole.

Footprints that overlap count as one: a border that goes round the one must not cut the other. Footprints that merely
touch stay apart, so that a border may run along a party wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grid.arrangement import Ints, Lines, Polygons, holder, parts, segments, to_units
from gis.grid.groups import joined
from gis.grid.model import Building

SKIN = 10.0  #: millimetres of a wall that a border may scratch: rounding, not cutting


@dataclass(frozen=True, kw_only=True)
class Footprints:
    """Parts in millimetres: each belongs to a building, its owner, and to a clump of overlapping parts."""

    parts: Polygons
    owner: Ints
    clump: Ints
    cores: NDArray[np.object_]  #: the parts without their skin

    def crossed(self, lines: Lines) -> Ints:
        """The parts that any of `lines` runs through, sorted."""
        if not len(lines) or not len(self.parts):
            return np.empty(0, dtype=np.int64)
        found = shapely.STRtree(self.cores).query(segments(lines)[0], predicate="intersects")
        return np.unique(found[1]).astype(np.int64)

    def clumps(self, parts_: Ints) -> Clumps:
        """The clumps that these parts are of."""
        chosen = np.unique(self.clump[parts_])
        members = np.flatnonzero(np.isin(self.clump, chosen))
        whole = [shapely.union_all(self.parts[members[self.clump[members] == c]], grid_size=1.0) for c in chosen]
        pieces, index = parts(np.array(whole, dtype=object))
        solid = shapely.get_type_id(pieces) == 3
        return Clumps(polygons=pieces[solid], number=chosen[index[solid]])


@dataclass(frozen=True, kw_only=True)
class Clumps:
    """Outlines of overlapping footprints (mm), each with the number of its clump."""

    polygons: Polygons
    number: Ints

    def holding(self, points: NDArray[np.object_]) -> Ints:
        """The clump that each point lies in; -1 for none."""
        at = holder(self.polygons, points)
        return np.where(at >= 0, self.number[at], -1) if len(self.number) else at


def footprints(buildings: Sequence[Building]) -> Footprints:
    """The footprints of `buildings` (metres); what has no surface is left out."""
    flat = to_units([building.polygon for building in buildings])
    bad = ~shapely.is_valid(flat)
    flat[bad] = shapely.make_valid(flat[bad])
    pieces, owner = parts(flat)
    solid = (shapely.get_type_id(pieces) == 3) & (shapely.area(pieces) > 0)
    pieces, owner = pieces[solid], owner[solid]
    a, b = _overlapping(pieces)
    cores = shapely.buffer(pieces, -SKIN)
    return Footprints(parts=pieces, owner=owner, clump=joined(len(pieces), a, b), cores=cores)


def _overlapping(polygons: Polygons) -> tuple[Ints, Ints]:
    a, b = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    a, b = a[a < b], b[a < b]
    inside = shapely.relate_pattern(polygons[a], polygons[b], "T********")
    return a[inside].astype(np.int64), b[inside].astype(np.int64)
