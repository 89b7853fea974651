"""From a patchwork back to a set of cells: what is the same stays the same to the bit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from gis.grid.arrangement import UNIT
from gis.grid.given import Given, GivenCell, Key
from gis.grid.laying import Laid
from gis.grid.patchwork import Patchwork

BEND = 2.0  #: millimetres that a border may move where it only got a vertex


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """A set made of a patchwork. `touched`, `bent` and `gone` as in `Edited`."""

    given: Given
    touched: tuple[Key, ...]
    bent: tuple[Key, ...]
    gone: tuple[Key, ...]


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A cell that was not there before: which number it has in the patchwork, what it is called, where it lies."""

    number: int
    key: Key
    community: str | None


def rebuilt(
    given: Given,
    laid: Laid,
    work: Patchwork,
    fresh: Sequence[Fresh] = (),
    *,
    coded: bool = False,
    only: Collection[int] | None = None,
) -> Rebuilt:
    """`given` with the cells as the patchwork has them now, in their order, new ones last.

    What is touched loses its code, but where `coded` says that it is the same cell, only drawn better.
    `only` says which change, with neighbours that get vertices of them: the edge of a neighbourhood is left alone.
    """
    held = _faces(work)
    chosen = held.keys() | set(range(len(laid.cells))) if only is None else _spread(laid, work, held, only)
    made = {i: _shape(work, held[i]) for i in held.keys() & chosen}
    cells: dict[Key, GivenCell | None] = {}
    touched, bent, gone = [], [], []
    for i, cell in enumerate(laid.cells):
        if i not in chosen:
            continue
        if i not in made:
            cells[cell.key] = None
            gone.append(cell.key)
        elif (change := _change(laid, i, made[i])) == "touched":
            cells[cell.key] = replace(cell, polygon=_metres(made[i]), code=cell.code if coded else None)
            touched.append(cell.key)
        elif change == "bent":
            cells[cell.key] = replace(cell, polygon=_metres(made[i]))
            bent.append(cell.key)
    new = [GivenCell(key=f.key, polygon=_metres(made[f.number]), community=f.community) for f in fresh]
    return Rebuilt(
        given=replace(given, cells=_replaced(given.cells, cells) + tuple(new)),
        touched=(*touched, *(cell.key for cell in new)),
        bent=tuple(bent),
        gone=tuple(gone),
    )


def _spread(laid: Laid, work: Patchwork, held: Mapping[int, list[int]], only: Collection[int]) -> set[int]:
    """`only`, new cells, and neighbours of what changes as far as they get vertices of it."""
    chosen = {*only, *(i for i in held if i >= len(laid.cells))}
    ring = set(chosen)
    while ring:
        ring = {i for i in work.around(ring) - chosen if _change(laid, i, _shape(work, held[i]))}
        chosen |= ring
    return chosen


def another(key: Key, known: set[Key]) -> Key:
    """A key like `key` that nobody has; it is known from now on."""
    stem, n = key.split("~")[0], 2
    while f"{stem}~{n}" in known:
        n += 1
    known.add(f"{stem}~{n}")
    return f"{stem}~{n}"


def _faces(work: Patchwork) -> dict[int, list[int]]:
    held: dict[int, list[int]] = {}
    for face, cells in enumerate(work.held):
        for cell in cells:
            held.setdefault(cell, []).append(face)
    return held


def _shape(work: Patchwork, faces: list[int]) -> BaseGeometry:
    return shapely.normalize(work.outline(faces)) if len(faces) > 1 else work.faces[faces[0]]


def _change(laid: Laid, i: int, shape: BaseGeometry) -> str | None:
    """What became of a cell: touched, bent, or None where it is what it was."""
    before = laid.polygons[i]
    if not laid.shapes[i].is_valid or shapely.get_type_id(laid.shapes[i]) not in (3, 6):
        return "touched"
    if shapely.equals_exact(shapely.normalize(before), shape):
        return None
    near = _on(shape, before) and _on(before, shape) and abs(before.area - shape.area) <= BEND * before.length
    return "bent" if near else "touched"


def _on(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether every vertex of the one lies on the border of the other, as far as rounding lets it."""
    known = {(x, y) for x, y in shapely.get_coordinates(other).tolist()}
    new = [xy for xy in shapely.get_coordinates(one).tolist() if tuple(xy) not in known]
    return not new or bool(shapely.dwithin(shapely.points(new), other.boundary, BEND).all())


def _metres(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: xy / UNIT)


def _replaced(cells: Sequence[GivenCell], changed: Mapping[Key, GivenCell | None]) -> tuple[GivenCell, ...]:
    rows = (changed.get(cell.key, cell) for cell in cells)
    return tuple(cell for cell in rows if cell is not None)
