"""Edits of a draft: tried on a neighbourhood, kept as rows before and after, undone and done again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from gis.database import Transaction
from gis.dividing.neighbourhood import Neighbourhood, around
from gis.errors import BadQuestion
from gis.grid import Plane, editing
from gis.grid.given import Edited, Fault, GivenCell
from gis.model import Division, DraftCell
from gis.store import drafts, standing
from gis.store.drafts import DraftEdit

SPLIT, MERGE, MOVE, ASSIGN, MEND = "split", "merge", "move", "assign", "mend"
MOST: Final = 50  #: cells of one edit


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What somebody draws. `cells`: one to split or to give ground to, two to move a border between, any to merge."""

    op: str
    cells: tuple[str, ...]
    shape: BaseGeometry | None = None  #: a line, or the ground that is given; WGS 84

    def told(self) -> dict[str, Any]:
        """As the history keeps it."""
        drawn = None if self.shape is None else shapely.geometry.mapping(self.shape)
        return {"op": self.op, "cells": list(self.cells), "shape": drawn}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an edit makes of a draft: rows that go, rows that come in their place, and what is wrong round them."""

    kind: str
    edit: Mapping[str, Any]
    was: tuple[DraftCell, ...]
    made: tuple[DraftCell, ...]
    touched: frozenset[str]  #: of `made` those with other ground; the rest only got a corner
    faults: tuple[Fault, ...] = ()
    plane: Plane | None = None  #: of the faults

    @property
    def gone(self) -> tuple[str, ...]:
        """Keys that are no more."""
        return tuple(sorted({row.key for row in self.was} - {row.key for row in self.made}))


def read(tx: Transaction, division: Division, edit: Edit) -> Neighbourhood:
    """As much of the draft as the edit needs. Raises BadQuestion, EditRefused."""
    _check(edit)
    face = edit.shape if edit.op == ASSIGN else None
    return around(tx, division, edit.cells, face)


def tried(hood: Neighbourhood, edit: Edit) -> Edited:
    """The edit on the neighbourhood; nothing is written. Raises EditRefused."""
    keys, given = edit.cells, hood.given
    shape = None if edit.shape is None else hood.plane.to_metres(edit.shape)
    match edit.op:
        case "split" if isinstance(shape, shapely.LineString):
            return editing.split(given, keys[0], shape)
        case "move" if isinstance(shape, shapely.LineString):
            return editing.move(given, keys[0], keys[1], shape)
        case "assign" if isinstance(shape, (shapely.Polygon, shapely.MultiPolygon)):
            return editing.assign(given, shape, keys[0])
        case "merge":
            return editing.merge(given, keys)
    raise BadQuestion(field="edit", value=edit.op, allowed="split, merge, move, assign")


def change(tx: Transaction, division: Division, hood: Neighbourhood, edit: Edit, done: Edited) -> Change:
    """The rows that an edit replaces. Reads: totals of what is new, and whether it is ground of a cell in force."""
    cells = {cell.key: cell for cell in done.given.cells}
    names = named(tx, division, hood, done.touched)
    touched = [replace(cells[key], key=names.get(key, key)) for key in done.touched]
    found = difference(tx, division, hood, touched, [cells[key] for key in done.bent], done.gone)
    faults = tuple(replace(one, cells=tuple(names.get(key, key) for key in one.cells)) for one in done.faults)
    return replace(found, kind=edit.op, edit=edit.told(), faults=faults)


def named(tx: Transaction, division: Division, hood: Neighbourhood, keys: Sequence[str]) -> dict[str, str]:
    """For keys of new cells others that no cell of the draft has or had, here or elsewhere."""
    fresh = [key for key in keys if key not in hood.rows]
    last = drafts.highest(tx, division.id) if fresh else 0
    return {key: f"n{last + k + 1}" for k, key in enumerate(fresh)}


def difference(
    tx: Transaction,
    division: Division,
    hood: Neighbourhood,
    touched: Sequence[GivenCell],
    bent: Sequence[GivenCell],
    gone: Sequence[str],
) -> Change:
    """Rows for cells with other ground (`touched`) and for those that only got a corner (`bent`)."""
    new = [replace(hood.row(cell), code=None) for cell in touched]
    new = [
        replace(row, buildings=n, people=people, households=homes)
        for row, (n, people, homes) in zip(new, drafts.counted(tx, division.district, new), strict=True)
    ]
    old = {row.key for row in new} | set(gone)
    corners = [replace(hood.rows[cell.key], geom=hood.plane.to_degrees(cell.polygon)) for cell in bent]
    was = tuple(hood.rows[key] for key in sorted(old | {row.key for row in corners}) if key in hood.rows)
    same = standing.same_ground(tx, division, [*new, *(replace(row, cell=None) for row in was if row.key in gone)])
    new = [replace(row, cell=cell) for row, cell in zip(new, same, strict=False)]
    return Change(
        kind="", edit={}, was=was, made=(*new, *corners), touched=frozenset(row.key for row in new), plane=hood.plane
    )


def keep(tx: Transaction, division: Division, made: Change, *, by: int | None) -> None:
    """Write an edit and remember it."""
    drafts.replace(tx, division.id, [row.key for row in made.was], made.made)
    edit = DraftEdit(
        seq=0,
        kind=made.kind,
        edit=made.edit,
        was=tuple(drafts.as_row(row) for row in made.was),
        made=tuple(drafts.as_row(row) for row in made.made),
        made_by=by,
    )
    drafts.add_edit(tx, division.id, edit)


def undo(tx: Transaction, division: Division) -> Change | None:
    """Take the last edit back; None where there is none."""
    edit = drafts.last(tx, division.id)
    return None if edit is None else _swap(tx, division, edit, back=True)


def redo(tx: Transaction, division: Division) -> Change | None:
    """Do again what was undone last; None where nothing was."""
    edit = drafts.first_undone(tx, division.id)
    return None if edit is None else _swap(tx, division, edit, back=False)


def _swap(tx: Transaction, division: Division, edit: DraftEdit, *, back: bool) -> Change:
    was, made = (edit.made, edit.was) if back else (edit.was, edit.made)
    rows = tuple(drafts.from_row(row) for row in made)
    drafts.replace(tx, division.id, [row["key"] for row in was], rows)
    drafts.mark(tx, division.id, edit.seq, undone=back)
    return Change(
        kind=edit.kind,
        edit=edit.edit,
        was=tuple(drafts.from_row(row) for row in was),
        made=rows,
        touched=frozenset(row.key for row in rows),
    )


def _check(edit: Edit) -> None:
    least = {SPLIT: 1, ASSIGN: 1, MOVE: 2, MERGE: 2}
    most = least | {MERGE: MOST}
    if edit.op not in least:
        raise BadQuestion(field="edit.op", value=edit.op, allowed=", ".join(sorted(least)))
    if not least[edit.op] <= len(edit.cells) <= most[edit.op] or len(set(edit.cells)) < len(edit.cells):
        raise BadQuestion(field="edit.cells", value=len(edit.cells), allowed=f"{least[edit.op]}..{most[edit.op]}")
