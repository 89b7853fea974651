"""Where the sea is: OSM draws only the coastline, with land on its left.

An extract cuts the coast open. Loose ends near the window are led to its edge; a face that would drown buildings is no
sea.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from gis.osm.model import Box
from gis.osm.shapes import multipolygon

NUDGE = 1e-6  #: degrees to the side of a coastline at which we look which face lies there
REACH = 0.02  #: degrees that a loose end may be from the edge of the window
DROWNED = 0.02  #: share of what is known to be dry that a sea may hold at most: boathouses and piers


def sea(coastlines: Sequence[LineString], box: Box, dry: Sequence[BaseGeometry] = ()) -> MultiPolygon:
    """The part of the box right of the coastlines; empty where there is none, or where the coast is cut open.

    `dry` are points that stand on land.
    """
    window = shapely.box(*box)
    lines = [line for line in coastlines if line.intersects(window)]
    if not lines:
        return MultiPolygon()
    inside = [shapely.intersection(line, window) for line in lines]
    linework = shapely.unary_union([window.exterior, *inside, *_led(inside, window.exterior)])
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(linework))))
    wet = [face for face in faces if _votes(face, lines) < 0 and not _drowns(face, dry)]
    return multipolygon(shapely.unary_union(wet)) if wet else MultiPolygon()


def _led(lines: Sequence[BaseGeometry], edge: LineString) -> list[LineString]:
    """Short lines from the loose ends of the coast to the edge."""
    parts = [part for part in shapely.get_parts(lines) if isinstance(part, LineString) and not part.is_empty]
    ends = Counter(end for part in parts for end in (part.coords[0], part.coords[-1]))
    loose = [Point(end) for end, times in ends.items() if times == 1]
    near = [point for point in loose if 0 < edge.distance(point) <= REACH]
    return [LineString([point, edge.interpolate(edge.project(point))]) for point in near]


def _drowns(face: Polygon, dry: Sequence[BaseGeometry]) -> bool:
    if not dry:
        return False
    shapely.prepare(face)
    return float(np.mean(shapely.contains(face, np.array(dry, dtype=object)))) > DROWNED


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
