"""From groups of faces to numbered cells, and what remains to be said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely import Polygon

from gis.errors import GridBroken
from gis.grid import arrangement
from gis.grid.arrangement import UNIT, Ints, Polygons
from gis.grid.merging import by_group
from gis.grid.model import Community, CutBuilding, CutReason, GridCell
from gis.grid.numbering import number
from gis.grid.sheet import Faces, Houses


def cells_of(ground: Faces, group: Ints, communities: Sequence[Community], houses: Houses) -> tuple[GridCell, ...]:
    """The cells with their numbers, in the order of the communities and of the numbers."""
    rows = [_cell(ground, members, communities) for members in by_group(group).values()]
    cells: list[GridCell] = []
    for community in communities:
        own = [row for row in rows if row.community == community.code]
        numbered = zip(number([cell.polygon for cell in own]), own, strict=True)
        cells += [replace(cell, seq=seq) for seq, cell in sorted(numbered, key=lambda pair: pair[0])]
    inside = by_group(houses.cell(cells))
    return tuple(
        replace(cell, buildings=tuple(inside.get(i, [])), people=float(houses.people[inside.get(i, [])].sum()))
        for i, cell in enumerate(cells)
    )


def _cell(ground: Faces, members: list[int], communities: Sequence[Community]) -> GridCell:
    whole = shapely.get_parts(shapely.coverage_union_all(ground.polygons[members]))
    if len(whole) != 1 or not shapely.is_valid(whole[0]):
        raise GridBroken(gaps=0, overlaps=0, strays=0, reason="a cell is in parts", parts=len(whole))
    polygon = arrangement.to_metres(shapely.normalize(whole))[0]
    code = communities[int(ground.community[members[0]])].code
    return GridCell(community=code, seq=0, polygon=polygon, area_m2=polygon.area, people=0.0, buildings=())


def crossings(cells: Sequence[GridCell], houses: Houses) -> tuple[CutBuilding, ...]:
    """Buildings that a border of a cell runs through all the same."""
    polygons = arrangement.to_units([cell.polygon for cell in cells])
    border = arrangement.edges(polygons)
    found = []
    tree = shapely.STRtree(border)
    for part in houses.prints.crossed(border).tolist():
        core = houses.prints.cores[part]
        lines = border[tree.query(core, predicate="intersects")]
        metres = float(shapely.length(shapely.union_all(shapely.intersection(lines, core)))) / UNIT
        reason = _reason(core, polygons, cells)
        found.append(CutBuilding(building=int(houses.prints.owner[part]), reason=reason, metres=metres))
    return tuple(sorted(found, key=lambda cut: (cut.building, -cut.metres)))


def _reason(core: Polygon, polygons: Polygons, cells: Sequence[GridCell]) -> CutReason:
    near = np.flatnonzero(shapely.intersects(polygons, core))
    if len({cells[i].community for i in near.tolist()}) > 1:
        return CutReason.COMMUNITY
    inside = shapely.area(shapely.intersection(polygons[near], core)).sum()
    return CutReason.EDGE if inside < core.area * (1 - 1e-9) else CutReason.PARTS
