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

from gis.grid.arrangement import Ints, Lines, Polygons, segments, to_units
from gis.grid.groups import joined
from gis.grid.model import Building

SKIN = 10.0  #: millimetres of a wall that a border may scratch: rounding, not cutting


@dataclass(frozen=True, kw_only=True)
class Footprints:
    """`parts` in millimetres; part i belongs to the building `owner[i]` and to the clump `clump[i]` of overlapping parts."""

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

    def clumps(self, parts: Ints) -> tuple[Polygons, Ints]:
        """The clumps that `parts` are of: each polygon, and the number of its clump."""
        chosen = np.unique(self.clump[parts])
        members = np.flatnonzero(np.isin(self.clump, chosen))
        whole = [shapely.union_all(self.parts[members[self.clump[members] == c]], grid_size=1.0) for c in chosen]
        pieces, index = shapely.get_parts(np.array(whole, dtype=object), return_index=True)
        solid = shapely.get_type_id(pieces) == 3
        return pieces[solid], chosen[index[solid]]


def footprints(buildings: Sequence[Building]) -> Footprints:
    """The footprints of `buildings` (metres); what has no surface is left out."""
    flat = to_units([building.polygon for building in buildings])
    bad = ~shapely.is_valid(flat)
    flat[bad] = shapely.make_valid(flat[bad])
    parts, owner = shapely.get_parts(flat, return_index=True)
    solid = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)
    parts, owner = parts[solid], owner[solid].astype(np.int64)
    a, b = _overlapping(parts)
    return Footprints(parts=parts, owner=owner, clump=joined(len(parts), a, b), cores=shapely.buffer(parts, -SKIN))


def _overlapping(parts: Polygons) -> tuple[Ints, Ints]:
    if not len(parts):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    a, b = shapely.STRtree(parts).query(parts, predicate="intersects")
    a, b = a[a < b], b[a < b]
    inside = shapely.relate_pattern(parts[a], parts[b], "T********")
    return a[inside].astype(np.int64), b[inside].astype(np.int64)
