"""What screens ask: the desk at a glance, one case, one person's day, my tasks. Read only, each from one snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Engine

from dispatch import feed, policy, store
from dispatch.desk.room import Desk
from dispatch.errors import Forbidden
from dispatch.lifecycle import LEGAL_STATES, OUTCOMES, TRANSITIONS
from dispatch.model import (
    LIVE,
    Assignment,
    AssignmentState,
    Attachment,
    Criterion,
    Cursor,
    Deed,
    Incident,
    IncidentClass,
    IncidentId,
    Outcome,
    PlanSummary,
    Responder,
    ResponderId,
    StoredEvent,
    User,
    UserId,
    Waiting,
)
from dispatch.store.keys import clock
from dispatch.store.places import code_and_zone
from dispatch.store.plans import latest_plan, waiting
from dispatch.store.users import names_of
from dispatch.store.waiting import why
from gis.database import Transaction
from gis.model import DistrictId

CLOSED_SHOWN = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The desk at one moment; events after `cursor` bring it up to date."""

    cursor: Cursor
    now: datetime
    incidents: tuple[Incident, ...]  #: open, and closed in the last 12 h; without contact
    assignments: tuple[Assignment, ...]  #: of those cases, and all that are live
    responders: tuple[Responder, ...]
    plan: PlanSummary | None
    waiting: Mapping[IncidentId, Waiting]


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """A deed that this person may do now, and what it asks for."""

    deed: Deed
    reason: bool
    criteria: tuple[Criterion, ...] | None
    outcomes: tuple[Outcome, ...] | None


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One case with its history."""

    incident: Incident  #: with contact only for whoever may see it
    kind: IncidentClass
    assignments: tuple[Assignment, ...]
    responders: Mapping[ResponderId, Responder]
    shown: frozenset[ResponderId]  #: whose home and whereabouts the reader may see; of the others, the name
    timeline: tuple[StoredEvent, ...]
    actors: Mapping[UserId, str]
    files: tuple[Attachment, ...]
    deeds: tuple[Allowed, ...]
    waiting: Waiting | None


@dataclass(frozen=True, kw_only=True)
class Task:
    """One stop of somebody's day."""

    assignment: Assignment
    incident: Incident
    kind: IncidentClass


@dataclass(frozen=True, kw_only=True)
class Day:
    """One person's tasks in order, and what is behind them today."""

    cursor: Cursor
    now: datetime
    responder: Responder
    tasks: tuple[Task, ...]
    done_today: int
    metres_today: float


def snapshot(desk: Desk, user: User, district: DistrictId) -> Snapshot:
    """The desk of a district, as far as the user's areas reach. Raises Forbidden."""
    areas = policy.scope(user, Deed.SEE_DESK, district)
    with _reading(desk.engine) as tx:
        cursor, now = feed.now(tx), clock(tx)
        cases = store.incidents_in_scope(tx, district, areas, closed_since=now - CLOSED_SHOWN)
        shown = {case.id for case in cases}
        people = store.responders(tx, district)
        ours = {p.id for p in people if p.area is None or p.area in areas}
        placed = {a.id: a for a in store.assignments_of(tx, shown)}
        placed |= {a.id: a for a in store.live_in_district(tx, district) if a.responder in ours}
        on_it = {a.responder for a in placed.values() if a.state in LIVE}
        return Snapshot(
            cursor=cursor,
            now=now,
            incidents=tuple(replace(case, contact=None) for case in cases),
            assignments=tuple(placed[key] for key in sorted(placed)),
            responders=tuple(p for p in people if p.id in ours | on_it),
            plan=_in_sight(latest_plan(tx, district), shown),
            waiting={key: why for key, why in waiting(tx, district).items() if key in shown},
        )


def detail(desk: Desk, user: User, incident: IncidentId) -> Detail:
    """One case with its history and what this person may do. Raises Unknown, Forbidden."""
    with _reading(desk.engine) as tx:
        case = store.incident(tx, incident)
        placed = store.assignments_of(tx, [incident])
        live = _own_or_lead(user, placed)
        mine = live is not None and live.responder == user.responder
        _require_sight(user, case, mine)
        kind = desk.class_of(tx, case)
        told = store.timeline(tx, incident)
        people = store.responders_by_id(tx, {a.responder for a in placed})
        watches = policy.allows(user, Deed.SEE_DESK, case)
        return Detail(
            incident=case if policy.allows(user, Deed.SEE_CONTACT, case, mine=mine) else replace(case, contact=None),
            kind=kind,
            assignments=tuple(placed),
            responders={p.id: p for p in people},
            shown=frozenset(p.id for p in people if watches or p.id == user.responder),
            timeline=tuple(told),
            actors=names_of(tx, sorted({e.event.actor for e in told if e.event.actor is not None})),
            files=tuple(store.attachments(tx, incident)),
            deeds=tuple(allowed(user, case, kind, live)),
            waiting=why(tx, incident),
        )


