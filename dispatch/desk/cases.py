"""The dispatcher's words on a case. A deed that ends or returns a case also takes it from whoever is on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from dispatch import lifecycle, policy, steps, store
from dispatch.desk.reporting import Locate, Report, located
from dispatch.desk.room import Desk, check_version
from dispatch.model import BEGUN, Deed, Event, Incident, IncidentClass, IncidentId, Priority, Source, User
from dispatch.store.keys import clock
from dispatch.store.waiting import waits_no_more
from gis.database import Transaction
from gis.model import Found, Place, Point
from gis.store import additions
from gis.travel.beeline import degrees, great_circle

MOVED = 30.0  #: metres that a pin has to be away from where the words were found to teach anything

type Change = Callable[[Incident, IncidentClass, datetime], Incident]

_KINDS = {
    Deed.CONFIRM: "incident.confirmed",
    Deed.REJECT: "incident.rejected",
    Deed.RETURN: "incident.returned",
    Deed.CLOSE: "incident.closed",
    Deed.REOPEN: "incident.reopened",
    Deed.EVALUATE: "incident.evaluated",
    Deed.RECLASSIFY: "incident.reclassified",
    Deed.RELOCATE: "incident.relocated",
    Deed.NOTE: "incident.noted",
}
_FREES = frozenset({Deed.CONFIRM, Deed.REJECT, Deed.RETURN, Deed.CLOSE})


def confirm(
    desk: Desk, *, who: User, incident: IncidentId, version: int | None, criterion: str | None, key: str | None
) -> Incident:
    """A public report becomes a case on the dispatcher's word."""

    def change(case: Incident, kind: IncidentClass, at: datetime) -> Incident:
        return lifecycle.confirm(case, kind=kind, criterion=criterion, at=at)

    return _do(desk, who, Deed.CONFIRM, incident, version, key, {"criterion": criterion}, change)


def reject(
    desk: Desk, *, who: User, incident: IncidentId, version: int | None, reason: str | None, key: str | None
) -> Incident:
    """No case, with the reason."""

    def change(case: Incident, _: IncidentClass, at: datetime) -> Incident:
        return lifecycle.reject(case, reason=reason, at=at)

    return _do(desk, who, Deed.REJECT, incident, version, key, {"reason": reason}, change)


def return_(
    desk: Desk, *, who: User, incident: IncidentId, version: int | None, reason: str | None, key: str | None
) -> Incident:
    """The work does not hold: back to the queue, with the reason."""

    def change(case: Incident, _: IncidentClass, __: datetime) -> Incident:
        return lifecycle.return_(case, reason=reason)

    return _do(desk, who, Deed.RETURN, incident, version, key, {"reason": reason}, change)


def close(
    desk: Desk,
    *,
    who: User,
    incident: IncidentId,
    version: int | None,
    criterion: str | None,
    outcome: str | None = None,
    reason: str | None = None,
    key: str | None,
) -> Incident:
    """Verified by somebody else than whoever did it, and closed under a criterion."""

    def change(case: Incident, kind: IncidentClass, at: datetime) -> Incident:
        return lifecycle.close(case, kind=kind, criterion=criterion, outcome=outcome, who=who, at=at)

    asked = {"criterion": criterion, "outcome": outcome, "reason": reason}
    return _do(desk, who, Deed.CLOSE, incident, version, key, asked, change)


def reopen(
    desk: Desk, *, who: User, incident: IncidentId, version: int | None, reason: str | None, key: str | None
) -> Incident:
    """Once more from the start, with the reason."""

    def change(case: Incident, kind: IncidentClass, at: datetime) -> Incident:
        return lifecycle.reopen(case, kind=kind, reason=reason, at=at)

    return _do(desk, who, Deed.REOPEN, incident, version, key, {"reason": reason}, change)


def evaluate(
    desk: Desk,
    *,
    who: User,
    incident: IncidentId,
    version: int | None,
    score: int,
    comment: str | None = None,
    key: str | None,
) -> Incident:
    """Satisfaction, 1 to 5, by whoever reported it or a supervisor."""

    def change(case: Incident, _: IncidentClass, __: datetime) -> Incident:
        return lifecycle.evaluate(case, score=score)

    return _do(desk, who, Deed.EVALUATE, incident, version, key, {"score": score, "reason": comment}, change)


