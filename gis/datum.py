"""WGS 84, GCJ-02 (Amap, Tencent, Google in China) and BD-09 (Baidu). Pure.

GCJ-02 is published by nobody; the formula is the one that every open implementation uses. It has no closed inverse, so
the way back iterates until it is right within a few centimetres. The offset applies inside mainland China only.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Final

from gis.model import Point

AXIS: Final = 6378245.0  #: metres, of the ellipsoid of Krassowski
FLATNESS: Final = 0.00669342162296594323
BAIDU: Final = pi * 3000 / 180
ROUNDS: Final = 8
#: The mainland, roughly: a polygon (lon, lat) that leaves out Taiwan, Hong Kong's neighbours abroad, Korea, Mongolia.
MAINLAND: Final = (
    *((73.4, 39.4), (75.0, 37.0), (78.5, 34.0), (79.0, 31.0), (81.5, 30.1), (86.0, 27.9), (92.0, 27.7), (95.5, 28.6)),
    *((97.4, 27.8), (97.7, 24.2), (99.0, 21.9), (101.8, 21.1), (105.5, 22.8), (106.7, 21.9), (108.2, 21.4)),
    *((108.0, 17.8), (111.5, 17.8), (114.0, 21.9), (117.5, 22.8), (119.3, 24.8), (120.4, 26.6), (122.6, 29.8)),
    *((122.3, 31.9), (120.6, 34.5), (122.9, 37.1), (121.5, 38.6), (124.2, 39.8), (126.9, 41.6), (129.8, 42.4)),
    *((131.2, 42.9), (131.2, 44.8), (133.3, 45.0), (135.1, 48.4), (130.9, 48.9), (127.5, 50.0), (125.5, 53.2)),
    *((121.0, 53.4), (119.8, 50.2), (115.6, 48.0), (119.6, 46.7), (111.9, 43.8), (104.9, 41.7), (96.4, 42.8)),
    *((91.0, 45.2), (90.9, 47.0), (87.9, 49.2), (85.6, 48.1), (85.5, 47.1), (83.0, 47.2), (82.3, 45.4), (80.1, 45.0)),
    *((80.8, 43.2), (80.2, 42.1), (76.8, 41.0), (73.7, 39.9)),
)


def gcj_from_wgs(point: Point) -> Point:
    """Where a map in GCJ-02 draws a WGS 84 position; the same position outside mainland China."""
    if not in_mainland(point):
        return point
    lon, lat = _shift(point)
    return Point(point.lon + lon, point.lat + lat)


def wgs_from_gcj(point: Point) -> Point:
    """The WGS 84 position that a map in GCJ-02 draws at `point`, right within a few centimetres."""
    if not in_mainland(point):
        return point
    found = point
    for _ in range(ROUNDS):
        lon, lat = _shift(found)
        found = Point(point.lon - lon, point.lat - lat)
    return found


def gcj_from_bd(point: Point) -> Point:
    """BD-09 without what Baidu puts on top of GCJ-02."""
    found = Point(point.lon - 0.0065, point.lat - 0.006)
    for _ in range(ROUNDS):
        there = bd_from_gcj(found)
        found = Point(found.lon + point.lon - there.lon, found.lat + point.lat - there.lat)
    return found


def bd_from_gcj(point: Point) -> Point:
    """Where Baidu draws a position of GCJ-02."""
    radius = hypot(point.lon, point.lat) + 0.00002 * sin(point.lat * BAIDU)
    angle = atan2(point.lat, point.lon) + 0.000003 * cos(point.lon * BAIDU)
    return Point(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)


def wgs_from_bd(point: Point) -> Point:
    """The WGS 84 position of a BD-09 position."""
    return wgs_from_gcj(gcj_from_bd(point))


def in_mainland(point: Point) -> bool:
    """Whether a position lies where maps have the offset."""
    inside = False
    for (x1, y1), (x2, y2) in zip(MAINLAND, (*MAINLAND[1:], MAINLAND[0]), strict=True):
        if (y1 > point.lat) != (y2 > point.lat) and point.lon < (x2 - x1) * (point.lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _shift(point: Point) -> tuple[float, float]:
    """Degrees by which GCJ-02 moves a position east and north."""
    x, y = point.lon - 105.0, point.lat - 35.0
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3 + (
        160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)
    ) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3 + (
        150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)
    ) * 2 / 3
    lat = point.lat / 180 * pi
    bent = 1 - FLATNESS * sin(lat) ** 2
    return (
        east * 180 / (AXIS / sqrt(bent) * cos(lat) * pi),
        north * 180 / (AXIS * (1 - FLATNESS) / (bent * sqrt(bent)) * pi),
    )
