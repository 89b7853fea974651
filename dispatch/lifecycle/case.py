"""A case alone: filed, dispatched, returned, closed, reopened, evaluated, corrected.

Clocks. Acceptance and arrival run from filing, handling from the dispatch order; a decline or a withdrawal does not
stop the handling clock, reopening starts all of them anew. Overdue is judged at feedback, by whoever reads the stamps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from dispatch.errors import Invalid, NoCriterion, SamePerson
from dispatch.lifecycle.table import check_reason, check_stage
from dispatch.model import Criterion, Deed, Incident, IncidentClass, Priority, Purpose, Role, Source, Stage, User
from gis.model import Place

STAFF = frozenset({Role.WORKER, Role.DISPATCHER, Role.SUPERVISOR, Role.PLANNER, Role.ADMINISTRATOR})
PURPOSES = {
    Stage.COLLECTED: Purpose.CHECK,
    Stage.FILED: Purpose.HANDLE,
    Stage.DISPATCHED: Purpose.HANDLE,
    Stage.HANDLING: Purpose.HANDLE,
    Stage.FED_BACK: Purpose.VERIFY,
}


def begins_filed(source: Source, who: User | None) -> bool:
    """Is a report a case at once? The staff's own and what comes from above is; the public's waits for a check."""
    if source is Source.WEB:
        return False
    return who is None or bool(who.roles() & STAFF)


def purpose_of(case: Incident) -> Purpose:
    """Why somebody would go now. NotNow when nobody has to."""
    check_stage(case, Deed.ASSIGN)
    return PURPOSES[case.stage]


def usual(criteria: Sequence[Criterion]) -> Criterion:
    """The criterion that holds where nobody could choose: the first of the class, by the class table's own order."""
    return criteria[0]


def criterion_of(criteria: Sequence[Criterion], code: str | None, field: str) -> Criterion:
    """The criterion with this code; NoCriterion names the codes that there are."""
    for criterion in criteria:
        if criterion.code == code:
            return criterion
    raise NoCriterion(field=field, value=code, allowed=[c.code for c in criteria])


def file(case: Incident, *, kind: IncidentClass, criterion: Criterion, at: datetime) -> dict[str, Any]:
    """What filing sets: the criterion, the limit, the clocks of acceptance and arrival."""
    return {
        "stage": Stage.FILED,
        "filed_at": case.filed_at or at,
        "filing_criterion": criterion.code,
        "handle_seconds": criterion.handle_seconds or kind.handle_seconds,
        "due_accept_at": at + timedelta(seconds=kind.accept_seconds),
        "due_arrive_at": at + timedelta(seconds=kind.arrive_seconds),
    }


def confirm(case: Incident, *, kind: IncidentClass, criterion: str | None, at: datetime) -> Incident:
    """A public report becomes a case, on a dispatcher's word."""
    check_stage(case, Deed.CONFIRM)
    return _next(
        case, **file(case, kind=kind, criterion=criterion_of(kind.filing, criterion, "filing_criterion"), at=at)
    )


def reject(case: Incident, *, reason: str | None, at: datetime) -> Incident:
    """No case: unfounded, a duplicate, elsewhere."""
    check_stage(case, Deed.REJECT)
    return _next(case, stage=Stage.REJECTED, outcome=check_reason(Deed.REJECT, reason), closed_at=at)


def offer(case: Incident, *, purpose: Purpose, at: datetime) -> Incident:
    """Somebody is asked to go. The order to handle starts the clock, once; a check or a verification moves no stage."""
    if purpose is not purpose_of(case):
        raise Invalid(field="purpose", value=purpose, allowed=[PURPOSES[case.stage]])
    if purpose is not Purpose.HANDLE:
        return case
    check_stage(case, Deed.OFFER)
    due = at + timedelta(seconds=case.handle_seconds) if case.handle_seconds else None
    return _next(
        case, stage=Stage.DISPATCHED, dispatched_at=case.dispatched_at or at, due_handle_at=case.due_handle_at or due
    )


def freed(case: Incident) -> Incident:
    """The case after whoever had it is gone: it waits again, the handling clock runs on."""
    return _next(case, stage=Stage.FILED, accepted_at=None, arrived_at=None)


def return_(case: Incident, *, reason: str | None) -> Incident:
    """The work was not good enough: back to the queue, with the reason."""
    check_stage(case, Deed.RETURN)
    check_reason(Deed.RETURN, reason)
    return returned(case)


