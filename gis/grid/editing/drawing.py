"""Lines as a hand draws them: short of the border, beside the road, through a house. Millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from gis.grid.arrangement import UNIT, Lines
from gis.grid.model import Barrier

STEP = 2.0 * UNIT  #: how often a drawn line is compared with what it may follow
OVERSHOOT = 20.0  #: past the border, so that rounding leaves no crack; what dangles is dropped
FAR = 1e7  #: longer than any cell


def millimetres[G: BaseGeometry](line: G) -> G:
    """A drawn shape in whole millimetres."""
    return shapely.transform(line, lambda xy: np.rint(xy * UNIT))


def following(line: LineString, onto: Sequence[Barrier], within: float) -> LineString:
    """`line`, along each line of `onto` where it runs within `within` metres of it."""
    if not onto or within <= 0:
        return line
    lines = [millimetres(barrier.line) for barrier in onto]
    dots = np.array(shapely.points(shapely.get_coordinates(shapely.segmentize(line, STEP))), dtype=object)
    tree = shapely.STRtree(lines)
    at, on = tree.query_nearest(dots, max_distance=within * UNIT, all_matches=False)
    nearest = dict(zip(at.tolist(), on.tolist(), strict=True))
    xy: list[tuple[float, float]] = []
    for road, group in groupby(range(len(dots)), key=lambda n: nearest.get(n)):
        run = list(group)
        xy += _along(lines[road], dots, run) if road is not None and len(run) > 1 else _own(dots, run)
    return LineString(xy) if len(set(xy)) > 1 else line


def _along(road: LineString, dots: NDArray[np.object_], run: list[int]) -> list[tuple[float, float]]:
    """The stretch of `road` beside the first and the last of a run."""
    start, stop = road.project(dots[run[0]]), road.project(dots[run[-1]])
    piece = shapely.ops.substring(road, start, stop)
    return [(x, y) for x, y in piece.coords]


def _own(dots: NDArray[np.object_], run: list[int]) -> list[tuple[float, float]]:
    return [(dots[n].x, dots[n].y) for n in run]


def across(line: LineString, surface: BaseGeometry) -> Lines:
    """What of `line` divides `surface`: prolonged where it ends inside, a little longer than that at its ends."""
    xy = shapely.get_coordinates(line)
    if surface.contains(Point(xy[0])):
        xy = np.vstack([_exit(xy[1], xy[0], surface), xy])
    if surface.contains(Point(xy[-1])):
        xy = np.vstack([xy, _exit(xy[-2], xy[-1], surface)])
    inside = shapely.get_parts(shapely.intersection(LineString(xy), surface))
    inside = inside[~shapely.is_empty(inside)]
    merged = shapely.get_parts(shapely.line_merge(MultiLineString([*inside[shapely.get_type_id(inside) == 1]])))
    return np.array([_longer(piece) for piece in merged if piece.length > 1], dtype=object)


def _exit(before: NDArray[np.float64], end: NDArray[np.float64], surface: BaseGeometry) -> NDArray[np.float64]:
    """Where the line from `before` through `end` leaves `surface`; the nearest border where that is far nearer."""
    way = (end - before) / max(float(np.hypot(*(end - before))), 1e-9)
    ray = LineString([end, end + way * FAR])
    hits = shapely.get_coordinates(shapely.intersection(ray, surface.boundary))
    nearest: NDArray[np.float64] = shapely.get_coordinates(shapely.ops.nearest_points(surface.boundary, Point(end))[0])[
        0
    ]
    if not len(hits):
        return nearest
    straight = hits[int(np.argmin(np.hypot(*(hits - end).T)))]
    far, near = float(np.hypot(*(straight - end))), float(np.hypot(*(nearest - end)))
    chosen: NDArray[np.float64] = straight if far <= 4 * near else nearest
    return chosen


def _longer(line: LineString) -> LineString:
    xy = shapely.get_coordinates(line)
    if line.is_closed:
        return LineString(np.rint(xy))
    first = xy[0] + (xy[0] - xy[1]) / max(float(np.hypot(*(xy[0] - xy[1]))), 1e-9) * OVERSHOOT
    last = xy[-1] + (xy[-1] - xy[-2]) / max(float(np.hypot(*(xy[-1] - xy[-2]))), 1e-9) * OVERSHOOT
    return LineString(np.rint(np.vstack([first, xy[1:-1], last])))


def instead(border: LineString, line: LineString, outline: BaseGeometry) -> LineString:
    """The new border between two neighbours: `line`, going on along the old `border` where it ends nearer to that than
    to their common `outline`."""
    xy = shapely.get_coordinates(line)
    start, stop = (border.distance(Point(p)) < outline.distance(Point(p)) for p in (xy[0], xy[-1]))
    at, to = border.project(Point(xy[0])), border.project(Point(xy[-1]))
    if start and stop:
        return _bridged(border, line, at, to)
    if start:
        return LineString([*_rest(border, at, Point(xy[-1])), *xy])
    if stop:
        return LineString([*xy, *_rest(border, to, Point(xy[0]))[::-1]])
    return line


def _bridged(border: LineString, line: LineString, at: float, to: float) -> LineString:
    """`border` with what lies between `at` and `to` replaced by `line`."""
    if at > to:
        line, at, to = shapely.reverse(line), to, at
    before, after = shapely.ops.substring(border, 0, at), shapely.ops.substring(border, to, border.length)
    between = LineString(shapely.ops.substring(border, at, to).coords)
    if border.is_closed:
        rest = LineString([*after.coords, *before.coords])
        kept = between if _farther(between, rest, line) else rest
        ring = [*line.coords, *(shapely.reverse(kept) if kept is between else kept).coords]
        return LineString([*ring, ring[0]])
    return LineString([*before.coords, *line.coords, *after.coords])


def _farther(one: LineString, other: LineString, line: LineString) -> bool:
    return bool(shapely.hausdorff_distance(one, line) > shapely.hausdorff_distance(other, line))


def _rest(border: LineString, at: float, away: Point) -> list[tuple[float, ...]]:
    """The part of `border` on the side of its end that is farther from `away`, walked towards `at`."""
    ends = (Point(border.coords[0]), Point(border.coords[-1]))
    if ends[0].distance(away) >= ends[1].distance(away):
        return list(shapely.ops.substring(border, 0, at).coords)
    return list(shapely.ops.substring(border, at, border.length).coords)[::-1]
