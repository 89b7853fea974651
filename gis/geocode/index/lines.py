"""Streets as rows of points, to tell how far something is from them and which one is next to a position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.geocode.index.houses import square
from gis.geocode.index.model import Column

STEP: Final = 4e-4  #: degrees between two points of a street at most


def drawn(streets: Sequence[int], shapes: Sequence[BaseGeometry], count: int) -> dict[str, Column]:
    """Columns line_lon, line_lat, and line_start: the points of street s are line_start[s] up to line_start[s + 1].

    `line_ends` tells the last point of each piece; `line_square` (sorted) and `line_at`, which points a square holds.
    """
    parts, whose = shapely.get_parts(np.array(shapes, dtype=object), return_index=True)
    dense = shapely.segmentize(parts, STEP) if len(parts) else parts
    points, piece = shapely.get_coordinates(dense, return_index=True)
    numbers = np.array(streets, np.int64)[whose[piece]] if len(piece) else np.empty(0, np.int64)
    order = np.argsort(numbers, kind="stable")
    lon, lat, piece = points[order, 0].copy(), points[order, 1].copy(), piece[order]
    squares = square(lon, lat)
    by_square = np.argsort(squares, kind="stable")
    return {
        "line_start": np.searchsorted(numbers[order], np.arange(count + 1)),
        "line_lon": lon,
        "line_lat": lat,
        "line_ends": np.append(piece[1:] != piece[:-1], True)[: len(piece)],
        "line_square": squares[by_square],
        "line_at": by_square.astype(np.int32),
    }
