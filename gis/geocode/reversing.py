"""The house next to a position, in an index."""

from __future__ import annotations

from typing import Final

import numpy as np

from gis.geocode.index.houses import PLACES, square
from gis.geocode.index.model import Index
from gis.model import Point

DEGREE: Final = 111_320.0  #: metres of a degree of latitude
RINGS: Final = (1, 4)  #: squares around the one of the position: near first, then as far as an address is in sight


def nearest_house(index: Index, point: Point, within: float) -> tuple[int, float] | None:
    """The row of the nearest house and its distance in metres; None where there is none within `within`."""
    flat = float(np.cos(np.radians(point.lat)))
    for ring in RINGS:
        houses = _around(index, point, ring, 1 / max(flat, 0.1))
        if len(houses):
            east = (index.house_lon[houses] - point.lon) * flat
            metres = DEGREE * np.hypot(east, index.house_lat[houses] - point.lat)
            best = int(np.argmin(metres))
            sure = DEGREE * PLACES * ring if ring != RINGS[-1] else within
            if metres[best] <= min(sure, within):
                return int(houses[best]), float(metres[best])
    return None


def _around(index: Index, point: Point, ring: int, stretch: float) -> np.ndarray:
    """The houses in the squares around a position, row by row; degrees of longitude are shorter by `stretch`."""
    wide = int(np.ceil(ring * stretch))
    found = []
    for row in range(-ring, ring + 1):
        lat = point.lat + row * PLACES
        first, last = square(point.lon + np.array([-wide, wide]) * PLACES, np.array([lat, lat])).tolist()
        start, stop = np.searchsorted(index.place_square, (first, last + 1)).tolist()
        found.append(index.place_house[start:stop])
    return np.concatenate(found)
