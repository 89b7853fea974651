"""The people for one case, best first, each with way, load and every rule passed or failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Engine

from dispatch import store
from dispatch.candidates.rules import (
    Rule,
    available,
    fresh_position,
    has_skill,
    service,
    skilled_enough,
    standing,
    straight,
    whereabouts,
)
from dispatch.lifecycle import purpose_of
from dispatch.model import Assignment, Incident, IncidentClass, IncidentId, Purpose, Responder, ResponderId
from dispatch.store.classes import class_of
from dispatch.store.places import code_and_zone
from gis.database import Transaction, begin
from gis.model import DistrictId, Mode, Point
from gis.store.speeds import speeds
from gis.travel.engine import TravelEngine
from gis.travel.speeds import NORMAL
from gis.travel.speeds import now as speed_now

BEST = 5


@dataclass(frozen=True, kw_only=True)
class Load:
    """What binds somebody already."""

    tasks: int
    busy_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One person for one case. Ways are None where there is none, or where the place is not known."""

    responder: Responder
    fit: bool
    seconds: float | None  #: by road, from where the person is now
    metres: float | None
    straight_metres: float | None
    eta: datetime | None  #: after what they have to do already
    load: Load
    position_age: float | None  #: seconds
    rules: tuple[Rule, ...]
    estimated: bool


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The best five who are fit; where fewer are, everybody else as well, with what speaks against them."""

    incident: Incident
    purpose: Purpose
    made_at: datetime
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Way:
    """From where somebody is now, and from where their last task leaves them; seconds and metres, inf: none."""

    seconds: float
    metres: float
    seconds_after: float
    estimated: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """One case and everybody, as read in one transaction."""

    case: Incident
    kind: IncidentClass
    purpose: Purpose
    people: Sequence[Responder]
    live: Mapping[ResponderId, Sequence[Assignment]]
    before: Sequence[Assignment]
    places: Mapping[IncidentId, Point | None]
    now: datetime
    slower: Mapping[Mode, float] = field(default_factory=dict)  #: how much longer ways take at this hour


def candidates(
    engine: Engine,
    travel: TravelEngine,
    incident: IncidentId,
    *,
    purpose: Purpose | None = None,
    now: datetime,
    everybody: bool = False,
) -> Candidates:
    """Who could go: the best five, or `everybody`. Raises Unknown; NotNow where nobody has to go."""
    asked = _read(engine, incident, purpose, now)
    ways = _ways(asked, travel)
    people = sorted((_candidate(asked, p, ways.get(p.id)) for p in asked.people), key=_order)
    fit = [c for c in people if c.fit]
    chosen = people if everybody or len(fit) < BEST else fit[:BEST]
    return Candidates(incident=asked.case, purpose=asked.purpose, made_at=now, candidates=tuple(chosen))


def _read(engine: Engine, incident: IncidentId, purpose: Purpose | None, now: datetime) -> Question:
    with begin(engine) as tx:
        case = store.incident(tx, incident)
        live: dict[ResponderId, list[Assignment]] = defaultdict(list)
        for a in store.live_in_district(tx, case.district):
            if a.incident != case.id:
                live[a.responder].append(a)
        bound = {a.incident for chain in live.values() for a in chain}
        return Question(
            case=case,
            kind=class_of(tx, case.class_code, case.class_version),
            purpose=purpose or purpose_of(case),
            people=store.responders(tx, case.district),
            live={who: sorted(chain, key=lambda a: a.during.start) for who, chain in live.items()},
            before=store.assignments_of(tx, [case.id]),
            places={c.id: c.point for c in store.incidents_by_id(tx, bound)},
            now=now,
            slower=slower(tx, case.district, now),
        )


def slower(tx: Transaction, district: DistrictId, at: datetime) -> dict[Mode, float]:
    """How much longer ways take at this moment than the road engine says, by mode."""
    _, zone = code_and_zone(tx, district)
    tables = speeds(tx, district)
    return {mode: speed_now(tables, mode, at, zone) / NORMAL for mode in tables}


def _ways(asked: Question, travel: TravelEngine) -> dict[ResponderId, Way]:
    """One matrix a mode, no transaction open."""
    found: dict[ResponderId, Way] = {}
    if asked.case.point is None:
        return found
    for mode in Mode:
        people = [p for p in asked.people if p.mode is mode]
        if not people:
            continue
        starts = [whereabouts(p, asked.now) for p in people]
        after = [_last_place(asked, p, start) for p, start in zip(people, starts, strict=True)]
        matrix = travel.matrix(mode, [*starts, *after], [asked.case.point])
        took = matrix.seconds[:, 0] * asked.slower.get(mode, 1.0)
        for k, person in enumerate(people):
            estimated = matrix.estimated or not matrix.moved.isdisjoint((starts[k], after[k], asked.case.point))
            later = float(took[k + len(people)])
            found[person.id] = Way(float(took[k]), float(matrix.metres[k, 0]), later, estimated)
    return found


def _last_place(asked: Question, person: Responder, otherwise: Point) -> Point:
    chain = asked.live.get(person.id, ())
    place = asked.places.get(chain[-1].incident) if chain else None
    return place or otherwise


def _candidate(asked: Question, person: Responder, way: Way | None) -> Candidate:
    chain = asked.live.get(person.id, ())
    load = Load(tasks=len(chain), busy_until=chain[-1].during.end if chain else None)
    reached = way is not None and np.isfinite(way.seconds_after)
    free = max(asked.now, load.busy_until or asked.now)
    eta = free + timedelta(seconds=way.seconds_after) if way is not None and reached else None
    rules = _rules(asked, person, load, way, eta)
    age = fresh_position(person, asked.now).params["age"]
    return Candidate(
        responder=person,
        fit=all(r.passed for r in rules if r.hard),
        seconds=_number(way.seconds) if way else None,
        metres=_number(way.metres) if way else None,
        straight_metres=straight(whereabouts(person, asked.now), asked.case.point),
        eta=eta,
        load=load,
        position_age=age,
        rules=rules,
        estimated=way.estimated if way else False,
    )


def _rules(asked: Question, person: Responder, load: Load, way: Way | None, eta: datetime | None) -> tuple[Rule, ...]:
    ends = (eta or asked.now) + timedelta(seconds=service(asked.case, asked.purpose))
    shift = next((s for s in person.shifts if s.start <= asked.now < s.end), None)
    on_shift = shift is not None and ends <= shift.end
    return (
        has_skill(person, asked.case, asked.purpose),
        *skilled_enough(person, asked.case, asked.kind, asked.purpose, ends),
        available(person),
        Rule(code="shift", passed=on_shift, params={"ends": shift.end.isoformat() if shift else None}),
        *standing(person, asked.case, asked.kind, asked.purpose, asked.before, asked.now),
        Rule(code="way", passed=way is None or eta is not None, params={"mode": str(person.mode)}),
        Rule(code="max_tasks", passed=load.tasks < person.max_tasks, params={"tasks": load.tasks}),
        fresh_position(person, asked.now),
    )


def _order(c: Candidate) -> tuple[bool, int, float, int]:
    """Fit first; then by how little speaks against them; then by who is there first."""
    failed = sum(not r.passed for r in c.rules if r.hard)
    return not c.fit, failed, c.eta.timestamp() if c.eta else np.inf, c.responder.id


def _number(x: float) -> float | None:
    return x if np.isfinite(x) else None
