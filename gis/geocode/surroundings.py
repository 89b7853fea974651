"""What lies around a position: the nearest door, street and kilometre post, the cell and its community; each with its
distance. All of it from the index: nobody waits for a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gis.geocode.index.model import Column, Index
from gis.geocode.reversing import DEGREE, RINGS, in_squares, nearest_house
from gis.model import AreaId, CellId, Point

DOOR: Final = 500.0  #: metres within which a door says where something is
POST: Final = 2_000.0  #: and a kilometre post


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """Something with a name, its position, and how far it is."""

    label: str
    point: Point
    metres: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What is not there is None."""

    point: Point
    door: Near | None
    street: Near | None
    post: Near | None  #: a kilometre post: its line and its kilometre
    cell: CellId | None
    cell_code: str | None
    area: AreaId | None
    community: str | None


def around(index: Index, point: Point) -> Surroundings:
    """The surroundings of `point` in one district."""
    cell = _cell(index, point)
    area = None if cell is None else int(index.cell_area[cell])
    return Surroundings(
        point=point,
        door=_door(index, point),
        street=_street(index, point),
        post=_post(index, point),
        cell=None if cell is None else int(index.cell_id[cell]),
        cell_code=None if cell is None else index.texts["cell_code"][cell],
        area=area,
        community=None if cell is None else index.texts["cell_community"][cell],
    )


def _door(index: Index, point: Point) -> Near | None:
    found = nearest_house(index, point, DOOR)
    if found is None:
        return None
    row, metres = found
    there = Point(float(index.house_lon[row]), float(index.house_lat[row]))
    return Near(label=index.texts["house_label"][row], point=there, metres=round(metres, 1))


def _street(index: Index, point: Point) -> Near | None:
    """The street whose line passes nearest."""
    for ring in RINGS:
        at = in_squares(index.line_square, index.line_at, point, ring)
        if len(at):
            break
    else:
        return None
    flat = float(np.cos(np.radians(point.lat)))
    x, y, dx, dy = _segments(index, at, point, flat)
    along = np.clip(-(x * dx + y * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0, 1)
    metres = np.hypot(x + along * dx, y + along * dy)
    best = int(np.argmin(metres))
    street = int(np.searchsorted(index.line_start, at[best], side="right")) - 1
    east, north = float(x[best] + along[best] * dx[best]), float(y[best] + along[best] * dy[best])
    there = Point(point.lon + east / DEGREE / flat, point.lat + north / DEGREE)
    return Near(label=index.texts["street_name"][street], point=there, metres=round(float(metres[best]), 1))


def _segments(index: Index, at: Column, point: Point, flat: float) -> tuple[Column, Column, Column, Column]:
    """Metres from the position to the points `at`, and from each of them to the next of its piece."""
    after = np.where(index.line_ends[at], at, at + 1)
    x, y = DEGREE * flat * (index.line_lon[at] - point.lon), DEGREE * (index.line_lat[at] - point.lat)
    dx = DEGREE * flat * (index.line_lon[after] - index.line_lon[at])
    return x, y, dx, DEGREE * (index.line_lat[after] - index.line_lat[at])


def _post(index: Index, point: Point) -> Near | None:
    if not len(index.post_lon):
        return None
    flat = np.cos(np.radians(point.lat))
    metres = DEGREE * np.hypot((index.post_lon - point.lon) * flat, index.post_lat - point.lat)
    best = int(np.argmin(metres))
    if metres[best] > POST:
        return None
    there = Point(float(index.post_lon[best]), float(index.post_lat[best]))
    return Near(label=post_label(index, best), point=there, metres=round(float(metres[best]), 1))


def post_label(index: Index, row: int) -> str:
    """ "B 14 km 12.5"."""
    return f"{index.texts['post_line'][row]} km {index.post_km[row]:g}".strip()


def _cell(index: Index, point: Point) -> int | None:
    """The row of the cell in force that holds the position."""
    tree, rows = index.outlines
    found = tree.query(shapely.Point(point.lon, point.lat), predicate="intersects")
    return int(rows[int(found.min())]) if len(found) else None
