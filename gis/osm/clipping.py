"""What of an extract lies in a place.

A building, an address or a facility belongs to the place when its point on the surface does; lines are cut at the
outline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from gis.osm.model import Thing

type Shapes = NDArray[np.object_]


def inside(clip: BaseGeometry, points: Shapes) -> NDArray[np.bool_]:
    """Which of the points lie in the place, its outline included."""
    shapely.prepare(clip)
    return np.asarray(shapely.intersects(clip, points), dtype=bool)


def placed[G: BaseGeometry](things: Iterable[Thing[G]], clip: BaseGeometry) -> list[tuple[Thing[G], Point]]:
    """Things of the place, each with a point on its surface."""
    every = list(things)
    if not every:
        return []
    points = shapely.point_on_surface(np.array([thing.geom for thing in every], dtype=object))
    return [(thing, point) for thing, point, here in zip(every, points, inside(clip, points), strict=True) if here]


def pieces(lines: Sequence[LineString], window: BaseGeometry) -> list[list[LineString]]:
    """For each line the pieces of it in a window; only those that cross its outline cost anything."""
    if not lines:
        return []
    shapely.prepare(window)
    every: Shapes = np.array(lines, dtype=object)
    whole = shapely.contains_properly(window, every)
    touching = shapely.intersects(window, every) & ~whole
    every[touching] = shapely.intersection(every[touching], window)
    every[~whole & ~touching] = LineString()
    return [_lines(shape) for shape in every]


def holding(points: Sequence[Point], shapes: Sequence[BaseGeometry]) -> list[int | None]:
    """For each point the index of a shape that holds it."""
    found: list[int | None] = [None] * len(points)
    if points and shapes:
        which, shape = shapely.STRtree(list(shapes)).query(np.array(points, dtype=object), predicate="intersects")
        for point, index in zip(which.tolist(), shape.tolist(), strict=True):
            found[point] = index
    return found


def _lines(shape: BaseGeometry) -> list[LineString]:
    parts = shapely.get_parts(shape)
    return [part for part in parts if isinstance(part, LineString) and not part.is_empty]
