"""The neighbourhood of an edit, on the table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import EditRefused
from gis.grid import arrangement
from gis.grid.arrangement import Lines
from gis.grid.checking import check
from gis.grid.editing.sides import connected
from gis.grid.given import Edited, Given, Key, Kind
from gis.grid.laying import EDGE, Laid, lay, narrow
from gis.grid.patchwork import Patchwork, clumps_of, patchwork
from gis.grid.rebuilding import Fresh, another, rebuilt

AROUND = 50.0  #: metres round the cells of an edit within which everything has to be given
NAMES = (Kind.NO_CODE, Kind.BAD_CODE, Kind.CODE_TWICE, Kind.CODE_REUSED)
NOTHING: Lines = np.empty(0, dtype=object)


@dataclass(frozen=True, kw_only=True)
class Table:
    """What an edit works on."""

    given: Given
    laid: Laid
    parts: Patchwork | None = None
    crossed: tuple[int, ...] = ()  #: buildings that the drawn line runs through
    fresh: list[Fresh] = field(default_factory=list)

    @property
    def work(self) -> Patchwork:
        if self.parts is None:
            raise ValueError("with_lines comes first")
        return self.parts

    def with_lines(self, lines: Lines = NOTHING, *, over: BaseGeometry | None = None) -> Table:
        """With the neighbourhood as faces between its borders, `lines`, and the buildings that these run through.

        The outlines of communities are among them where ground of `over` is in no cell.
        """
        clumps = clumps_of(self.laid, lines) if len(lines) else None
        more = _outlines(self.laid, over) if over is not None else NOTHING
        work = patchwork(self.laid, self.laid.polygons, lines, more, clumps=clumps)
        return replace(self, parts=work, crossed=_crossed(self.laid, lines))

    def number(self, key: Key) -> int:
        """The place of a cell. Raises EditRefused."""
        for i, cell in enumerate(self.laid.cells):
            if cell.key == key:
                return i
        raise EditRefused(reason="unknown_cell", cell=key)

    def give(self, faces: Iterable[int], cell: int) -> None:
        """`faces` are the cell's alone."""
        for face in faces:
            self.work.held[face] = {cell}

    def found(self, faces: Sequence[int], like: Key) -> None:
        """A new cell on `faces`, in the community of the cell that they are from."""
        known = {cell.key for cell in self.given.cells} | {f.key for f in self.fresh}
        number = len(self.laid.cells) + len(self.fresh)
        community = self.laid.cells[self.number(like)].community
        self.fresh.append(Fresh(number=number, key=another(like, known), community=community))
        self.give(faces, number)

    def share(self, faces: Sequence[int], cell: int) -> float:
        """m² of `faces` that the cell holds."""
        return sum(float(self.work.area[face]) for face in faces if cell in self.work.held[face])

    def whole(self, one: int, other: int) -> None:
        """Two neighbours in one piece each: what was cut off from the one is the other's."""
        for cell, beside in ((one, other), (other, one)):
            parts = connected(self.work, self.work.components(self.work.of(cell)))
            for part in parts[1:]:
                self.give(part, beside)

    def edited(self, cells: Collection[int]) -> Edited:
        """The set after the edit of `cells`."""
        made = rebuilt(self.given, self.laid, self.work, self.fresh, only=cells)
        faults = check(made.given, near=made.touched)
        return Edited(
            given=made.given,
            touched=made.touched,
            bent=made.bent,
            gone=made.gone,
            round=self.crossed,
            faults=tuple(fault for fault in faults if fault.kind not in NAMES),
        )


def opened(given: Given, keys: Sequence[Key], beside: BaseGeometry | None = None) -> Table:
    """The cells of an edit with everything round them; with `beside`, also the cells that it lies in."""
    named = set(keys)
    if missing := named - {cell.key for cell in given.cells}:
        raise EditRefused(reason="unknown_cell", cell=min(missing))
    if beside is not None:
        shapes = np.array([cell.polygon for cell in given.cells], dtype=object)
        named |= {given.cells[i].key for i in shapely.STRtree(shapes).query(beside).tolist()}
    return Table(given=given, laid=lay(given, near=named, over=beside))


def community_of(laid: Laid, cells: Sequence[int], keys: Sequence[Key]) -> int:
    """The one community of `cells`. Raises EditRefused."""
    homes = {int(laid.home[cell]) for cell in cells}
    said = {laid.cells[cell].community for cell in cells}
    if len(homes) > 1 or len(said) > 1:
        raise EditRefused(reason="two_communities", cells=list(keys))
    return homes.pop()


def _outlines(laid: Laid, over: BaseGeometry) -> Lines:
    bare = shapely.difference(over, shapely.union_all(laid.polygons, grid_size=1.0))
    if not len(laid.grounds) or narrow(np.array([bare], dtype=object), EDGE)[0]:
        return NOTHING
    edges = arrangement.segments(arrangement.edges(laid.grounds))[0]
    chosen: Lines = edges[shapely.dwithin(edges, bare, 4 * EDGE)]
    return chosen


def _crossed(laid: Laid, lines: Lines) -> tuple[int, ...]:
    if not len(lines) or not len(laid.buildings):
        return ()
    shapes = shapely.buffer(arrangement.to_units([b.polygon for b in laid.buildings]), -10.0)
    near = np.unique(shapely.STRtree(shapes).query(lines, predicate="intersects")[1])
    return tuple(int(i) for i in laid.which[near])
