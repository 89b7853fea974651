"""From draft to plan: proposed by one person, approved by another, never the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from dispatch import lifecycle
from dispatch.dividing.room import check, mine, tell
from dispatch.errors import Invalid, OwnProposal, Unsound
from dispatch.model import Deed, User
from dispatch.once import begin, once
from dispatch.store.keys import clock
from gis.database import Transaction
from gis.dividing import checking
from gis.model import Division, DivisionState
from gis.store import divisions

FARTHEST = timedelta(days=3 * 366)  #: ahead
LONGEST = 2000  #: characters of a note


def propose(
    engine: Engine, *, who: User, division: int, version: int, starts: datetime, note: str, key: str | None
) -> Division:
    """Lay a draft before a colleague. Raises Unsound where it has faults, Invalid for a date that cannot be.

    Also Stale, NotNow, Forbidden, NotFound.
    """
    with begin(engine) as tx:
        seen = mine(tx, who, Deed.DRAW_GRID, division)
        hood = checking.read(tx, seen)
    if (seen.version, seen.state) == (version, DivisionState.DRAFT):
        _check_sound(checking.checked(hood))

    def deed(tx: Transaction) -> int:
        now, at = mine(tx, who, Deed.DRAW_GRID, division, lock=True), clock(tx)
        check(now, version, DivisionState.DRAFT)
        if not at - timedelta(days=1) <= starts <= at + FARTHEST:
            raise Invalid(field="starts", value=starts.isoformat(), allowed="from_today")
        if len(note) > LONGEST or "\x00" in note:
            raise Invalid(field="note", value=note[:40], allowed=f"≤ {LONGEST}")
        after = divisions.save(
            tx,
            now,
            state=DivisionState.PROPOSED,
            starts=starts,
            note=note.strip(),
            reason=None,
            error=None,
            proposed_by=who.id,
            proposed_at=at,
        )
        tell(tx, "division.proposed", after, by=who.id, starts=starts.isoformat())
        return after.id

    asked = {"division": division, "version": version, "starts": starts, "note": note}
    return _again(engine, once(engine, int, deed, name="division.propose", key=key, who=who, asked=asked))


def approve(engine: Engine, *, who: User, division: int, version: int, key: str | None) -> Division:
    """Let it come into force at its date. Raises OwnProposal for whoever made or proposed it, Stale, NotNow."""

    def deed(tx: Transaction) -> int:
        now, at = mine(tx, who, Deed.APPROVE_GRID, division, lock=True), clock(tx)
        check(now, version, DivisionState.PROPOSED, deed=Deed.APPROVE_GRID)
        if who.id in (now.proposed_by, now.made_by):
            raise OwnProposal(deed=Deed.APPROVE_GRID)
        starts = max(now.starts or at, at)
        state = DivisionState.PLANNED
        after = divisions.save(tx, now, state=state, starts=starts, approved_by=who.id, approved_at=at)
        tell(tx, "division.planned", after, by=who.id, starts=starts.isoformat())
        return after.id

    asked = {"division": division, "version": version}
    return _again(engine, once(engine, int, deed, name="division.approve", key=key, who=who, asked=asked))


def reject(engine: Engine, *, who: User, division: int, version: int, reason: str, key: str | None) -> Division:
    """Back to the draft, with the reason. Raises NoReason, Stale, NotNow, Forbidden."""

    def deed(tx: Transaction) -> int:
        now = mine(tx, who, Deed.APPROVE_GRID, division, lock=True)
        check(now, version, DivisionState.PROPOSED, DivisionState.PLANNED, deed=Deed.APPROVE_GRID)
        said = lifecycle.check_reason(Deed.APPROVE_GRID, reason)
        tell(tx, "division.rejected", _back(tx, now, reason=said), by=who.id)
        return now.id

    asked = {"division": division, "version": version, "reason": reason}
    return _again(engine, once(engine, int, deed, name="division.reject", key=key, who=who, asked=asked))


def withdraw(engine: Engine, *, who: User, division: int, version: int, key: str | None) -> Division:
    """Take a proposal or a plan back to the draft. Raises Stale, NotNow, Forbidden."""

    def deed(tx: Transaction) -> int:
        now = mine(tx, who, Deed.DRAW_GRID, division, lock=True)
        check(now, version, DivisionState.PROPOSED, DivisionState.PLANNED)
        tell(tx, "division.withdrawn", _back(tx, now, reason=None), by=who.id)
        return now.id

    asked = {"division": division, "version": version}
    return _again(engine, once(engine, int, deed, name="division.withdraw", key=key, who=who, asked=asked))


def drop(engine: Engine, *, who: User, division: int, version: int, key: str | None) -> None:
    """Throw a draft away, cells, history and all. Raises Stale, NotNow, Forbidden."""

    def deed(tx: Transaction) -> int:
        now = mine(tx, who, Deed.DRAW_GRID, division, lock=True)
        check(now, version, DivisionState.DRAFT, cutting=True)
        tell(tx, "division.dropped", now, by=who.id)
        divisions.drop(tx, now.id)
        return now.id

    asked = {"division": division, "version": version}
    once(engine, int, deed, name="division.drop", key=key, who=who, asked=asked)


def _check_sound(found: checking.Checked) -> None:
    if found.blocking:
        kinds = sorted({str(fault.kind) for fault in found.blocking})
        raise Unsound(field="faults", value=len(found.blocking), allowed="0", kinds=kinds)


def _back(tx: Transaction, now: Division, *, reason: str | None) -> Division:
    return divisions.save(
        tx,
        now,
        state=DivisionState.DRAFT,
        reason=reason,
        proposed_by=None,
        proposed_at=None,
        approved_by=None,
        approved_at=None,
    )


def _again(engine: Engine, key: int) -> Division:
    with begin(engine) as tx:
        return divisions.division(tx, key)
