"""Divisions that are due come into force, and whoever answered for the ground goes on answering for it."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from dispatch.dividing.room import tell
from dispatch.model import ResponderId
from dispatch.once import begin
from dispatch.store import shifts
from dispatch.store.keys import clock
from gis.database import Transaction
from gis.dividing import standing
from gis.dividing.converting import turned
from gis.dividing.standing import Stood
from gis.errors import GroundError
from gis.model import CellId, DistrictId, Division, DivisionState
from gis.store import cells, divisions
from gis.store.standing import Share

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Who answers for a cell that is new: whoever had most of its ground; None: nobody had any."""

    cell: CellId
    code: str
    responder: ResponderId | None


def come_into_force(
    engine: Engine, *, district: DistrictId | None = None, now: datetime | None = None
) -> list[Division]:
    """Put everything in force that is due, the earliest first; those that stand now.

    One transaction each. What PostGIS finds unsound goes back to the draft with the reason; nothing else changes.
    """
    with begin(engine) as tx:
        due = divisions.due(tx, now or clock(tx), district)
    return [after for one in due if (after := _stand(engine, one.id)) is not None]


def heirs(shares: Iterable[Share], held: Mapping[CellId, ResponderId]) -> dict[str, ResponderId]:
    """For new cells, by key, the responder in whose cells most of their buildings were; then people, then ground."""
    claims: dict[str, dict[ResponderId, tuple[int, float, float]]] = defaultdict(dict)
    for one in shares:
        who = held.get(one.from_cell) if one.from_cell is not None else None
        if who is None:
            continue
        so_far = claims[one.to_key].get(who, (0, 0.0, 0.0))
        more = (one.buildings, one.people, one.area_m2)
        claims[one.to_key][who] = (so_far[0] + more[0], so_far[1] + more[1], so_far[2] + more[2])
    return {key: max(mine, key=lambda who: (*mine[who], -who)) for key, mine in claims.items()}


def _stand(engine: Engine, key: int) -> Division | None:
    try:
        with begin(engine) as tx:
            now = divisions.division(tx, key, lock=True)
            if now.state is not DivisionState.PLANNED:
                return None
            stood = standing.stand(tx, now, at=clock(tx))
            given = _hand_over(tx, stood)
            shifts.move_homes(tx, stood.division.district)
            tell(tx, "division.standing", stood.division, by=None, **_told(stood, given))
            return stood.division
    except GroundError as error:
        log.warning("division %s does not come into force: %s", key, error)
        _failed(engine, key, error)
        return None


def _failed(engine: Engine, key: int, error: GroundError) -> None:
    with begin(engine) as tx:
        now = divisions.division(tx, key, lock=True)
        if now.state is not DivisionState.PLANNED:
            return
        said = {"code": error.code, "params": {name: str(value) for name, value in error.params.items()}}
        back = {"approved_by": None, "approved_at": None, "proposed_by": None, "proposed_at": None}
        after = divisions.save(tx, now, state=DivisionState.DRAFT, error=said, **back)
        tell(tx, "division.failed", after, by=None, error=said)


def _hand_over(tx: Transaction, stood: Stood) -> list[Duty]:
    numbers = {share.to_key: share.to_cell for share in stood.shares if share.to_cell is not None}
    found = heirs(stood.shares, shifts.duties(tx, stood.division.district))
    chosen = {numbers[key]: who for key, who in found.items()}
    for cell, who in chosen.items():
        shifts.give_cell(tx, cell, who)
    names = {cell.id: cell.code for cell in cells.cells(tx, stood.division.district)}
    return [Duty(cell=cell, code=names[cell], responder=chosen.get(cell)) for cell in sorted(set(stood.begun.values()))]


def _told(stood: Stood, given: list[Duty]) -> dict[str, Any]:
    return {
        "kept": stood.kept,
        "begun": sorted(duty.code for duty in given),
        "ended": len(stood.ended),
        "duties": [{"cell": duty.cell, "code": duty.code, "responder": duty.responder} for duty in given],
        "changes": [
            {"from": len(group.from_keys), "to": len(group.to_keys), "kind": str(group.kind)}
            for group in turned(stood.shares)
        ],
    }
