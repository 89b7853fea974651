"""The rules about one person and one case, each passed or failed, as a code and its parameters.

The planner keeps people out by the same rules by which the dispatcher is told why somebody is not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dispatch.model import (
    Assignment,
    AssignmentState,
    Duty,
    Incident,
    IncidentClass,
    Purpose,
    Responder,
    ResponderId,
    ResponderKind,
)
from gis.model import Point
from gis.travel.beeline import degrees, great_circle

FRESH = timedelta(minutes=30)  #: an older position says nothing; the home is the better guess
DECLINED_FOR = timedelta(hours=12)  #: for so long nobody is asked again what they declined
WAS_THERE_FOR = timedelta(hours=1)  #: and nobody is sent back at once to what was taken from them or did not hold
SHORT_VISIT = 300  #: seconds of work, at most, of a check or a verification


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule and how this person stands to it. `hard`: who fails it is not fit."""

    code: str
    passed: bool
    params: Mapping[str, Any] = field(default_factory=dict)
    hard: bool = True


def standing(
    person: Responder,
    case: Incident,
    kind: IncidentClass,
    purpose: Purpose,
    before: Iterable[Assignment],
    now: datetime,
) -> list[Rule]:
    """The rules that hold whatever the hour. `before`: everybody who ever was on the case."""
    mine = [a for a in before if a.responder == person.id and a.purpose is purpose]
    metres = None if person.radius_m is None else straight(person.home, case.point)
    radius_ok = person.radius_m is None or metres is None or metres <= person.radius_m
    return [
        Rule(code="volunteers", passed=volunteer_may(person, kind, purpose)),
        Rule(code="someone_else", passed=not did_it(person.id, case, purpose)),
        Rule(code="declined", passed=not any(too_soon(a, now) for a in mine)),
        Rule(code="radius", passed=radius_ok, params={"radius_m": person.radius_m, "metres": metres}),
        fits_the_lane(person, case),
    ]


def fits_the_lane(person: Responder, case: Incident) -> Rule:
    """Whether the vehicle is narrow enough for the way to the spot, as far as that is known."""
    width = person.vehicle.width_m if person.vehicle else None
    fits = width is None or case.max_width_m is None or width <= case.max_width_m
    return Rule(code="width", passed=fits, params={"width_m": width, "max_width_m": case.max_width_m})


def has_skill(person: Responder, case: Incident, purpose: Purpose) -> Rule:
    """Handling asks for the skill of the class; to look needs none."""
    needed = case.skill if purpose is Purpose.HANDLE else None
    return Rule(code="skill", passed=needed is None or needed in person.skills, params={"skill": needed})


def skilled_enough(
    person: Responder, case: Incident, kind: IncidentClass, purpose: Purpose, until: datetime
) -> list[Rule]:
    """How well the skill is held, and whether the certificate is good until the work ends; none without the skill."""
    needed = case.skill if purpose is Purpose.HANDLE else None
    held = person.certificate(needed) if needed else None
    if held is None:
        return []
    good = held.valid_until is None or until <= held.valid_until
    until_when = held.valid_until.isoformat() if held.valid_until else None
    return [
        Rule(code="level", passed=held.level >= kind.level, params={"level": held.level, "needed": kind.level}),
        Rule(code="certificate", passed=good, params={"skill": needed, "until": until_when}),
    ]


def volunteer_may(person: Responder, kind: IncidentClass, purpose: Purpose) -> bool:
    """Volunteers go where the class lets them, and verify nobody's work."""
    if person.kind is not ResponderKind.VOLUNTEER:
        return True
    return kind.volunteers and purpose is not Purpose.VERIFY


def did_it(responder: ResponderId, case: Incident, purpose: Purpose) -> bool:
    """Whoever handled a case does not verify it."""
    return purpose is Purpose.VERIFY and case.handled_by == responder


def too_soon(a: Assignment, now: datetime) -> bool:
    """Whether somebody who was on the case is not to be asked for it again just now."""
    if a.ended_at is None:
        return False
    if a.state is AssignmentState.DECLINED:
        return now - a.ended_at < DECLINED_FOR
    by_hand = a.state is AssignmentState.WITHDRAWN and a.reason != "replanned"
    did_not_hold = a.state is AssignmentState.DONE
    return (by_hand or did_not_hold) and now - a.ended_at < WAS_THERE_FOR


def available(person: Responder) -> Rule:
    """What they say of themself."""
    return Rule(code="duty", passed=person.duty is Duty.AVAILABLE, params={"duty": str(person.duty)})


def fresh_position(person: Responder, now: datetime) -> Rule:
    """Told, but no reason against anybody."""
    age = None if person.point_at is None else (now - person.point_at).total_seconds()
    fresh = age is not None and age <= FRESH.total_seconds()
    return Rule(code="position", passed=fresh, params={"age": age}, hard=False)


def whereabouts(person: Responder, now: datetime) -> Point:
    """Where they are, as far as anybody knows: the last fix while it is fresh, else home."""
    if person.point is None or person.point_at is None or now - person.point_at > FRESH:
        return person.home
    return person.point


def service(case: Incident, purpose: Purpose) -> int:
    """Seconds of work on the spot."""
    return case.service_seconds if purpose is Purpose.HANDLE else min(SHORT_VISIT, case.service_seconds)


def straight(a: Point, b: Point | None) -> float | None:
    """Metres as the crow flies; None to a place that is not known."""
    return None if b is None else float(great_circle(degrees([a])[0], degrees([b])[0]))
