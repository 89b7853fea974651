"""Streets as rows of points, to tell how far something is from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.geocode.index.model import Column

STEP: Final = 4e-4  #: degrees between two points of a street at most


def drawn(streets: Sequence[int], shapes: Sequence[BaseGeometry], count: int) -> dict[str, Column]:
    """Columns line_lon, line_lat, and line_start: the points of street s are line_start[s] up to line_start[s + 1]."""
    dense = shapely.segmentize(np.array(shapes, dtype=object), STEP) if shapes else np.empty(0, object)
    points, of = shapely.get_coordinates(dense, return_index=True)
    numbers = np.array(streets, np.int64)[of] if len(of) else np.empty(0, np.int64)
    order = np.argsort(numbers, kind="stable")
    return {
        "line_start": np.searchsorted(numbers[order], np.arange(count + 1)),
        "line_lon": points[order, 0].copy(),
        "line_lat": points[order, 1].copy(),
    }
