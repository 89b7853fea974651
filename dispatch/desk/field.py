"""What responders do, from phones that may be late, repeat themselves, or act on what they saw an hour ago.

A version is taken as a hint: the engine moves windows while a phone is offline, and that must not stop an arrival.
Where the deed still fits the state it is done; where not, an old version makes the error Stale instead of NotNow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from dispatch import lifecycle, policy, steps, store
from dispatch.desk.room import Desk
from dispatch.errors import Forbidden, Invalid, NotNow, Stale
from dispatch.lifecycle import Work
from dispatch.model import Assignment, AssignmentId, Deed, Duty, Event, Outcome, Responder, ResponderId, User
from dispatch.store.keys import clock
from dispatch.store.responders import put_fix
from dispatch.store.shifts import take_pause
from gis.database import Transaction
from gis.model import Point

type Change = Callable[[Transaction, Work, datetime], Work]

_KINDS = {
    Deed.ACCEPT: "assignment.accepted",
    Deed.DECLINE: "assignment.declined",
    Deed.DEPART: "assignment.departed",
    Deed.ARRIVE: "assignment.arrived",
    Deed.FEED_BACK: "assignment.fed_back",
}
_MOVES = frozenset({Deed.DEPART, Deed.ARRIVE})
_ENDS = frozenset({Deed.DECLINE, Deed.FEED_BACK})
MOST_FIXES = 1000


@dataclass(frozen=True, kw_only=True)
class Fix:
    """Where a phone was. `accuracy_m` in metres, `heading` in degrees from north, `speed` in m/s."""

    point: Point
    at: datetime
    accuracy_m: float | None = None
    heading: float | None = None
    speed: float | None = None


def accept(
    desk: Desk, *, who: User, assignment: AssignmentId, version: int | None, at: datetime | None = None, key: str | None
) -> Work:
    """The responder takes the work. Accepting twice with one key is accepting once."""

    def change(_: Transaction, work: Work, now: datetime) -> Work:
        return lifecycle.accept(work, at=now)

    return _do(desk, who, Deed.ACCEPT, assignment, version, at, key, {}, change)


def decline(
    desk: Desk,
    *,
    who: User,
    assignment: AssignmentId,
    version: int | None,
    reason: str | None,
    at: datetime | None = None,
    key: str | None,
) -> Work:
    """The responder cannot, with the reason; the case waits again."""

    def change(_: Transaction, work: Work, now: datetime) -> Work:
        return lifecycle.decline(work, reason=reason, at=now)

    return _do(desk, who, Deed.DECLINE, assignment, version, at, key, {"reason": reason}, change)


def depart(
    desk: Desk, *, who: User, assignment: AssignmentId, version: int | None, at: datetime | None = None, key: str | None
) -> Work:
    """On the way. The other tasks are pushed back; Taken while another one is under way."""

    def change(_: Transaction, work: Work, now: datetime) -> Work:
        return lifecycle.depart(work, at=now)

    return _do(desk, who, Deed.DEPART, assignment, version, at, key, {}, change)


def arrive(
    desk: Desk, *, who: User, assignment: AssignmentId, version: int | None, at: datetime | None = None, key: str | None
) -> Work:
    """On scene."""

    def change(_: Transaction, work: Work, now: datetime) -> Work:
        return lifecycle.arrive(work, at=now)

    return _do(desk, who, Deed.ARRIVE, assignment, version, at, key, {}, change)


def feed_back(
    desk: Desk,
    *,
    who: User,
    assignment: AssignmentId,
    version: int | None,
    outcome: Outcome,
    note: str | None = None,
    criterion: str | None = None,
    at: datetime | None = None,
    key: str | None,
) -> Work:
    """What was found and done: ends the assignment, and settles a check or a verification."""

    def change(tx: Transaction, work: Work, now: datetime) -> Work:
        kind = desk.class_of(tx, work.incident)
        return lifecycle.feed_back(work, kind=kind, outcome=outcome, note=note, criterion=criterion, by=who.id, at=now)

    asked = {"outcome": outcome, "reason": note, "criterion": criterion}
    return _do(desk, who, Deed.FEED_BACK, assignment, version, at, key, asked, change)


def positions(desk: Desk, *, who: User, fixes: Sequence[Fix]) -> int:
    """Keep where the caller's phone was; how many were taken, repeats too. A late fix never replaces a newer one."""
    if who.responder is None:
        raise Forbidden(deed=Deed.POSITION, role=", ".join(sorted(who.roles())))
    if len(fixes) > MOST_FIXES:
        raise Invalid(field="positions", value=len(fixes), allowed=f"≤ {MOST_FIXES}")
    for fix in fixes:
        if not (-180 <= fix.point.lon <= 180 and -90 <= fix.point.lat <= 90):
            raise Invalid(field="position", value=[fix.point.lon, fix.point.lat], allowed="position")
    with desk.begin() as tx:
        policy.require(who, Deed.POSITION, store.responder(tx, who.responder))
        now = clock(tx)
        for fix in sorted(fixes, key=lambda f: f.at):  # a phone whose clock is ahead must not block its next fixes
            put_fix(tx, who.responder, **asdict(fix) | {"point": fix.point, "at": min(fix.at, now)})
    return len(fixes)


