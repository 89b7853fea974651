"""Good grids made bad, for tests and benches: what surveyors, converters and hurried people do to cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely
from shapely import LineString, Polygon

from gis.grid import Blocks, Given, GivenCell, Grid

type Rng = np.random.Generator
type Cells = list[GivenCell]


def given_of(grid: Grid, blocks: Blocks) -> Given:
    """A compiled grid as somebody would bring it."""
    cells = tuple(
        GivenCell(
            key=f"{c.community}/{c.seq}", code=f"{c.community}{c.seq:03}", community=c.community, polygon=c.polygon
        )
        for c in grid.cells
    )
    return Given(cells=cells, communities=blocks.communities, buildings=blocks.buildings, plane=blocks.plane)


def damaged(given: Given, seed: int, kind: str, share: float = 0.2) -> Given:
    """`given` with a share of its cells damaged in one way."""
    rng = np.random.default_rng(seed)
    cells = list(given.cells)
    chosen = sorted(rng.choice(len(cells), max(1, int(len(cells) * share)), replace=False).tolist())
    return replace(given, cells=tuple(WAYS[kind](cells, chosen, rng)))


def _each(change: Callable[[Polygon, Rng], shapely.Geometry]) -> Callable[[Cells, list[int], Rng], Cells]:
    def damage(cells: Cells, chosen: list[int], rng: Rng) -> Cells:
        for i in chosen:
            if cells[i].polygon.geom_type == "Polygon" and cells[i].polygon.is_valid:  # else it is bad already
                cells[i] = replace(cells[i], polygon=change(cells[i].polygon, rng))
        return [cell for cell in cells if not cell.polygon.is_empty]

    return damage


def _jittered(polygon: Polygon, rng: Rng) -> Polygon:
    def moved(ring: shapely.LinearRing) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        xy = np.asarray(ring.coords)[:-1]
        xy = xy + rng.uniform(-0.5, 0.5, xy.shape)
        return np.vstack([xy, xy[:1]])

    return Polygon(moved(polygon.exterior), [moved(hole) for hole in polygon.interiors])


def _shifted(polygon: Polygon, rng: Rng) -> Polygon:
    offset = rng.uniform(-3, 3, 2)
    return shapely.transform(polygon, lambda xy: xy + offset)


def _cut(polygon: Polygon, rng: Rng) -> shapely.Geometry:
    west, south, east, north = polygon.bounds
    return polygon.difference(LineString([(west, south), (east, north)]).buffer(rng.uniform(0.001, 4)))


def _hairline(polygon: Polygon, _: Rng) -> shapely.Geometry:
    return polygon.buffer(-0.001, join_style="mitre")


def _wide(polygon: Polygon, rng: Rng) -> shapely.Geometry:
    return polygon.buffer(rng.uniform(0.001, 5))


def _bow_tie(polygon: Polygon, rng: Rng) -> Polygon:
    xy = np.asarray(polygon.exterior.coords)[:-1]
    i = int(rng.integers(len(xy)))
    xy[[i, i - 1]] = xy[[i - 1, i]]
    return Polygon(xy)


def _spike(polygon: Polygon, rng: Rng) -> Polygon:
    xy = np.asarray(polygon.exterior.coords)[:-1]
    i = int(rng.integers(len(xy)))
    away = xy[i] + rng.uniform(-30, 30, 2)
    return Polygon(np.insert(xy, i + 1, [away, xy[i] + rng.uniform(-0.001, 0.001, 2)], axis=0))


def _line(polygon: Polygon, _: Rng) -> LineString:
    return LineString(polygon.exterior.coords[:-1])


def _dropped(cells: Cells, chosen: list[int], _: Rng) -> Cells:
    return [cell for i, cell in enumerate(cells) if i not in chosen] or cells


def _doubled(cells: Cells, chosen: list[int], _: Rng) -> Cells:
    return cells + [replace(cells[i], key=f"{cells[i].key} again", code=None) for i in chosen]


def _coarse(cells: Cells, _: list[int], __: Rng) -> Cells:
    return [replace(cell, polygon=cell.polygon.simplify(0.5)) for cell in cells]


WAYS: dict[str, Callable[[Cells, list[int], Rng], Cells]] = {
    "jittered": _each(_jittered),
    "shifted": _each(_shifted),
    "cut": _each(_cut),
    "hairline": _each(_hairline),
    "wide": _each(_wide),
    "bow tie": _each(_bow_tie),
    "spike": _each(_spike),
    "line": _each(_line),
    "dropped": _dropped,
    "doubled": _doubled,
    "coarse": _coarse,
}
