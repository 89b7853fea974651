"""Surfaces from whatever geometry comes in."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry


def multipolygon(shape: BaseGeometry) -> MultiPolygon:
    """The polygons of any geometry as one MultiPolygon; lines and points in it are dropped."""
    parts: Iterable[BaseGeometry] = shapely.get_parts(shapely.get_parts(shape))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and not part.is_empty])


def mended(shape: BaseGeometry) -> MultiPolygon:
    """The surfaces of a geometry that crosses itself; empty where nothing with an area is left."""
    return multipolygon(shapely.make_valid(shape, method="structure"))
