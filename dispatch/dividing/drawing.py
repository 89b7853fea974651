"""Drafts: begun, edited, undone, mended. Computing happens between two transactions; the second one is guarded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine

from dispatch import policy
from dispatch.dividing.room import check, mine, tell
from dispatch.errors import Invalid, NotNow
from dispatch.model import Deed, User
from dispatch.once import begin, once
from gis.database import Transaction
from gis.dividing import checking, drafting, editing
from gis.dividing.checking import Checked
from gis.dividing.editing import Change, Edit
from gis.errors import EditRefused, NotFound
from gis.grid.given import Fault, How, Mended
from gis.grid.model import Targets
from gis.model import DistrictId, Division, DivisionState
from gis.store import divisions
from gis.store.deliveries import batches
from gis.store.divided import Called, called

DRAFT = DivisionState.DRAFT


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A division after an edit, or as it would be: `change` None where it was refused."""

    division: Division
    change: Change | None
    called: Called | None = None  #: what areas and cells of the change are called
    refused: EditRefused | None = None


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """A division after mending, or as it would be. Keys of new cells are those that are kept."""

    division: Division
    mended: Mended
    change: Change
    names: dict[str, str]


def draft(engine: Engine, *, who: User, district: DistrictId, based_on: int, note: str, key: str | None) -> Division:
    """A draft with the cells of another division. Raises NotFound, BadQuestion, Forbidden."""

    def deed(tx: Transaction) -> int:
        if mine(tx, who, Deed.DRAW_GRID, based_on).district != district:
            raise Invalid(field="based_on", value=based_on, allowed="in_district")
        made = drafting.draft_from(tx, based_on, by=who.id, note=note)
        tell(tx, "division.drafted", divisions.division(tx, made), by=who.id)
        return made

    asked = {"district": district, "based_on": based_on, "note": note}
    return _again(engine, once(engine, int, deed, name=Deed.DRAW_GRID, key=key, who=who, asked=asked))


def draft_of_import(engine: Engine, *, who: User, batch: int) -> Division:
    """The draft that a delivery of cells became when it was applied. Raises NotFound, Forbidden."""
    with begin(engine) as tx:
        made = batches.get(tx, batch).counts.get("division")
        if not isinstance(made, int):
            raise NotFound(what="division", id=batch)
        return mine(tx, who, Deed.DRAW_GRID, made)


def draft_cut(
    engine: Engine, *, who: User, district: DistrictId, targets: Targets, note: str, key: str | None
) -> Division:
    """An empty draft; the worker cuts it. Raises NotFound, BadQuestion, Forbidden."""

    def deed(tx: Transaction) -> int:
        policy.require(who, Deed.DRAW_GRID, district)
        made = drafting.draft_for_cut(tx, district, targets, by=who.id, note=note)
        tell(tx, "division.cut_asked", divisions.division(tx, made), by=who.id)
        return made

    asked = {"district": district, "targets": str(targets), "note": note}
    return _again(engine, once(engine, int, deed, name=Deed.DRAW_GRID, key=key, who=who, asked=asked))


def cut(engine: Engine, division: int) -> None:
    """The worker's part of `draft_cut`: cut, and tell how it went. A draft that is dropped meanwhile is no trouble."""
    with begin(engine) as tx:
        waits = divisions.waits_for_cut(tx, division)
    if not waits:
        return
    drafting.cut(engine, division)
    with begin(engine) as tx, suppress(NotFound):
        done = divisions.division(tx, division)
        tell(tx, "division.cut" if done.error is None else "division.cut_failed", done, by=None)


def edit(engine: Engine, *, who: User, division: int, version: int, wanted: Edit, dry: bool) -> Edited:
    """Try an edit; keep it where it is not `dry`. A dry one that cannot be says why, any other raises EditRefused.

    Raises Stale, NotNow, BadQuestion, NotFound, Forbidden.
    """
    with begin(engine) as tx:
        seen = mine(tx, who, Deed.DRAW_GRID, division)
        check(seen, version, DRAFT)
        try:
            hood = editing.read(tx, seen, wanted)
        except EditRefused as refused:
            return _refused(seen, refused, dry=dry)
    try:
        done = editing.tried(hood, wanted)
    except EditRefused as refused:
        return _refused(seen, refused, dry=dry)
    with begin(engine) as tx:
        now = divisions.division(tx, division, lock=not dry)
        check(now, version, DRAFT)
        change = editing.change(tx, now, hood, wanted, done)
        if dry:
            return Edited(division=now, change=change, called=called(tx, change.made))
        editing.keep(tx, now, change, by=who.id)
        return Edited(division=divisions.save(tx, now), change=change, called=called(tx, change.made))


def undo(engine: Engine, *, who: User, division: int, version: int) -> Edited:
    """Take the last edit back. Raises NotNow where there is none; Stale, Forbidden, NotFound."""
    return _step(engine, who, division, version, editing.undo, "nothing_to_undo")


def redo(engine: Engine, *, who: User, division: int, version: int) -> Edited:
    """Do again what was undone last. Raises NotNow where nothing was; Stale, Forbidden, NotFound."""
    return _step(engine, who, division, version, editing.redo, "nothing_to_redo")


def faults(engine: Engine, *, who: User, division: int) -> tuple[Division, Checked | None]:
    """What is wrong with a draft; None for a division that stands or stood: PostGIS has proved it."""
    with begin(engine) as tx:
        seen = mine(tx, who, Deed.SEE_GROUND, division)
        if seen.turn is not None or seen.share is not None:
            return seen, None
        hood = checking.read(tx, seen)
    return seen, checking.checked(hood)


def mend(
    engine: Engine,
    *,
    who: User,
    division: int,
    version: int,
    keys: Collection[str] | None,
    how: How | None,
    dry: bool = False,
) -> Repaired:
    """Mend some faults (None: all that can be). Raises Stale, NotNow, NotFound, Forbidden."""
    with begin(engine) as tx:
        seen = mine(tx, who, Deed.DRAW_GRID, division)
        check(seen, version, DRAFT)
        hood = checking.read(tx, seen)
    done = checking.mended(checking.checked(hood), keys, how)
    with begin(engine) as tx:
        now = divisions.division(tx, division, lock=not dry)
        check(now, version, DRAFT)
        change, names = checking.change(tx, now, hood, done)
        if not dry and (change.made or change.was):
            editing.keep(tx, now, change, by=who.id)
            now = divisions.save(tx, now)
        return Repaired(division=now, mended=done, change=change, names=names)


def left(done: Repaired) -> tuple[Fault, ...]:
    """Faults that were to be mended and could not be."""
    return done.mended.left


def _step(
    engine: Engine,
    who: User,
    division: int,
    version: int,
    step: Callable[[Transaction, Division], Change | None],
    nothing: str,
) -> Edited:
    with begin(engine) as tx:
        seen = mine(tx, who, Deed.DRAW_GRID, division, lock=True)
        check(seen, version, DRAFT)
        change = step(tx, seen)
        if change is None:
            raise NotNow(f"work.not_now.{nothing}", deed=Deed.DRAW_GRID, stage=str(seen.state))
        return Edited(division=divisions.save(tx, seen), change=change, called=called(tx, change.made))


def _refused(seen: Division, refused: EditRefused, *, dry: bool) -> Edited:
    if not dry:
        raise refused
    return Edited(division=seen, change=None, refused=refused)


def _again(engine: Engine, key: int) -> Division:
    with begin(engine) as tx:
        return divisions.division(tx, key)
