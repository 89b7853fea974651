"""What a planner draws: splitting, merging, moving a border, giving ground to a cell. Nothing is stored here.

Every function returns the whole set after the edit and raises EditRefused where the rules do not let it be made:
`given` needs no more than what meets the box round the cells that are named, widened by `AROUND` metres.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon

from gis.errors import EditRefused
from gis.grid import arrangement
from gis.grid.editing.drawing import across, following, instead, millimetres
from gis.grid.editing.opening import AROUND, community_of, opened
from gis.grid.editing.sides import sides, unite
from gis.grid.given import Edited, Given, Key
from gis.grid.model import Barrier

__all__ = ["AROUND", "assign", "merge", "move", "split"]


def split(given: Given, key: Key, line: LineString, *, onto: Sequence[Barrier] = (), within: float = 0.0) -> Edited:
    """The cell cut along `line`. The largest part keeps the key; the others are new.

    A line that ends inside the cell is prolonged to its border. Where it runs within `within` metres of a line of
    `onto`, it follows that one. It is led around buildings. Raises EditRefused (unknown_cell, line_misses).
    """
    table = opened(given, [key])
    cell = table.number(key)
    surface = table.laid.polygons[cell]
    lines = across(_drawn(line, onto, within), surface)
    table = table.with_lines(lines)
    faces = table.work.of(cell)
    parts = sides(table.work, faces, surface, lines) if len(lines) else []
    if len(parts) < 2:
        raise EditRefused(reason="line_misses", cell=key)
    for part in parts[1:]:
        table.found(part, key)
    return table.edited([cell])


def merge(given: Given, keys: Sequence[Key]) -> Edited:
    """The cells as one, under the first of `keys`. Raises EditRefused (two_communities, apart ...)."""
    if len(set(keys)) < 2:
        raise EditRefused(reason="too_few", cells=list(keys))
    table = opened(given, keys).with_lines()
    cells = [table.number(key) for key in keys]
    community_of(table.laid, cells, keys)
    faces = sorted({face for cell in cells for face in table.work.of(cell)})
    if len(table.work.components(faces)) > 1:
        raise EditRefused(reason="apart", cells=list(keys))
    table.give(faces, cells[0])
    return table.edited(cells)


def move(
    given: Given, a: Key, b: Key, line: LineString, *, onto: Sequence[Barrier] = (), within: float = 0.0
) -> Edited:
    """The border between two neighbours where `line` says; it goes on along the old border where `line` ends on it.

    Raises EditRefused (unknown_cell, two_communities, apart, line_misses).
    """
    table = opened(given, [a, b])
    one, other = table.number(a), table.number(b)
    community_of(table.laid, [one, other], [a, b])
    both = table.laid.polygons[[one, other]]
    surface = shapely.union_all(both, grid_size=1.0)
    border = _border(both[0], both[1], _drawn(line))
    if border is None or surface.geom_type != "Polygon":
        raise EditRefused(reason="apart", cells=[a, b])
    lines = across(instead(border, _drawn(line, onto, within), surface.boundary), surface)
    table = table.with_lines(lines)
    faces = sorted({*table.work.of(one), *table.work.of(other)})
    parts = sides(table.work, faces, surface, lines) if len(lines) else []
    held = [table.share(part, one) > table.share(part, other) for part in parts]
    if len(set(held)) < 2:
        raise EditRefused(reason="line_misses", cell=a)
    for part, first in zip(parts, held, strict=True):
        table.give(part, one if first else other)
    table.whole(one, other)
    return table.edited([one, other])


def assign(given: Given, face: Polygon | MultiPolygon, key: Key) -> Edited:
    """The ground of `face` given to a cell, whosever it was, as far as the community reaches.

    A cell of which nothing is left is gone. Raises EditRefused (unknown_cell, apart, outside_community).
    """
    drawn = millimetres(face)
    table = opened(given, [key], beside=face)
    cell = table.number(key)
    lines = arrangement.edges(np.array([drawn], dtype=object))
    table = table.with_lines(lines, over=drawn)
    here = np.flatnonzero(table.work.ground == table.laid.home[cell]).tolist() if len(table.laid.grounds) else None
    faces = list(range(len(table.work.faces))) if here is None else here
    inner = np.array(shapely.point_on_surface(table.work.faces[faces]), dtype=object)
    inside = dict(zip(faces, shapely.intersects(drawn, inner).astype(int).tolist(), strict=True))
    unite(table.work, faces, inside)
    chosen = [f for f, yes in inside.items() if yes]
    if not chosen:
        raise EditRefused(reason="outside_community", cell=key)
    losing = sorted({holder for f in chosen for holder in table.work.held[f]} | {cell})
    table.give(chosen, cell)
    if len(table.work.components(table.work.of(cell))) > 1:
        raise EditRefused(reason="apart", cells=[key])
    return table.edited(losing)


def _drawn(line: LineString, onto: Sequence[Barrier] = (), within: float = 0.0) -> LineString:
    return following(millimetres(line), onto, within)


def _border(one: Polygon, other: Polygon, line: LineString) -> LineString | None:
    """The stretch of common border that `line` is nearest to."""
    shared = shapely.get_parts(shapely.intersection(one.boundary, other.boundary))
    shared = shared[shapely.get_type_id(shared) == 1]
    if not len(shared):
        return None
    pieces = shapely.get_parts(shapely.line_merge(shapely.MultiLineString([*shared])))
    nearest: LineString = min(pieces, key=lambda piece: (piece.distance(line), -piece.length))
    return nearest
