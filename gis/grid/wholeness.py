"""Which faces belong together because a building stands on them."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.grid.arrangement import Borders, Ints
from gis.grid.footprints import Clumps
from gis.grid.groups import Groups, joined
from gis.grid.sheet import Faces


def whole_buildings(ground: Faces, shared: Borders, strength: Ints, clumps: Clumps) -> Ints:
    """The region of each face: faces of one building lie in one, together with the block that has most of it.

    Faces are joined across a segment that is no line on the ground, but for those that would tie a building to a block
    on the other side of a road that it stands across.
    """
    count = len(ground.polygons)
    owner = clumps.holding(shapely.point_on_surface(ground.polygons))
    same = ground.community[shared.a] == ground.community[shared.b]
    free = same & (strength < 0)
    block = joined(count, shared.a[free], shared.b[free])
    groups = Groups(count)
    _join(groups, shared, free & (owner[shared.a] < 0) & (owner[shared.b] < 0))
    _join(groups, shared, same & (owner[shared.a] >= 0) & (owner[shared.a] == owner[shared.b]))
    for inside, outside in _attachments(ground, shared, free, owner, block, groups):
        groups.join(inside, outside)
    return groups.dense()


def _join(groups: Groups, shared: Borders, chosen: NDArray[np.bool_]) -> None:
    for i, j in zip(shared.a[chosen].tolist(), shared.b[chosen].tolist(), strict=True):
        groups.join(i, j)


def _attachments(
    ground: Faces, shared: Borders, free: NDArray[np.bool_], owner: Ints, block: Ints, groups: Groups
) -> list[tuple[int, int]]:
    """For each building a face of it and one beside it, in the block that has most of the building."""
    share: dict[tuple[int, int], float] = {}
    for i in np.flatnonzero(owner >= 0).tolist():
        key = (groups.of(i), int(block[i]))
        share[key] = share.get(key, 0.0) + float(ground.pieces.area[i])
    best: dict[int, tuple[float, float, int, int]] = {}
    edge = free & ((owner[shared.a] >= 0) != (owner[shared.b] >= 0))
    for a, b, length in zip(shared.a[edge].tolist(), shared.b[edge].tolist(), shared.mm[edge].tolist(), strict=True):
        inside, outside = (a, b) if owner[a] >= 0 else (b, a)
        key = (groups.of(inside), int(block[inside]))
        best[key[0]] = max(best.get(key[0], (0.0, 0.0, 0, 0)), (share[key], length, -inside, -outside))
    return [(-inside, -outside) for _, _, inside, outside in best.values()]
