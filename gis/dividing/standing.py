"""Coming into force: one transaction in which cells go on, begin and end, and everything that stands gets its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from gis.database import Transaction
from gis.dividing.converting import GONE, Turned, turned
from gis.model import CellId, Division, DivisionState
from gis.store import divisions, drafts, kept, register, standing
from gis.store.cells import assert_sound
from gis.store.standing import Share


@dataclass(frozen=True, kw_only=True)
class Stood:
    """What became of a district when a division came into force."""

    division: Division
    before: Division | None  #: None: the district was not divided before
    kept: int  #: cells that went on
    begun: Mapping[str, CellId]  #: by key in the draft
    ended: Mapping[CellId, str]  #: why
    shares: tuple[Share, ...]  #: how what ended and what began belong together


def stand(tx: Transaction, division: Division, *, at: datetime) -> Stood:
    """Put a planned division in force. It must be locked, and so must the one that stands.

    Raises GridBroken with what PostGIS finds wrong, SequenceFull, BadQuestion; nothing is to be committed then.
    """
    before = divisions.standing(tx, division.district, lock=True)
    layer = kept.cells_layer(tx, division.district)
    if before is not None:
        divisions.save(tx, before, state=DivisionState.PAST, ends=division.starts)
    after = divisions.save(tx, division, state=DivisionState.STANDING, stood_at=at, error=None)
    went_on = standing.go_on(tx, after)
    begun = standing.begin_cells(tx, after)
    tx.execute(select(func.grid_assign(after.id)))
    assert_sound(tx, after.id)
    shares = tuple(standing.shares(tx, before.id, after.id)) if before else ()
    ended = reasons(turned(shares), standing.ended(tx, before)) if before else {}
    standing.void(tx, ended)
    drafts.remove(tx, after.id)
    register.changed(tx, division.district)
    kept.forget(tx, division.district, layer)
    return Stood(division=after, before=before, kept=len(went_on), begun=begun, ended=ended, shares=shares)


def reasons(groups: Iterable[Turned], ended: Iterable[CellId]) -> dict[CellId, str]:
    """Why the code of each cell that ended is void: split, merged, moved, or gone with its ground."""
    kinds = {key: str(group.kind) for group in groups for key in group.from_keys}
    return {cell: kinds.get(f"c{cell}", GONE) for cell in ended}
