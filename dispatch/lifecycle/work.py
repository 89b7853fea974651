"""A case together with the assignment of the one who goes: accept, decline, depart, arrive, feed back, withdraw.

Why somebody goes decides what their word does to the case. HANDLE moves its stage step by step; CHECK (of a public
report) and VERIFY (of another's work) leave the stage alone until the feedback, which settles it. Of a crew only who
leads (part 0) moves the case; the others come, help and go for themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.errors import Invalid, NotNow, SamePerson
from dispatch.lifecycle.case import closed, criterion_of, file, freed, returned, usual
from dispatch.lifecycle.table import check_reason, check_stage
from dispatch.model import (
    LIVE,
    Assignment,
    AssignmentState,
    Deed,
    Incident,
    IncidentClass,
    Interval,
    Outcome,
    Purpose,
    Stage,
    UserId,
)

_FROM = {
    Deed.ACCEPT: frozenset({AssignmentState.OFFERED}),
    Deed.DECLINE: LIVE,
    Deed.DEPART: frozenset({AssignmentState.ACCEPTED}),
    Deed.ARRIVE: frozenset({AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE}),
    Deed.FEED_BACK: frozenset({AssignmentState.ON_SCENE}),
    Deed.WITHDRAW: LIVE,
}
_TO = {
    Deed.ACCEPT: AssignmentState.ACCEPTED,
    Deed.DECLINE: AssignmentState.DECLINED,
    Deed.DEPART: AssignmentState.EN_ROUTE,
    Deed.ARRIVE: AssignmentState.ON_SCENE,
    Deed.FEED_BACK: AssignmentState.DONE,
    Deed.WITHDRAW: AssignmentState.WITHDRAWN,
}
#: Every step of state that an assignment may take.
LEGAL_STATES = frozenset((state, _TO[deed]) for deed, states in _FROM.items() for state in states)

OUTCOMES = {
    Purpose.CHECK: (Outcome.OK, Outcome.DONE, Outcome.NEEDS_OTHER, Outcome.NOT_FOUND, Outcome.NOT_OK),
    Purpose.HANDLE: (Outcome.DONE, Outcome.NOT_FOUND, Outcome.NEEDS_OTHER),
    Purpose.VERIFY: (Outcome.OK, Outcome.NOT_OK),
}
MOMENT = timedelta(seconds=1)  #: a window is never empty


@dataclass(frozen=True, kw_only=True)
class Work:
    """A case and one assignment on it."""

    incident: Incident
    assignment: Assignment


def accept(work: Work, *, at: datetime) -> Work:
    """The responder takes it."""
    case = work.incident
    if work.assignment.moves_case:
        check_stage(case, Deed.ACCEPT)
        case = replace(case, stage=Stage.HANDLING, accepted_at=at, version=case.version + 1)
    return Work(incident=case, assignment=_step(work.assignment, Deed.ACCEPT, accepted_at=at))


def decline(work: Work, *, reason: str | None, at: datetime) -> Work:
    """The responder cannot; the case waits again."""
    return _freed(work, Deed.DECLINE, reason, at)


def withdraw(work: Work, *, reason: str | None, at: datetime) -> Work:
    """The desk or the engine takes it back; the case waits again."""
    return _freed(work, Deed.WITHDRAW, reason, at)


def depart(work: Work, *, at: datetime) -> Work:
    """On the way: bound from now for the way and the work."""
    a = work.assignment
    arrival = at + timedelta(seconds=a.travel_seconds)
    during = Interval(start=at, end=arrival + max(MOMENT, timedelta(seconds=work.incident.service_seconds)))
    return Work(incident=work.incident, assignment=_step(a, Deed.DEPART, departed_at=at, during=during, eta=arrival))


def arrive(work: Work, *, at: datetime) -> Work:
    """On scene: bound for the work that remains."""
    a, case = work.assignment, work.incident
    start = min(a.departed_at or at, at)
    during = Interval(start=start, end=at + max(MOMENT, timedelta(seconds=case.service_seconds)))
    if a.moves_case:
        case = replace(case, arrived_at=at, version=case.version + 1)
    return Work(incident=case, assignment=_step(a, Deed.ARRIVE, arrived_at=at, departed_at=start, during=during))


def feed_back(
    work: Work,
    *,
    kind: IncidentClass,
    outcome: Outcome,
    note: str | None,
    criterion: str | None,
    by: UserId | None,
    at: datetime,
) -> Work:
    """What the responder found and did. Where that files or closes the case, `criterion`, else the usual one, holds."""
    a, case = work.assignment, work.incident
    if outcome not in OUTCOMES[a.purpose]:
        raise Invalid(field="outcome", value=outcome, allowed=[str(o) for o in OUTCOMES[a.purpose]])
    check_responder(case, a.purpose, a.responder)
    done = _step(a, Deed.FEED_BACK, ended_at=at, during=_ended(a.during, at), reason=note)
    if a.part > 0:
        return Work(incident=case, assignment=done)  # who leads says what became of the case
    check_stage(case, Deed.FEED_BACK)
    match a.purpose:
        case Purpose.CHECK:
            after = _checked(case, kind, outcome, note, criterion, at)
        case Purpose.HANDLE:
            after = _handled(case, outcome, a, at)
        case Purpose.VERIFY:
            after = _verified(case, kind, outcome, note, criterion, by, at)
    return Work(incident=after, assignment=done)


def check_responder(case: Incident, purpose: Purpose, responder: int) -> None:
    """Whoever did the work may not verify it."""
    if purpose is Purpose.VERIFY and responder == case.handled_by:
        raise SamePerson(deed=Deed.FEED_BACK, responder=responder)


def _checked(
    case: Incident, kind: IncidentClass, outcome: Outcome, note: str | None, criterion: str | None, at: datetime
) -> Incident:
    if case.stage is not Stage.COLLECTED:
        raise NotNow(deed=Deed.FEED_BACK, stage=case.stage)
    if outcome in (Outcome.NOT_FOUND, Outcome.NOT_OK):
        return replace(case, stage=Stage.REJECTED, outcome=note or str(outcome), closed_at=at, version=case.version + 1)
    chosen = criterion_of(kind.filing, criterion, "filing_criterion") if criterion else usual(kind.filing)
    return replace(case, version=case.version + 1, **file(case, kind=kind, criterion=chosen, at=at))


def _handled(case: Incident, outcome: Outcome, a: Assignment, at: datetime) -> Incident:
    if case.stage is not Stage.HANDLING:
        raise NotNow(deed=Deed.FEED_BACK, stage=case.stage)
    if outcome is Outcome.NEEDS_OTHER:
        return returned(case)
    return replace(
        case,
        stage=Stage.FED_BACK,
        fed_back_at=at,
        handled_by=a.responder,
        outcome=str(outcome),
        version=case.version + 1,
    )


def _verified(
    case: Incident,
    kind: IncidentClass,
    outcome: Outcome,
    note: str | None,
    criterion: str | None,
    by: UserId | None,
    at: datetime,
) -> Incident:
    if case.stage is not Stage.FED_BACK:
        raise NotNow(deed=Deed.FEED_BACK, stage=case.stage)
    if outcome is Outcome.NOT_OK:
        check_reason(Deed.RETURN, note)
        return returned(case)
    chosen = criterion_of(kind.closing, criterion, "closing_criterion") if criterion else usual(kind.closing)
    return closed(case, criterion=chosen, outcome=None, verified_by=by, at=at)


def _freed(work: Work, deed: Deed, reason: str | None, at: datetime) -> Work:
    said = check_reason(deed, reason)
    case = work.incident
    if work.assignment.moves_case:
        check_stage(case, deed)
        case = freed(case)
    return Work(incident=case, assignment=_step(work.assignment, deed, ended_at=at, reason=said))


def _step(a: Assignment, deed: Deed, **changes: Any) -> Assignment:
    if a.state not in _FROM[deed]:
        raise NotNow(deed=deed, stage=a.state)
    return replace(a, state=_TO[deed], version=a.version + 1, **changes)


def _ended(during: Interval, at: datetime) -> Interval:
    return Interval(start=during.start, end=max(at, during.start + MOMENT))
