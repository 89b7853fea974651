"""Which squares of the map lie where: Web Mercator, columns from the west, rows from the north."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis.store.kept import Range

type Box = tuple[float, float, float, float]  #: west, south, east, north, degrees

DEEPEST = 16
RIM = 1 / 16  #: of a tile, by which it looks beyond its edge
POLE = 85.0511287798066


def ranges(touched: Iterable[BaseGeometry | Box]) -> Iterator[Range]:
    """The squares of every zoom that show something of `touched`, each range once."""
    boxes = _boxes(list(touched))
    for z in range(DEEPEST + 1) if len(boxes) else ():
        for west, east, north, south in np.unique(_at(boxes, z, RIM), axis=0):
            yield z, int(west), int(east), int(north), int(south)


def within(shape: BaseGeometry, z: int) -> Iterator[tuple[int, int]]:
    """Columns and rows of the squares of one zoom that `shape` (WGS 84) reaches into."""
    west, east, north, south = (int(value) for value in _at(_boxes([shape]), z, 0.0)[0])
    shapely.prepare(shape)
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            if shape.intersects(shapely.box(*_bounds(z, x, y))):
                yield x, y


def _boxes(touched: Sequence[BaseGeometry | Box]) -> NDArray[Any]:
    found = [one.bounds if isinstance(one, BaseGeometry) else one for one in touched]
    boxes = np.array([box for box in found if box], dtype=float).reshape(-1, 4)
    return boxes[np.isfinite(boxes).all(axis=1)]


def _at(boxes: NDArray[Any], z: int, rim: float) -> NDArray[Any]:
    """First and last column, first and last row, per box."""
    most = 2**z - 1
    x = (boxes[:, [0, 2]] + 180) / 360 * 2**z + (-rim, rim)
    y = (1 - np.arcsinh(np.tan(np.radians(np.clip(boxes[:, [3, 1]], -POLE, POLE)))) / np.pi) / 2 * 2**z + (-rim, rim)
    return np.clip(np.floor(np.hstack([x, y])), 0, most).astype(int)


def _bounds(z: int, x: int, y: int) -> Box:
    def lat(row: int) -> float:
        return float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / 2**z)))))

    return x / 2**z * 360 - 180, lat(y + 1), (x + 1) / 2**z * 360 - 180, lat(y)