def reclassify(
    desk: Desk,
    *,
    who: User,
    incident: IncidentId,
    version: int | None,
    class_code: str,
    reason: str | None,
    criterion: str | None = None,
    priority: Priority | None = None,
    key: str | None,
) -> Incident:
    """Another class of the table in force, with the reason."""
    kind = desk.classes.get(class_code)

    def change(case: Incident, _: IncidentClass, at: datetime) -> Incident:
        return lifecycle.reclassify(case, kind=kind, criterion=criterion, priority=priority, reason=reason, at=at)

    asked = {"class_code": class_code, "criterion": criterion, "priority": priority, "reason": reason}
    return _do(desk, who, Deed.RECLASSIFY, incident, version, key, asked, change)


def relocate(
    desk: Desk,
    *,
    who: User,
    incident: IncidentId,
    version: int | None,
    text: str | None,
    point: Point | None,
    locate: Locate,
    reason: str | None = None,
    key: str | None,
) -> Incident:
    """Where it really is: looked for before the transaction, kept as said where nobody knows.

    A pin set on a case that was looked for by words teaches the register what the words mean.
    """
    with desk.begin() as tx:
        seen = store.incident(tx, incident)
    said = Report(
        district=seen.district, class_code=seen.class_code, source=Source(seen.source), text=text, point=point
    )
    place = _placed(located(said, locate), seen)

    def change(case: Incident, _: IncidentClass, __: datetime) -> Incident:
        return replace(lifecycle.relocate(case, place=place), said=text or case.said)

    def taught(tx: Transaction, before: Incident) -> None:
        if point is not None and not text:
            _learn(tx, before, point)

    asked = {"text": text, "point": point, "reason": reason}
    return _do(desk, who, Deed.RELOCATE, incident, version, key, asked, change, taught)


def note(
    desk: Desk, *, who: User, incident: IncidentId, version: int | None, note: str | None, key: str | None
) -> Incident:
    """A remark on the timeline; the case stays as it is."""

    def change(case: Incident, _: IncidentClass, __: datetime) -> Incident:
        lifecycle.check_reason(Deed.NOTE, note)
        return case

    return _do(desk, who, Deed.NOTE, incident, None if version is None else version, key, {"reason": note}, change)


def _do(
    desk: Desk,
    who: User,
    deed: Deed,
    incident: IncidentId,
    version: int | None,
    key: str | None,
    asked: Mapping[str, Any],
    change: Change,
    also: Callable[[Transaction, Incident], None] | None = None,
) -> Incident:
    def work(tx: Transaction) -> Incident:
        before = store.incident(tx, incident, lock=True)
        policy.require(who, deed, before, mine=_on_it(tx, who, before) if deed is Deed.NOTE else None)
        check_version(before, version)
        lifecycle.check_stage(before, deed)
        at = clock(tx)
        reason = asked.get("reason")
        if deed in _FREES:
            before = steps.alone(tx, before, by=who.id, reason=reason or str(deed), at=at)
        after = change(before, desk.class_of(tx, before), at)
        _keep(tx, deed, who, before, after, reason)
        if also is not None:
            also(tx, before)
        return after

    return desk.once(
        Incident, work, name=deed, key=key, who=who, asked={"incident": incident, "version": version, **asked}
    )


def _keep(tx: Transaction, deed: Deed, who: User, before: Incident, after: Incident, reason: str | None) -> None:
    if after is not before:
        store.save_incident(tx, before, after)
        waits_no_more(tx, after.id)
    event = Event(
        kind=_KINDS[deed],
        district=after.district,
        area=after.area,
        incident=after.id,
        actor=who.id,
        reason=reason,
        body=store.changes(incident=after),
    )
    store.record(tx, event)


def _learn(tx: Transaction, before: Incident, point: Point) -> None:
    """The words meant this point, unless they were found within MOVED metres of it, or a pin has corrected them."""
    if before.said is None or before.found == Found.PIN:
        return
    if before.point is None or great_circle(*(degrees([p]) for p in (before.point, point)))[0] > MOVED:
        additions.learn(tx, before.district, before.said, point)


def _on_it(tx: Transaction, who: User, case: Incident) -> bool:
    return any(a.responder == who.responder and a.state in BEGUN for a in store.live_crew(tx, case.id))


def _placed(place: Place, seen: Incident) -> Place:
    if place.found is Found.NOT_LOCATED and not place.label:
        return Place(point=None, label=seen.place, found=Found.NOT_LOCATED, score=0.0, accuracy_m=0.0)
    return place
