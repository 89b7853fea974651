"""From roads, water and buildings to numbered cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
import shapely
from shapely import MultiPolygon, Point, Polygon

from gis.errors import SequenceFull
from gis.grid import arrangement
from gis.grid.arrangement import UNIT, Borders, Ints, Lines
from gis.grid.finishing import cells_of, crossings
from gis.grid.load import Scale
from gis.grid.merging import Pieces, by_group, merge, sums
from gis.grid.model import Barrier, Blocks, Building, Community, Grid, Measure, Rank, Targets
from gis.grid.plane import Plane
from gis.grid.sheet import Faces, Houses, houses, linework
from gis.grid.splitting import Block, cuts
from gis.grid.wholeness import whole_buildings

type Progress = Callable[[str, float], None]

TARGET_M2 = 10_000.0  #: customary size of a cell in a built-up area
COARSER = 16  #: tries; the last one aims at cells thirty times larger


def silent(step: str, share: float) -> None:
    """Progress that nobody watches."""


def compile_grid(
    *,
    communities: Sequence[Community],
    barriers: Sequence[Barrier] = (),
    water: Sequence[Polygon | MultiPolygon] = (),
    buildings: Sequence[Building] = (),
    incidents: Sequence[Point] = (),
    target_m2: float = TARGET_M2,
    targets: Targets | None = None,
    progress: Progress = silent,
    plane: Plane | None = None,
) -> Grid:
    """Cut `communities` into cells of about `target_m2` of built-up ground, bounded by roads and water. All in metres.

    `targets` aim at something else: households, people or `incidents`, with bounds that are kept where the ground lets
    them be kept (one building is never two cells).

    Cells of one result share their vertices exactly: no gap, no overlap. No border runs through a building, but for
    those listed in `cut` with the reason. The same input gives the same grid.
    Raises BadGeometry where there is no ground to divide or a code comes twice, GridBroken where a cell falls apart.
    """
    clock = _Clock(progress)
    targets = targets or Targets(aim=target_m2)
    scale = Scale.of(targets)
    standing = houses(buildings, targets.measure, incidents)
    clock.tick("read", 0.1)
    lines = linework(communities, barriers, water)
    rough = Faces.of(lines.faces(), communities, water, standing)
    clock.tick("blocks", 0.3)
    lines = lines.adding(_cuts(rough, standing, scale), Rank.CUT)
    clock.tick("split", 0.6)
    clumps = standing.prints.clumps(standing.prints.crossed(lines.all))
    ground = Faces.of(lines.faces(arrangement.edges(clumps.polygons)), communities, water, standing)
    clock.tick("borders", 0.75)
    shared = arrangement.borders(ground.polygons)
    strength = lines.ranks(shared)
    region = whole_buildings(ground, shared, strength, clumps)
    group = _merged(ground, shared, strength, region, scale)
    clock.tick("merge", 0.9)
    cells = cells_of(ground, group, communities, standing)
    cut = crossings(cells, standing)
    clock.tick("number", 1.0)
    outside = tuple(int(i) for i in np.flatnonzero(standing.cell(cells) < 0))
    return Grid(
        cells=cells,
        cut=cut,
        outside=outside,
        target_m2=targets.aim if targets.measure is Measure.AREA else TARGET_M2,
        seconds=clock.steps,
        plane=plane,
        targets=targets,
    )


def compile_place(
    blocks: Blocks,
    *,
    target_m2: float = TARGET_M2,
    targets: Targets | None = None,
    limit: int = 999,
    progress: Progress = silent,
) -> Grid:
    """`compile_grid` for a place whose communities have room for `limit` numbers each.

    The target grows by a quarter until the fullest community fits; `targets` of the result are what they came to.
    Raises SequenceFull where even that leads nowhere.
    """
    targets = targets or Targets(aim=target_m2)
    for _ in range(COARSER):
        grid = compile_grid(
            communities=blocks.communities,
            barriers=blocks.barriers,
            water=blocks.water,
            buildings=blocks.buildings,
            incidents=blocks.incidents,
            targets=targets,
            progress=progress,
            plane=blocks.plane,
        )
        fullest, cells = Counter(cell.community for cell in grid.cells).most_common(1)[0]
        if cells <= limit:
            return grid
        most = None if targets.most is None else targets.most * 1.25
        targets = replace(targets, aim=targets.aim * 1.25, most=most)
    raise SequenceFull(community=fullest, limit=limit)


class _Clock:
    def __init__(self, progress: Progress) -> None:
        self.steps: dict[str, float] = {}
        self._progress, self._last = progress, perf_counter()

    def tick(self, step: str, share: float) -> None:
        now = perf_counter()
        self.steps[step], self._last = now - self._last, now
        self._progress(step, share)


def _cuts(ground: Faces, standing: Houses, scale: Scale) -> Lines:
    """The lines that split what is too big."""
    found: list[shapely.LineString] = []
    at = by_group(ground.house)
    tree = shapely.STRtree(standing.prints.parts)
    for i, polygon in enumerate(ground.polygons):
        inside = np.array(at.get(i, []), dtype=np.int64)
        x, y = shapely.get_coordinates(standing.spots[inside]).T
        block = Block(
            polygon=polygon,
            x=x,
            y=y,
            plots=standing.plots[inside],
            weight=standing.weight[inside],
            water=bool(ground.pieces.water[i]),
        )
        found += cuts(block, standing.prints.parts, tree, scale)
    return np.array(found, dtype=object)


def _merged(ground: Faces, shared: Borders, strength: Ints, region: Ints, scale: Scale) -> Ints:
    """The cell of each face."""
    count = int(region.max()) + 1 if len(region) else 0
    p = ground.pieces
    dry = sums(p.area * (1 - p.water), region, count)
    area = sums(p.area, region, count)
    pieces = Pieces(
        area=area,
        plots=sums(p.plots, region, count),
        weight=sums(p.weight, region, count),
        water=(dry <= 0).astype(np.int64),
    )
    a, b = region[shared.a], region[shared.b]
    open_ = (a != b) & (ground.community[shared.a] == ground.community[shared.b])
    group = merge(pieces, a[open_], b[open_], shared.mm[open_] / UNIT, strength[open_], scale)
    return group[region]
