"""The house next to a position, in an index."""

from __future__ import annotations

from typing import Final

import numpy as np

from gis.geocode.index.houses import PLACES, square
from gis.geocode.index.model import Column, Index
from gis.model import Point

DEGREE: Final = 111_320.0  #: metres of a degree of latitude
RINGS: Final = (1, 4)  #: squares around the one of the position: near first, then as far as an address is in sight


def nearest_house(index: Index, point: Point, within: float) -> tuple[int, float] | None:
    """The row of the nearest house and its distance in metres; None where there is none within `within`."""
    flat = float(np.cos(np.radians(point.lat)))
    for ring in RINGS:
        houses = in_squares(index.place_square, index.place_house, point, ring)
        if len(houses):
            east = (index.house_lon[houses] - point.lon) * flat
            metres = DEGREE * np.hypot(east, index.house_lat[houses] - point.lat)
            best = int(np.argmin(metres))
            sure = DEGREE * PLACES * ring if ring != RINGS[-1] else within
            if metres[best] <= min(sure, within):
                return int(houses[best]), float(metres[best])
    return None


def in_squares(squares: Column, rows: Column, point: Point, ring: int) -> Column:
    """The `rows`, sorted by their `squares`, of those around a position: as many to each side as make `ring` high."""
    wide = int(np.ceil(ring / max(np.cos(np.radians(point.lat)), 0.1)))
    found = []
    for row in range(-ring, ring + 1):
        lat = point.lat + row * PLACES
        first, last = square(point.lon + np.array([-wide, wide]) * PLACES, np.array([lat, lat])).tolist()
        start, stop = np.searchsorted(squares, (first, last + 1)).tolist()
        found.append(rows[start:stop])
    return np.concatenate(found)
