"""Plans that wait for a person's word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update

from dispatch.errors import Unknown
from dispatch.model import Proposal, ProposalState, UserId
from dispatch.tables import proposal as t
from gis.database import Transaction
from gis.model import DistrictId

CLOCK = func.clock_timestamp()


def proposal(tx: Transaction, key: int, *, lock: bool = False) -> Proposal:
    """The proposal; Unknown if there is none."""
    question = select(t).where(t.c.id == key)
    row = tx.execute(question.with_for_update() if lock else question).mappings().one_or_none()
    if row is None:
        raise Unknown(what="proposal", id=key)
    return _proposal(row)


def open_proposal(tx: Transaction, district: DistrictId, *, lock: bool = False) -> Proposal | None:
    """The one that waits, if one does."""
    question = select(t).where(t.c.district == district, t.c.state == ProposalState.OPEN)
    row = tx.execute(question.with_for_update() if lock else question).mappings().one_or_none()
    return None if row is None else _proposal(row)


def latest_decided(tx: Transaction, district: DistrictId) -> Proposal | None:
    """The last one that somebody applied or rejected."""
    question = select(t).where(t.c.district == district, t.c.decided_at.is_not(None))
    row = tx.execute(question.order_by(t.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else _proposal(row)


def add_proposal(tx: Transaction, new: Proposal) -> Proposal:
    """Keep one; its `id` is ignored. There must be no other open one."""
    rows = {str(who): [list(key) for key in row] for who, row in new.rows.items()}
    seen = {what: {str(key): said for key, said in known.items()} for what, known in new.seen.items()}
    values: Mapping[str, Any] = {
        "district": new.district,
        "made_at": new.made_at,
        "epoch": new.epoch,
        "engine": new.engine,
        "rows": rows,
        "seen": seen,
        "diff": dict(new.diff),
    }
    return replace(new, id=int(tx.execute(insert(t).values(**values).returning(t.c.id)).scalar_one()))


def decide(
    tx: Transaction, before: Proposal, state: ProposalState, *, by: UserId | None, at: datetime, reason: str | None
) -> Proposal:
    """What became of it. `by` None: it was overtaken, and nobody decided."""
    decided = at if by is not None else None
    values = {"state": state, "decided_by": by, "decided_at": decided, "reason": reason}
    tx.execute(update(t).where(t.c.id == before.id).values(**values))
    return replace(before, state=state, decided_by=by, decided_at=decided, reason=reason)


def _proposal(row: RowMapping) -> Proposal:
    rows = {int(who): tuple((case, part) for case, part in keys) for who, keys in row["rows"].items()}
    seen = {what: {int(key): said for key, said in known.items()} for what, known in row["seen"].items()}
    known = {
        name: row[name]
        for name in ("id", "district", "made_at", "epoch", "engine", "diff", "decided_by", "decided_at", "reason")
    }
    return Proposal(**known, state=ProposalState(row["state"]), rows=rows, seen=seen)
