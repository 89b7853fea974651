"""Metres for degrees: the UTM zone of a place, and the plane in which tiles are cut."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

EARTH = Geod(ellps="WGS84")
MERCATOR = 3857


def utm(lon: float, lat: float) -> int:
    """The SRID of the UTM zone (WGS 84) around a position."""
    zone = min(60, int((lon + 180) // 6) + 1)
    return (32600 if lat >= 0 else 32700) + zone


def project(geoms: Sequence[BaseGeometry], srid: int) -> list[BaseGeometry]:
    """Geometries in degrees, in the metres of `srid`."""
    return _moved(geoms, _transformer(4326, srid))


def unproject(geoms: Sequence[BaseGeometry], srid: int) -> list[BaseGeometry]:
    """Geometries in the metres of `srid`, in degrees."""
    return _moved(geoms, _transformer(srid, 4326))


def metres(line: BaseGeometry) -> float:
    """Length of a line in degrees, on the ellipsoid."""
    return float(EARTH.geometry_length(line))


def widened(box: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    """A box in degrees, larger by so many metres on every side."""
    west, south, east, north = box
    up = by / 111_320
    across = up / max(0.01, float(np.cos(np.radians((south + north) / 2))))
    return west - across, south - up, east + across, north + up


def _moved(geoms: Sequence[BaseGeometry], transformer: Transformer) -> list[BaseGeometry]:
    def move(points: Any) -> Any:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return list(shapely.transform(np.array(geoms, dtype=object), move)) if len(geoms) else []


@lru_cache(maxsize=32)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
