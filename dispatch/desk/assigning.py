"""Sending by hand. What a person decided, the engine does not move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch import lifecycle, policy, steps, store
from dispatch.desk.room import Desk, check_version
from dispatch.errors import Gone, Invalid, NotNow
from dispatch.lifecycle import Work
from dispatch.model import Assignment, AssignmentState, Deed, Incident, IncidentId, Purpose, ResponderId, User
from dispatch.store.assignments import next_seq
from dispatch.store.keys import clock
from dispatch.store.waiting import waits_no_more
from gis.database import Transaction

REASSIGNED = "reassigned"


@dataclass(frozen=True, kw_only=True)
class Travel:
    """The way to the case, asked for before the transaction."""

    seconds: float
    metres: float
    estimated: bool


def assign(
    desk: Desk,
    *,
    who: User,
    incident: IncidentId,
    responder: ResponderId,
    version: int | None,
    travel: Travel,
    purpose: Purpose | None = None,
    reason: str | None = None,
    key: str | None,
) -> Work:
    """Send this responder, after what they have already; whoever was on the case is freed, and the engine keeps off it.

    Against a choice of the engine this needs a reason. Raises NoReason; Taken where the responder is bound at that
    time, Gone, SamePerson, NotNow, Stale, Forbidden.
    """

    def deed(tx: Transaction) -> Work:
        case = store.incident(tx, incident, lock=True)
        policy.require(who, Deed.ASSIGN, case)
        check_version(case, version)
        wanted = purpose or lifecycle.purpose_of(case)
        _check_responder(tx, case, wanted, responder)
        _check_override(tx, case, responder, reason)
        at = clock(tx)
        case = steps.alone(tx, case, by=who.id, reason=reason or REASSIGNED, at=at)
        return offer(tx, who, case, wanted, responder, travel, reason=reason, at=at)

    # The way is computed, not asked for: a repeat may find another road time and is the same request.
    asked = {
        "incident": incident,
        "responder": responder,
        "version": version,
        "purpose": str(purpose or ""),
        "reason": reason or "",
    }
    return desk.once(Work, deed, name=Deed.ASSIGN, key=key, who=who, asked=asked)


def withdraw(
    desk: Desk, *, who: User, incident: IncidentId, version: int | None, reason: str | None, key: str | None
) -> Incident:
    """Take the case from whoever has it, with the reason. NotNow when nobody has."""

    def deed(tx: Transaction) -> Incident:
        case = store.incident(tx, incident, lock=True)
        policy.require(who, Deed.WITHDRAW, case)
        check_version(case, version)
        said = lifecycle.check_reason(Deed.WITHDRAW, reason)
        live = store.live_assignment(tx, incident, lock=True)
        if live is None:
            raise NotNow(deed=Deed.WITHDRAW, stage=case.stage)
        work = Work(incident=case, assignment=live)
        return steps.withdraw(tx, work, by=who.id, reason=said, at=clock(tx)).incident

    asked = {"incident": incident, "version": version, "reason": reason}
    return desk.once(Incident, deed, name=Deed.WITHDRAW, key=key, who=who, asked=asked)


def offer(
    tx: Transaction,
    who: User,
    case: Incident,
    purpose: Purpose,
    responder: ResponderId,
    travel: Travel,
    *,
    reason: str | None,
    at: datetime,
    part: int = 0,
) -> Work:
    """Offer a case, or one part of its crew, on a person's word: behind what the responder has already."""
    after = lifecycle.offer(case, purpose=purpose, at=at) if part == 0 else case
    if after is not case:
        store.save_incident(tx, case, after)
    live = store.live_assignments(tx, responder, lock=True)
    moved = steps.push_back(tx, live, mine=None, now=at)
    chained = [*moved, *(a for a in live if a.id not in {m.id for m in moved})]
    during = lifecycle.window_after(chained, now=at, seconds=travel.seconds + case.service_seconds)
    offered = Assignment(
        id=0,
        incident=case.id,
        district=case.district,
        responder=responder,
        part=part,
        purpose=purpose,
        during=during,
        state=AssignmentState.OFFERED,
        version=1,
        placed_by=who.id,
        seq=next_seq(tx, responder),
        travel_seconds=travel.seconds,
        travel_metres=travel.metres,
        estimated=travel.estimated,
        eta=during.start + timedelta(seconds=travel.seconds),
        offered_at=at,
        accepted_at=None,
        departed_at=None,
        arrived_at=None,
        ended_at=None,
        reason=None,
        plan=None,
    )
    work = Work(incident=after, assignment=replace(offered, id=store.add_assignment(tx, offered)))
    waits_no_more(tx, case.id)
    steps.announce(tx, "assignment.offered", work, actor=who.id, reason=reason, moved=moved)
    return work


def _check_override(tx: Transaction, case: Incident, responder: ResponderId, reason: str | None) -> None:
    """Who takes a case from whom the engine chose, says why: it stays in the record."""
    live = store.live_assignment(tx, case.id)
    if live is not None and live.placed_by is None and live.responder != responder:
        lifecycle.check_reason(Deed.ASSIGN, reason)


def _check_responder(tx: Transaction, case: Incident, purpose: Purpose, key: ResponderId) -> None:
    chosen = store.responder(tx, key)
    if chosen.gone:
        raise Gone(responder=key)
    if chosen.district != case.district:
        raise Invalid(field="responder", value=key, allowed="in_district")
    lifecycle.check_responder(case, purpose, key)
