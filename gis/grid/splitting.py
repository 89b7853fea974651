"""Straight cuts through blocks that are too big.

A cut is looked for across the long side of the block, near the place where the load on both sides is as wanted, where
it meets the least masonry. Where it meets some nevertheless, the border goes round the building afterwards, like a road
that leads through a passage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon

from gis.grid.arrangement import UNIT, Floats, Lines, Polygons, faces
from gis.grid.load import OPEN, Scale

TURNS = (0.0, 0.2, -0.2)  #: radians that a cut may lean
SHIFTS = np.linspace(-0.18, 0.18, 9)  #: share of the load that a cut may be off
OVERSHOOT = 20.0  #: millimetres past the edge, so that rounding leaves no crack; what dangles is dropped
DEEPEST = 12  #: halvings at most


@dataclass(frozen=True, kw_only=True)
class Block:
    """A face with what stands in it: points (mm), plots (m²), weight (people, households, incidents)."""

    polygon: Polygon
    x: Floats
    y: Floats
    plots: Floats
    weight: Floats
    water: bool

    def load(self, scale: Scale) -> float:
        area, plots, weight = (np.array([v]) for v in (self.area_m2, self.plots.sum(), self.weight.sum()))
        return float(scale.load(area=area, plots=plots, weight=weight, water=[self.water])[0])

    @property
    def area_m2(self) -> float:
        return float(self.polygon.area) / UNIT**2

    def part(self, polygon: Polygon) -> Block:
        """The block's share inside `polygon`."""
        shapely.prepare(polygon)
        inside = shapely.contains_xy(polygon, self.x, self.y)
        chosen = (self.x[inside], self.y[inside], self.plots[inside], self.weight[inside])
        return Block(polygon=polygon, x=chosen[0], y=chosen[1], plots=chosen[2], weight=chosen[3], water=self.water)


def cuts(block: Block, masonry: Polygons, tree: shapely.STRtree, scale: Scale, depth: int = 0) -> Iterator[LineString]:
    """Lines (mm) that split `block` into pieces of about load 1. `tree` holds `masonry`, the footprints."""
    load = block.load(scale)
    over = scale.amount(block.area_m2, float(block.weight.sum())) > scale.most
    if (load < scale.grain and not over) or depth > DEEPEST:
        return
    line = _best(block, load, masonry, tree, scale)
    pieces = [piece for piece in faces(_with(block.polygon, line)) if _inside(block.polygon, piece)]
    if len(pieces) < 2:
        return
    yield from line
    for piece in pieces:
        yield from cuts(block.part(piece), masonry, tree, scale, depth + 1)


def _best(block: Block, load: float, masonry: Polygons, tree: shapely.STRtree, scale: Scale) -> Lines:
    """The cut that meets least masonry, then is shortest and most even, as segments inside the block."""
    parts = max(2, round(load))
    share = parts // 2 / parts
    candidates, uneven = _candidates(block, share, scale)
    inside = shapely.intersection(candidates, block.polygon)
    length = shapely.length(inside)
    cost = length * (1 + 4 * uneven) + 8 * _masonry(inside, masonry, tree) + np.where(length > 0, 0, np.inf)
    pieces = shapely.get_parts(inside[int(np.argmin(cost))])
    return _longer(pieces[shapely.get_type_id(pieces) == 1])


def _candidates(block: Block, share: float, scale: Scale) -> tuple[Lines, Floats]:
    """Lines across the long side of `block` around the quantile `share` of its load, and how far off they are."""
    x, y, weight = _samples(block, scale)
    along = _long_side(block.polygon)
    reach = np.hypot(*(np.ptp(np.asarray(block.polygon.bounds).reshape(2, 2), axis=0)))
    lines, uneven = [], []
    for turn in TURNS:
        u = np.array([np.cos(along + turn), np.sin(along + turn)])
        t = x * u[0] + y * u[1]
        order = np.argsort(t, kind="stable")
        level = np.cumsum(weight[order]) / weight.sum()
        for shift in SHIFTS:
            at = t[order][min(int(np.searchsorted(level, share + shift)), len(t) - 1)]
            middle = u * at + np.array([-u[1], u[0]]) * float(np.mean(y * u[0] - x * u[1]))
            lines.append([middle + np.array([-u[1], u[0]]) * reach * side for side in (-1.5, 1.5)])
            uneven.append(abs(shift))
    return np.asarray(shapely.linestrings(np.array(lines)), dtype=object), np.array(uneven)


def _samples(block: Block, scale: Scale) -> tuple[Floats, Floats, Floats]:
    """Where the load of a block lies: its buildings, and some 400 points of its ground."""
    west, south, east, north = block.polygon.bounds
    step = max(np.sqrt((east - west) * (north - south) / 400), 1.0)
    x, y = (
        v.ravel() for v in np.meshgrid(np.arange(west, east, step) + step / 2, np.arange(south, north, step) + step / 2)
    )
    shapely.prepare(block.polygon)
    inside = shapely.contains_xy(block.polygon, x, y)
    x, y = x[inside], y[inside]
    if not len(x) + len(block.x):
        middle = block.polygon.representative_point()
        x, y = np.array([middle.x]), np.array([middle.y])
    built = min(float(block.plots.sum()), block.area_m2) if scale.built else 0.0
    ground = np.full(len(x), max(block.area_m2 - built, 1.0) / OPEN / max(len(x), 1))
    weight = block.weight / scale.weight * scale.target_m2
    claims = np.maximum(block.plots, weight) if scale.built else weight
    return np.append(x, block.x), np.append(y, block.y), np.append(ground, claims)


def _masonry(lines: Lines, masonry: Polygons, tree: shapely.STRtree) -> Floats:
    """Millimetres of each line that lie in buildings."""
    line, part = tree.query(lines, predicate="intersects")
    inside = shapely.length(shapely.intersection(lines[line], masonry[part]))
    return np.bincount(line, weights=inside, minlength=len(lines))


def _long_side(polygon: Polygon) -> float:
    """The direction of the longer side of the smallest rectangle round `polygon`, radians."""
    corners = shapely.get_coordinates(polygon.minimum_rotated_rectangle)
    if len(corners) < 4:
        return 0.0
    sides = np.diff(corners[:3], axis=0)
    longer = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    return float(np.arctan2(longer[1], longer[0]) % np.pi)


def _longer(lines: Lines) -> Lines:
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    way = ends[:, 1] - ends[:, 0]
    way = way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None] * OVERSHOOT
    longer = np.rint(np.stack([ends[:, 0] - way, ends[:, 1] + way], axis=1))
    return np.asarray(shapely.linestrings(longer), dtype=object)


def _with(polygon: Polygon, lines: Lines) -> Lines:
    return np.concatenate([shapely.get_parts(shapely.boundary(polygon)), lines])


def _inside(polygon: Polygon, piece: Polygon) -> bool:
    return bool(shapely.contains(polygon, piece.representative_point()))
