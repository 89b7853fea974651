"""What a planner draws: splitting, merging, moving a border, giving ground to a cell. Nothing is stored here.

Every function returns the whole set after the edit and raises EditRefused where the rules do not let it be made:
`given` needs no more than what meets the box round the cells that are named, widened by `AROUND` metres.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapely import LineString, MultiPolygon, Polygon

from gis.grid.given import Edited, Given, Key
from gis.grid.model import Barrier

__all__ = ["AROUND", "assign", "merge", "move", "split"]

AROUND = 50.0  #: metres round the cells of an edit within which everything has to be given


def split(given: Given, key: Key, line: LineString, *, onto: Sequence[Barrier] = (), within: float = 0.0) -> Edited:
    """The cell cut along `line`. The largest part keeps the key; the others are new.

    A line that ends inside the cell is prolonged to its border. Where it runs within `within` metres of a line of
    `onto`, it follows that one. It is led around buildings. Raises EditRefused (unknown_cell, line_misses).
    """
    raise NotImplementedError


def merge(given: Given, keys: Sequence[Key]) -> Edited:
    """The cells as one, under the first of `keys`. Raises EditRefused (two_communities, apart ...)."""
    raise NotImplementedError


def move(
    given: Given, a: Key, b: Key, line: LineString, *, onto: Sequence[Barrier] = (), within: float = 0.0
) -> Edited:
    """The border between two neighbours where `line` says; it goes on along the old border where `line` ends on it.

    Raises EditRefused (unknown_cell, two_communities, apart, line_misses).
    """
    raise NotImplementedError


def assign(given: Given, face: Polygon | MultiPolygon, key: Key) -> Edited:
    """The ground of `face` given to a cell, whosever it was, as far as the community reaches.

    A cell of which nothing is left is gone. Raises EditRefused (unknown_cell, apart, outside_community).
    """
    raise NotImplementedError