def returned(case: Incident) -> Incident:
    """The case after its work did not hold."""
    return replace(freed(case), fed_back_at=None, handled_by=None, outcome=None, returned=case.returned + 1)


def close(
    case: Incident, *, kind: IncidentClass, criterion: str | None, outcome: str | None, who: User, at: datetime
) -> Incident:
    """Verified by somebody else than whoever did the work, and closed under a criterion."""
    check_stage(case, Deed.CLOSE)
    if who.responder is not None and who.responder == case.handled_by:
        raise SamePerson(deed=Deed.CLOSE, responder=who.responder)
    chosen = criterion_of(kind.closing, criterion, "closing_criterion")
    return closed(case, criterion=chosen, outcome=outcome, verified_by=who.id, at=at)


def closed(
    case: Incident, *, criterion: Criterion, outcome: str | None, verified_by: int | None, at: datetime
) -> Incident:
    """The case after verification, by the desk or on site."""
    return _next(
        case,
        stage=Stage.CLOSED,
        closed_at=at,
        closing_criterion=criterion.code,
        outcome=outcome or case.outcome,
        verified_by=verified_by,
    )


def reopen(case: Incident, *, kind: IncidentClass, reason: str | None, at: datetime) -> Incident:
    """Once more from the start: a case that was never filed is checked first, all others wait for somebody."""
    check_stage(case, Deed.REOPEN)
    check_reason(Deed.REOPEN, reason)
    again = replace(
        _cleared(case),
        version=case.version + 1,
        reopened=case.reopened + 1,
        stage=Stage.COLLECTED if case.filing_criterion is None else Stage.FILED,
    )
    if case.filing_criterion is None:
        return again
    return replace(
        again,
        **file(again, kind=kind, criterion=criterion_of(kind.filing, case.filing_criterion, "filing_criterion"), at=at),
    )


def evaluate(case: Incident, *, score: int) -> Incident:
    """The resident's word on it: 1 to 5."""
    check_stage(case, Deed.EVALUATE)
    if score not in range(1, 6):
        raise Invalid(field="score", value=score, allowed="1..5")
    return _next(case, stage=Stage.EVALUATED, score=score)


def reclassify(
    case: Incident,
    *,
    kind: IncidentClass,
    criterion: str | None,
    priority: Priority | None,
    reason: str | None,
    at: datetime,
) -> Incident:
    """Another class, with its skill, service time and limits; a filed case keeps the hour it was filed."""
    check_stage(case, Deed.RECLASSIFY)
    check_reason(Deed.RECLASSIFY, reason)
    after = _next(
        case,
        class_code=kind.code,
        class_version=kind.version,
        skill=kind.skill,
        service_seconds=kind.service_seconds,
        priority=priority or kind.priority,
    )
    if case.stage is Stage.COLLECTED:
        return after
    chosen = criterion_of(kind.filing, criterion, "filing_criterion") if criterion else usual(kind.filing)
    refiled = replace(after, **file(after, kind=kind, criterion=chosen, at=case.filed_at or at))
    if refiled.dispatched_at is None or refiled.handle_seconds is None:
        return replace(refiled, due_handle_at=None)  # the limit of the class before holds no more
    return replace(refiled, due_handle_at=refiled.dispatched_at + timedelta(seconds=refiled.handle_seconds))


def relocate(case: Incident, *, place: Place) -> Incident:
    """Where it really is."""
    check_stage(case, Deed.RELOCATE)
    return _next(case, **place_fields(place))


def place_fields(place: Place) -> dict[str, Any]:
    """The fields of a case that a place fills."""
    return {
        "place": place.label,
        "found": str(place.found),
        "accuracy_m": place.accuracy_m,
        "point": place.point,
        "cell": place.cell,
        "cell_code": place.cell_code,
        "area": place.area,
    }


def _cleared(case: Incident) -> Incident:
    return replace(
        case,
        dispatched_at=None,
        accepted_at=None,
        arrived_at=None,
        fed_back_at=None,
        closed_at=None,
        due_handle_at=None,
        handled_by=None,
        verified_by=None,
        closing_criterion=None,
        outcome=None,
        score=None,
    )


def _next(case: Incident, **changes: Any) -> Incident:
    return replace(case, version=case.version + 1, **changes)
