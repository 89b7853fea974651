"""Who gets which face.

Each function decides for one kind of fault and returns nothing: it changes `work.held`. The order matters: what is not
theirs is taken from cells first, then every face gets one holder, then cells that fell apart are put right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from gis.grid.given import Key
from gis.grid.laying import THIN, Laid, narrow
from gis.grid.patchwork import Patchwork
from gis.grid.rebuilding import Fresh, another

SCRAP = 0.25  #: a part that is smaller than this share of its cell is no cell of its own
HALF = 0.5  #: a hole that is larger than this share of a middling cell is one


@dataclass(kw_only=True)
class Settling:
    """A patchwork on its way to being sound."""

    laid: Laid
    work: Patchwork
    keys: set[Key]
    fresh: list[Fresh] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)  #: thin faces among others that nobody held yet
    last: bool = False

    def remove(self, cell: int, faces: Iterable[int]) -> None:
        """`faces` are not the cell's any more."""
        for face in faces:
            self.work.held[face].discard(cell)

    def give(self, faces: Iterable[int], cell: int) -> None:
        """`faces` are the cell's alone."""
        for face in faces:
            self.work.held[face] = {cell}

    def found(self, faces: list[int], like: Key | None = None) -> int:
        """A new cell on `faces`."""
        number = len(self.laid.cells) + len(self.fresh)
        community = int(self.work.ground[faces[0]])
        code = self.laid.communities[community].code if 0 <= community < len(self.laid.communities) else None
        key = another(like or f"{code or 'cell'}", self.keys)
        self.fresh.append(Fresh(number=number, key=key, community=code))
        self.give(faces, number)
        return number

    def trim(self, faces: Iterable[int]) -> None:
        """Faces of several cells stay with the one that has the best claim."""
        rows: dict[tuple[int, ...], list[int]] = {}
        for face in faces:
            rows.setdefault(tuple(sorted(self.work.held[face])), []).append(face)
        for cells, members in rows.items():
            if len(cells) > 1:
                for part in self.work.components(members):
                    self.give(part, min(cells, key=self._claim(part)))

    def fill(self, faces: Iterable[int], *, own: bool | None = None, like: Key | None = None) -> None:
        """Faces of nobody go to the neighbour with the longest shared border; a large hole is a cell.

        `own` says it for all: always a cell of their own, or never where there is a neighbour.
        """
        grounds: dict[int, list[int]] = {}
        for face in faces:
            if not self.work.held[face] and self.work.ground[face] >= 0:
                grounds.setdefault(int(self.work.ground[face]), []).append(face)
        for ground, members in sorted(grounds.items()):
            for part in self.work.components(members):
                self._settle(part, ground, own, like)

    def finish(self) -> None:
        """Thin faces that had no neighbour when they were looked at get one."""
        self.last = True
        self.fill(self.waiting, own=False)

    def pieces(self, cell: int, *, own: bool | None = None) -> None:
        """A cell in several parts keeps the largest; the others go to neighbours, or are cells where they are large."""
        faces = [face for face in self.work.of(cell) if self.work.held[face] == {cell}]
        parts = self.work.components(faces)
        for part in parts[1:]:
            self.remove(cell, part)
            share = self._area(part) / max(self._area(parts[0]), 1e-9)
            apart = own if own is not None else share >= SCRAP
            self.fill(part, own=apart, like=self._key(cell))

    def _settle(self, part: list[int], ground: int, own: bool | None, like: Key | None) -> None:
        beside = self.work.beside(part)
        large = self._area(part) >= HALF * self._middling(ground) if own is None else own
        thin = bool(narrow(np.array([self.work.outline(part)], dtype=object), THIN)[0])
        if thin and not beside and not self.last:
            self.waiting += part
        elif not beside or (large and not thin):
            self.found(part, like)
        else:
            self.give(part, max(sorted(beside), key=lambda cell: beside[cell]))

    def _claim(self, part: list[int]) -> Callable[[int], tuple[bool, str, float, int]]:
        """The older code, then the larger share of the cell, then the order in which they were given."""
        area = self._area(part)

        def claim(cell: int) -> tuple[bool, str, float, int]:
            code = self.laid.cells[cell].code if cell < len(self.laid.cells) else None
            share = area / max(self._area(self.work.of(cell)), 1e-9)
            return (code is None, code or "", -round(share, 6), cell)

        return claim

    def _middling(self, ground: int) -> float:
        home = self.laid.home == ground if len(self.laid.grounds) else np.ones(len(self.laid.cells), dtype=bool)
        areas = [polygon.area for polygon in self.laid.polygons[home]]
        return float(np.median(areas)) / 1e6 if areas else 0.0

    def _area(self, faces: Iterable[int]) -> float:
        return float(self.work.area[list(faces)].sum())

    def _key(self, cell: int) -> Key | None:
        return self.laid.cells[cell].key if cell < len(self.laid.cells) else None
