"""Where streets meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.geocode.index.model import Column

NEAR: Final = 25.0  #: metres between two streets that still meet: what is drawn between them carries no name
APART: Final = 40.0  #: metres between two crossings of the same streets that make them two
DEGREE: Final = 111_320.0  #: metres of a degree of latitude


def meeting(streets: Sequence[int], shapes: Sequence[BaseGeometry]) -> tuple[Column, Column, Column]:
    """Pairs of streets (the lower number first, as low << 32 | high, sorted), and lon, lat of where they meet.

    `shapes` (degrees) are pieces of streets; several may belong to one number in `streets`.
    """
    if not shapes:
        return np.empty(0, np.int64), np.empty(0), np.empty(0)
    lat = float(np.mean([shape.bounds[1] for shape in shapes]))
    scale = np.array([DEGREE * np.cos(np.radians(lat)), DEGREE])
    metric = [shapely.transform(shape, lambda xy: xy * scale) for shape in shapes]
    one, other = shapely.STRtree(metric).query(np.array(metric, dtype=object), predicate="dwithin", distance=NEAR)
    found: dict[int, list[tuple[float, float]]] = {}
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if streets[a] < streets[b]:
            points = found.setdefault(streets[a] << 32 | streets[b], [])
            points += [point for point in _points(metric[a], metric[b]) if _new(point, points)]
    rows = [(pair, *point) for pair in sorted(found) for point in found[pair]]
    pairs = np.array([row[0] for row in rows], np.int64)
    xy = np.array([row[1:] for row in rows], np.float64).reshape(-1, 2) / scale
    return pairs, xy[:, 0].copy(), xy[:, 1].copy()


def _points(a: BaseGeometry, b: BaseGeometry) -> list[tuple[float, float]]:
    """Where two lines cross; the nearest point of the first where they only come close."""
    crossing = shapely.intersection(a, b)
    if crossing.is_empty:
        return [tuple(shapely.get_coordinates(shapely.shortest_line(a, b))[0])]
    parts = shapely.get_parts(crossing)
    return [
        tuple(shapely.get_coordinates(part.interpolate(0.5, normalized=True) if part.length else part)[0])
        for part in parts
    ]


def _new(point: tuple[float, float], points: Sequence[tuple[float, float]]) -> bool:
    return all(np.hypot(point[0] - x, point[1] - y) > APART for x, y in points)
