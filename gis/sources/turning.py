"""Functions of single positions, made to work on many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gis.model import Point

type Coords = NDArray[np.float64]


def turned(move: Callable[[Point], Point]) -> Callable[[Coords], Coords]:
    """`move` for coordinates (n, 2); what is not finite stays as it is."""

    def many(coords: Coords) -> Coords:
        moved = coords.copy()
        for at, (lon, lat) in enumerate(coords.tolist()):
            if np.isfinite(lon) and np.isfinite(lat):
                there = move(Point(lon, lat))
                moved[at] = there.lon, there.lat
        return moved

    return many
