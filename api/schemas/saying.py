"""Shapes that carry sentences: what `dispatch.shape` gives, with the words of a language added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api import messages
from api.messages import Language
from api.schemas import telling
from dispatch import shape
from dispatch.candidates import Candidate
from dispatch.desk import Allowed, Day, Detail, Task
from dispatch.model import Incident, IncidentClass, PlanSummary, StoredEvent
from gis.model import Leg

type Json = dict[str, Any]

SHIFTED = "assignment.shifted"


def plan(found: PlanSummary | None, language: Language) -> Json | None:
    """What the engine did last."""
    if found is None:
        return None
    left = [{"incident": one.incident, **telling.waiting(one, language)} for one in found.unassigned]
    return {**shape.plan(found), "unassigned": left, "degraded": telling.degraded(found.degraded, language)}


def told_plan(plan: Json, language: Language) -> Json:
    """The same of a plan that an event carries."""
    left = [
        {**one, "message": messages.waiting(one["reason"], telling.worded(one.get("params") or {}, language), language)}
        for one in plan.get("unassigned", ())
    ]
    return {**plan, "unassigned": left, "degraded": telling.degraded(plan.get("degraded"), language)}


def degraded(found: list[Json], language: Language) -> list[Json]:
    """What works less well."""
    return [
        {**one, "since": shape.moment(one.get("since")), "message": messages.degraded(one["what"], one, language)}
        for one in found
    ]


def kind(found: IncidentClass) -> Json:
    """A class; the priorities and criteria as plain values."""
    return {
        **{name: getattr(found, name) for name in _CLASS},
        "major_names": dict(found.major_names),
        "names": dict(found.names),
        "priority": int(found.priority),
        "filing": [
            {"code": one.code, "names": dict(one.names), "handle_seconds": one.handle_seconds} for one in found.filing
        ],
        "closing": [{"code": one.code, "names": dict(one.names)} for one in found.closing],
        "crew": [{"skill": one.skill, "level": one.level} for one in found.crew],
    }


_CLASS = (
    *("code", "version", "major", "skill", "service_seconds", "accept_seconds", "arrive_seconds", "handle_seconds"),
    *("volunteers", "public", "icon", "level"),
)


def detail(found: Detail, language: Language) -> Json:
    """One case with all that belongs to it; `routes` come from whoever knows ways."""
    case = found.incident
    return {
        "incident": shape.incident(case),
        "contact": case.contact,
        "class": kind(found.kind),
        "assignments": [shape.assignment(one) for one in found.assignments],
        "responders": {key: shape.responder(person) for key, person in found.responders.items() if key in found.shown},
        "timeline": [entry(one, found, language) for one in folded(found.timeline)],
        "files": [
            {"id": file.id, "media_type": file.media_type, "at": shape.moment(file.at), "url": f"/api/files/{file.id}"}
            for file in found.files
        ],
        "deeds": [deed(one) for one in found.deeds],
        "unassigned": telling.waiting(found.waiting, language) if found.waiting else None,
    }


def folded(told: Sequence[StoredEvent]) -> list[StoredEvent]:
    """The record without plans that were replaced before anything happened: of shifts in a row, the last."""
    kept: list[StoredEvent] = []
    for one in told:
        if kept and one.event.kind == SHIFTED == kept[-1].event.kind and _whose(one) == _whose(kept[-1]):
            kept.pop()
        kept.append(one)
    return kept


def _whose(told: StoredEvent) -> int | None:
    return told.event.assignment


def entry(stored: StoredEvent, found: Detail, language: Language) -> Json:
    """One line of the record."""
    told = stored.event
    person = found.responders.get(told.responder) if told.responder else None
    reason = messages.word("reason", told.reason, language) if told.reason else None
    actor = None if told.actor is None else {"id": told.actor, "name": found.actors.get(told.actor, "")}
    return {
        "seq": stored.seq,
        "at": shape.moment(stored.at),
        "kind": told.kind,
        "actor": actor,
        "reason": reason,
        "message": messages.event(told.kind, _event_words(stored, person.name if person else "", reason), language),
        "assignment": told.assignment,
        "responder": told.responder,
    }


def deed(found: Allowed) -> Json:
    """What may be done now and what it asks for."""
    criteria = None if found.criteria is None else [{"code": c.code, "names": dict(c.names)} for c in found.criteria]
    needs = {"reason": found.reason, "criterion": criteria, "outcome": found.outcomes is not None}
    return {"deed": str(found.deed), "needs": needs}


def candidate(found: Candidate, language: Language) -> Json:
    """One person with the reasons for and against."""
    rules = [
        {
            "code": rule.code,
            "passed": rule.passed,
            "params": dict(rule.params),
            "message": messages.rule(rule.code, rule.passed, telling.worded(rule.params, language), language),
        }
        for rule in found.rules
    ]
    return {
        "responder": shape.responder(found.responder),
        "fit": found.fit,
        "seconds": found.seconds,
        "metres": found.metres,
        "straight_metres": found.straight_metres,
        "eta": shape.moment(found.eta),
        "load": {"tasks": found.load.tasks, "busy_until": shape.moment(found.load.busy_until)},
        "position_age": found.position_age,
        "rules": rules,
        "estimated": found.estimated,
    }


def task(found: Task) -> Json:
    """One stop of a day."""
    return {"assignment": shape.assignment(found.assignment), "incident": shape.incident(found.incident)}


def my_task(found: Task) -> Json:
    """The same for whoever goes: with class and contact."""
    return {**task(found), "class": kind(found.kind), "contact": found.incident.contact}


def shifts(found: Day) -> list[Json]:
    """The shifts of the person, around now."""
    return [{"start": shape.moment(s.start), "end": shape.moment(s.end)} for s in found.responder.shifts]


def leg(found: Leg) -> Json:
    """One way."""
    return {
        "line": [(point.lon, point.lat) for point in found.line],
        "seconds": found.seconds,
        "metres": found.metres,
        "estimated": found.estimated,
    }


def tour(legs: list[Leg]) -> Json | None:
    """The way through all stops."""
    if not legs:
        return None
    drawn = [leg(one) for one in legs]
    line = [point for one in drawn for point in one.pop("line")]
    return {"line": line, "legs": drawn, "estimated": any(one.estimated for one in legs)}


def track(case: Incident) -> Json:
    """What a resident sees of a report."""
    ended = "rejected" if case.stage == "rejected" else "closed"
    stamps = {
        "collected": case.reported_at,
        "filed": case.filed_at,
        "dispatched": case.dispatched_at,
        "handling": case.accepted_at,
        "fed_back": case.fed_back_at,
        ended: case.closed_at,
    }
    return {
        "number": case.number,
        "title": case.title,
        "place": case.place,
        "stage": str(case.stage),
        "stages": [{"stage": stage, "at": shape.moment(at)} for stage, at in stamps.items()],
        "updated_at": shape.moment(max(at for at in stamps.values() if at is not None)),
        "evaluable": case.stage == "closed",
    }


def _event_words(stored: StoredEvent, person: str, reason: str | None) -> Json:
    told = stored.event
    incident = told.body.get("incident") or {}
    responder = told.body.get("responder") or {}
    return {
        "responder_name": person or responder.get("name", ""),
        "reason": reason,
        "note": told.reason,
        "place": incident.get("place"),
        "score": incident.get("score"),
        "outcome": told.body.get("outcome"),
        "purpose": told.body.get("purpose"),
        "duty": responder.get("duty"),
    }