def set_duty(desk: Desk, *, who: User, responder: ResponderId, duty: Duty, key: str | None) -> Responder:
    """Available, on a break, off: by the responder or the desk."""

    def deed(tx: Transaction) -> Responder:
        before = store.responder(tx, responder, lock=True)
        policy.require(who, Deed.DUTY, before)
        if duty is Duty.BREAK:
            take_pause(tx, responder, clock(tx))
        after = replace(before, duty=duty, version=before.version + 1)
        store.save_responder(tx, before, after)
        event = Event(
            kind="responder.duty_changed",
            district=after.district,
            area=after.area,
            responder=after.id,
            actor=who.id,
            body=store.changes(responder=after),
        )
        store.record(tx, event)
        return after

    return desk.once(Responder, deed, name=Deed.DUTY, key=key, who=who, asked={"responder": responder, "duty": duty})


def _do(
    desk: Desk,
    who: User,
    deed: Deed,
    assignment: AssignmentId,
    version: int | None,
    at: datetime | None,
    key: str | None,
    asked: Mapping[str, Any],
    change: Change,
) -> Work:
    def work(tx: Transaction) -> Work:
        before = _locked(tx, assignment)
        policy.require(who, deed, before.assignment)
        now = clock(tx)
        live = store.live_assignments(tx, before.assignment.responder, lock=True) if deed in _MOVES else []
        after = _changed(tx, before, version, change, _moment(before.assignment, at, now))
        steps.save_work(tx, before, after)
        if deed in _ENDS:
            steps.release(tx, after, by=who.id, at=now)
        moved = steps.push_back(tx, live, mine=after.assignment, now=now) if deed in _MOVES else []
        reason = asked.get("reason")
        more = {"outcome": str(asked["outcome"])} if "outcome" in asked else {}
        steps.announce(tx, _KINDS[deed], after, actor=who.id, reason=reason, moved=moved, **more)
        return after

    said = {"assignment": assignment, "version": version, "at": at, **asked}
    return desk.once(Work, work, name=deed, key=key, who=who, asked=said)


def _locked(tx: Transaction, assignment: AssignmentId) -> Work:
    case = store.incident(tx, store.assignment(tx, assignment).incident, lock=True)  # the case first, as everywhere
    return Work(incident=case, assignment=store.assignment(tx, assignment, lock=True))


def _changed(tx: Transaction, before: Work, version: int | None, change: Change, at: datetime) -> Work:
    current = before.assignment.version
    try:
        return change(tx, before, at)
    except NotNow:
        if version is None or version == current:
            raise
        raise Stale(what="assignment", id=before.assignment.id, version=version, current=current) from None


def _moment(a: Assignment, said: datetime | None, now: datetime) -> datetime:
    """When it was done, as the phone says, but neither before the last step nor after now."""
    last = max(s for s in (a.offered_at, a.accepted_at, a.departed_at, a.arrived_at) if s is not None)
    return now if said is None else min(max(said, last), now)
