"""From roads, water and buildings to numbered cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from gis.errors import BadGeometry, GridBroken
from gis.grid import arrangement as plane_of
from gis.grid.arrangement import UNIT, Borders, Floats, Ints, Lines, Polygons
from gis.grid.footprints import Footprints, footprints
from gis.grid.groups import Groups, joined
from gis.grid.load import Scale, plot
from gis.grid.merging import Pieces, by_group, merge, sums
from gis.grid.model import Barrier, Building, Community, CutBuilding, CutReason, Grid, GridCell, Rank
from gis.grid.numbering import number
from gis.grid.plane import Plane
from gis.grid.splitting import Block, cuts

type Progress = Callable[[str, float], None]

TARGET_M2 = 10_000.0  #: customary size of a cell in a built-up area


def compile_grid(
    *,
    communities: Sequence[Community],
    barriers: Sequence[Barrier] = (),
    water: Sequence[Polygon | MultiPolygon] = (),
    buildings: Sequence[Building] = (),
    target_m2: float = TARGET_M2,
    progress: Progress = lambda step, share: None,
    plane: Plane | None = None,
) -> Grid:
    """Cut `communities` into cells of about `target_m2` of built-up ground, bounded by roads and water. Metres throughout.

    Cells of one result share their vertices exactly: no gap, no overlap. No border runs through a building, but for
    those listed in `cut` with the reason. The same input gives the same grid.
    Raises BadGeometry where there is no ground to divide, GridBroken where the result does not hold.
    """
    clock = _Clock(progress)
    scale = Scale(target_m2=target_m2)
    houses = _houses(buildings)
    clock.tick("read", 0.1)
    lines, rank, hard = _linework(communities, barriers, water)
    rough = _Ground.of(plane_of.faces(np.concatenate([hard, lines])), communities, water, houses)
    clock.tick("blocks", 0.3)
    extra = _cuts(rough, houses, scale)
    clock.tick("split", 0.6)
    lines, rank = np.concatenate([lines, extra]), np.append(rank, np.full(len(extra), int(Rank.CUT)))
    clumps, clump = houses.prints.clumps(houses.prints.crossed(np.concatenate([plane_of.edges(rough.faces), extra])))
    around = plane_of.edges(clumps) if len(clumps) else np.empty(0, dtype=object)
    ground = _Ground.of(plane_of.faces(np.concatenate([hard, lines, around])), communities, water, houses)
    clock.tick("borders", 0.75)
    shared = plane_of.borders(ground.faces)
    strength = plane_of.ranks(shared, np.concatenate([lines, hard]), np.append(rank, np.full(len(hard), int(Rank.SHORE))))
    region = _whole_buildings(ground, shared, strength, clumps, clump)
    group = _merged(ground, shared, strength, region, scale)
    clock.tick("merge", 0.9)
    cells = _cells(ground, group, communities, houses)
    cut = _crossings(cells, houses, ground)
    clock.tick("number", 1.0)
    outside = tuple(int(i) for i in np.flatnonzero(houses.cell(cells) < 0))
    return Grid(cells=cells, cut=cut, outside=outside, target_m2=target_m2, seconds=clock.steps, plane=plane)


class _Clock:
    def __init__(self, progress: Progress) -> None:
        self.steps: dict[str, float] = {}
        self._progress, self._last = progress, perf_counter()

    def tick(self, step: str, share: float) -> None:
        now = perf_counter()
        self.steps[step], self._last = now - self._last, now
        self._progress(step, share)


@dataclass(frozen=True, kw_only=True)
class _Houses:
    """The buildings as columns: points in millimetres, plots in m²."""

    prints: Footprints
    points: NDArray[np.object_]
    plots: Floats
    people: Floats

    def cell(self, cells: Sequence[GridCell]) -> Ints:
        """The cell of each building by its point; -1 for none."""
        polygons = plane_of.to_units([cell.polygon for cell in cells])
        return plane_of.holder(polygons, self.points)


def _houses(buildings: Sequence[Building]) -> _Houses:
    prints = footprints(buildings)
    count = len(buildings)
    area = np.bincount(prints.owner, weights=shapely.area(prints.parts) / UNIT**2, minlength=count)
    points = [b.point if b.point is not None else shapely.point_on_surface(b.polygon) for b in buildings]
    people = np.array([b.people for b in buildings], dtype=float)
    return _Houses(prints=prints, points=plane_of.to_units(points), plots=plot(area), people=people)


def _linework(
    communities: Sequence[Community], barriers: Sequence[Barrier], water: Sequence[Polygon | MultiPolygon]
) -> tuple[Lines, Ints, Lines]:
    """Barriers and shores inside the place with their ranks, and the borders of the communities."""
    areas = plane_of.to_units([community.polygon for community in communities])
    if not len(areas) or not shapely.area(areas).sum() > 0:
        raise BadGeometry(what="communities", reason="empty")
    hard = plane_of.edges(areas)
    shores = plane_of.edges(plane_of.to_units(list(water))) if water else np.empty(0, dtype=object)
    lines = np.concatenate([plane_of.to_units([barrier.line for barrier in barriers]), shores])
    rank = np.append(
        np.array([int(b.rank) for b in barriers], dtype=np.int64), np.full(len(shores), int(Rank.SHORE), dtype=np.int64)
    )
    return *_near(lines, rank, areas), hard


def _near(lines: Lines, rank: Ints, areas: Polygons) -> tuple[Lines, Ints]:
    """What of `lines` lies in the place or within a metre of it."""
    if not len(lines):
        return lines, rank
    frame = shapely.box(*shapely.total_bounds(areas)).buffer(UNIT)
    place = shapely.make_valid(shapely.union_all(areas, grid_size=1.0)).buffer(UNIT, quad_segs=1)
    lines = shapely.intersection(shapely.intersection(lines, frame), place)
    pieces, index = shapely.get_parts(lines, return_index=True)
    kept = (shapely.get_type_id(pieces) == 1) & ~shapely.is_empty(pieces)
    pieces = shapely.transform(pieces[kept], np.rint)
    return pieces, rank[index[kept]]


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """Faces (mm) with what is known of each."""

    faces: Polygons
    community: Ints
    pieces: Pieces
    house: Ints  #: the face of each building; -1 outside

    @classmethod
    def of(
        cls, found: Polygons, communities: Sequence[Community], water: Sequence[Polygon | MultiPolygon], houses: _Houses
    ) -> _Ground:
        inner = shapely.point_on_surface(found)
        community = plane_of.holder(plane_of.to_units([c.polygon for c in communities]), inner)
        found, inner, community = (column[community >= 0] for column in (found, inner, community))
        wet = plane_of.holder(plane_of.to_units(list(water)), inner) >= 0
        house = plane_of.holder(found, houses.points)
        at, count = house[house >= 0], len(found)
        pieces = Pieces(
            area=shapely.area(found) / UNIT**2,
            plots=sums(houses.plots[house >= 0], at, count),
            people=sums(houses.people[house >= 0], at, count),
            water=wet.astype(np.int64),
        )
        return cls(faces=found, community=community, pieces=pieces, house=house)


def _cuts(ground: _Ground, houses: _Houses, scale: Scale) -> Lines:
    """The lines that split what is too big."""
    found: list[shapely.LineString] = []
    standing = by_group(ground.house)
    tree = shapely.STRtree(houses.prints.parts)
    for i, polygon in enumerate(ground.faces):
        inside = np.array(standing.get(i, []), dtype=np.int64)
        xy = shapely.get_coordinates(houses.points[inside])
        block = Block(
            polygon=polygon,
            x=xy[:, 0],
            y=xy[:, 1],
            plots=houses.plots[inside],
            people=houses.people[inside],
            water=bool(ground.pieces.water[i]),
        )
        found += cuts(block, houses.prints.parts, tree, scale)
    return np.array(found, dtype=object)


def _whole_buildings(ground: _Ground, shared: Borders, strength: Ints, clumps: Polygons, clump: Ints) -> Ints:
    """The region of each face: faces of one building lie in one, together with the block that has most of it.

    Faces are joined across a segment that is no line on the ground, but for those that would tie a building to a block
    on the other side of a road that it stands across.
    """
    count = len(ground.faces)
    holder = plane_of.holder(clumps, shapely.point_on_surface(ground.faces))
    owner = np.where(holder >= 0, clump[holder] if len(clump) else -1, -1)
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
    ground: _Ground, shared: Borders, free: NDArray[np.bool_], owner: Ints, block: Ints, groups: Groups
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


def _merged(ground: _Ground, shared: Borders, strength: Ints, region: Ints, scale: Scale) -> Ints:
    """The cell of each face."""
    count = int(region.max()) + 1 if len(region) else 0
    p = ground.pieces
    dry = sums(p.area * (1 - p.water), region, count)
    area = sums(p.area, region, count)
    pieces = Pieces(
        area=area,
        plots=sums(p.plots, region, count),
        people=sums(p.people, region, count),
        water=(dry <= 0).astype(np.int64),
    )
    a, b = region[shared.a], region[shared.b]
    open_ = (a != b) & (ground.community[shared.a] == ground.community[shared.b])
    group = merge(pieces, a[open_], b[open_], shared.mm[open_] / UNIT, strength[open_], scale)
    return group[region]


def _cells(ground: _Ground, group: Ints, communities: Sequence[Community], houses: _Houses) -> tuple[GridCell, ...]:
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


def _cell(ground: _Ground, members: list[int], communities: Sequence[Community]) -> GridCell:
    whole = shapely.get_parts(shapely.coverage_union_all(ground.faces[members]))
    if len(whole) != 1 or not shapely.is_valid(whole[0]):
        raise GridBroken(gaps=0, overlaps=0, strays=0, reason="a cell is in parts", parts=len(whole))
    polygon = plane_of.to_metres(shapely.normalize(whole))[0]
    code = communities[int(ground.community[members[0]])].code
    return GridCell(community=code, seq=0, polygon=polygon, area_m2=polygon.area, people=0.0, buildings=())


def _crossings(cells: Sequence[GridCell], houses: _Houses, ground: _Ground) -> tuple[CutBuilding, ...]:
    """Buildings that a border of a cell runs through all the same."""
    polygons = plane_of.to_units([cell.polygon for cell in cells])
    border = plane_of.edges(polygons)
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
    return CutReason.EDGE if inside < core.area * 0.9999 else CutReason.PARTS