def photo(desk: Desk, user: User, file: int) -> tuple[Attachment, bytes]:
    """A photo, for whoever may see its case. Raises Unknown, Forbidden."""
    with _reading(desk.engine) as tx:
        found, body = store.attachment_body(tx, file)
        case = store.incident(tx, found.incident)
        live = _own_or_lead(user, store.live_crew(tx, case.id))
        _require_sight(user, case, live is not None and live.responder == user.responder)
        return found, body


def day(desk: Desk, user: User, responder: ResponderId) -> Day:
    """One person's day. Raises Unknown, Forbidden."""
    with _reading(desk.engine) as tx:
        person = store.responder(tx, responder)
        policy.require(user, Deed.SEE_TASKS, person)
        cursor, now = feed.now(tx), clock(tx)
        _, zone = code_and_zone(tx, person.district)
        midnight = datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
        recent = store.live_since(tx, responder, midnight)
        live = sorted((a for a in recent if a.state in LIVE), key=lambda a: (a.during.start, a.seq))
        done = [a for a in recent if a.state is AssignmentState.DONE]
        cases = {case.id: case for case in store.incidents_by_id(tx, {a.incident for a in live})}
        return Day(
            cursor=cursor,
            now=now,
            responder=person,
            tasks=tuple(_task(desk, tx, user, a, cases[a.incident]) for a in live),
            done_today=len(done),
            metres_today=sum(a.travel_metres for a in done),
        )


def my_tasks(desk: Desk, user: User) -> Day:
    """The caller's own day. Forbidden for whoever is no responder."""
    if user.responder is None:
        raise Forbidden(deed=Deed.SEE_TASKS, role=", ".join(sorted(user.roles())))
    return day(desk, user, user.responder)


def allowed(user: User, case: Incident, kind: IncidentClass, live: Assignment | None) -> Iterator[Allowed]:
    """What this person may do to the case now, in the order of the loop."""
    mine = live is not None and live.responder == user.responder
    for deed, row in TRANSITIONS.items():
        field = deed in _FIELD
        if not field and case.stage in row.stages and policy.allows(user, deed, case, mine=mine or None):
            if deed is Deed.CLOSE and user.responder is not None and user.responder == case.handled_by:
                continue
            if deed is Deed.WITHDRAW and live is None:
                continue
            criteria = {"filing": kind.filing, "closing": kind.closing, None: None}[row.criterion]
            yield Allowed(deed=deed, reason=row.reason, criteria=criteria, outcomes=None)
        if (
            deed is Deed.WITHDRAW
            and live is not None
            and case.stage not in row.stages
            and policy.allows(user, deed, case)
        ):
            yield Allowed(deed=deed, reason=True, criteria=None, outcomes=None)
    if live is not None and mine:
        yield from _field_deeds(live)


_FIELD = frozenset({Deed.ACCEPT, Deed.DECLINE, Deed.FEED_BACK, Deed.OFFER})


def _field_deeds(live: Assignment) -> Iterator[Allowed]:
    for deed, to in (
        (Deed.ACCEPT, AssignmentState.ACCEPTED),
        (Deed.DEPART, AssignmentState.EN_ROUTE),
        (Deed.ARRIVE, AssignmentState.ON_SCENE),
        (Deed.FEED_BACK, AssignmentState.DONE),
        (Deed.DECLINE, AssignmentState.DECLINED),
    ):
        if (live.state, to) in LEGAL_STATES:
            outcomes = OUTCOMES[live.purpose] if deed is Deed.FEED_BACK else None
            yield Allowed(deed=deed, reason=deed is Deed.DECLINE, criteria=None, outcomes=outcomes)


def _own_or_lead(user: User, placed: Sequence[Assignment]) -> Assignment | None:
    """What the user has to do there, else what whoever leads has."""
    live = sorted((a for a in placed if a.state in LIVE), key=lambda a: a.part)
    return next((a for a in live if a.responder == user.responder), live[0] if live else None)


def _in_sight(plan: PlanSummary | None, shown: Collection[IncidentId]) -> PlanSummary | None:
    """The plan, silent about cases of other areas."""
    return plan and replace(plan, unassigned=tuple(w for w in plan.unassigned if w.incident in shown))


def _require_sight(user: User, case: Incident, mine: bool) -> None:
    """Forbidden unless the user watches the desk there or is on the case."""
    if not mine:
        policy.require(user, Deed.SEE_DESK, case)


def _task(desk: Desk, tx: Transaction, user: User, a: Assignment, case: Incident) -> Task:
    seen = policy.allows(user, Deed.SEE_CONTACT, case, mine=a.responder == user.responder)
    return Task(assignment=a, incident=case if seen else replace(case, contact=None), kind=desk.class_of(tx, case))


@contextmanager
def _reading(engine: Engine) -> Iterator[Transaction]:
    """One snapshot for everything that is asked."""
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as tx,
        tx.begin(),
    ):
        yield tx
