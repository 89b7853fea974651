"""Where the sea is: OSM draws only the coastline, with land on its left."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon

from gis.osm.model import Box
from gis.osm.shapes import multipolygon

NUDGE = 1e-6  #: degrees to the side of a coastline at which we look which face lies there


def sea(coastlines: Sequence[LineString], box: Box) -> MultiPolygon:
    """The part of the box right of the coastlines; empty where there is none, or where the coast is cut open."""
    window = shapely.box(*box)
    lines = [line for line in coastlines if line.intersects(window)]
    if not lines:
        return MultiPolygon()
    inside = [shapely.intersection(line, window) for line in lines]
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(shapely.node(_linework(window, inside))))))
    wet = [face for face in faces if _votes(face, lines) < 0]
    return multipolygon(shapely.unary_union(wet)) if wet else MultiPolygon()


def _linework(window: Polygon, lines: Sequence[shapely.Geometry]) -> shapely.Geometry:
    return shapely.unary_union([window.boundary, *lines])


def _votes(face: Polygon, lines: Sequence[LineString]) -> float:
    """Length of coast that has this face on its land side less that on its water side."""
    shapely.prepare(face)
    total = 0.0
    for line in lines:
        if line.distance(face) < NUDGE:
            for (x1, y1), (x2, y2) in zip(line.coords[:-1], line.coords[1:], strict=True):
                total += _vote(face, x1, y1, x2, y2)
    return total


def _vote(face: Polygon, x1: float, y1: float, x2: float, y2: float) -> float:
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if length == 0:
        return 0.0
    across = (-(y2 - y1) / length * NUDGE, (x2 - x1) / length * NUDGE)
    middle = ((x1 + x2) / 2, (y1 + y2) / 2)
    left = shapely.contains_xy(face, middle[0] + across[0], middle[1] + across[1])
    right = shapely.contains_xy(face, middle[0] - across[0], middle[1] - across[1])
    return float(length * (int(left) - int(right)))
