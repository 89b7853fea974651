"""Limits of people and of cases: what the engine has to heed beyond the obvious."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path

from api.identity import Caller, Key, permits
from api.schemas import engine as forms
from api.schemas.problem import refusals
from api.wiring import HouseDep
from dispatch import crew, policy, shape
from dispatch import store as work
from dispatch.desk import setting
from dispatch.desk.setting import CaseLimits, Limits
from dispatch.model import Certificate, Deed, Incident, Responder, Vehicle
from dispatch.planning.snapshot import worked_by
from dispatch.store.shifts import Pattern, patterns_of
from gis.database import begin

router = APIRouter(prefix="/api", tags=["engine"])

Person = Annotated[int, Path(ge=1, le=2**31 - 1)]
Case = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get(
    "/responders/{responder}/limits",
    response_model=forms.PersonLimitsOut,
    dependencies=[permits(Deed.MANAGE_CREW)],
    responses=refusals(401, 403, 404),
)
def of_person(responder: Person, who: Caller, house: HouseDep) -> dict[str, Any]:
    """What somebody holds, comes with and may be asked for; what they have worked."""
    with begin(house.engine) as tx:
        person = work.responder(tx, responder)
    policy.require(who, Deed.MANAGE_CREW, person)
    return _person(person, house)


@router.put(
    "/responders/{responder}/limits",
    response_model=forms.PersonLimitsOut,
    dependencies=[permits(Deed.MANAGE_CREW)],
    responses=refusals(401, 403, 404, 409, 422),
)
def limit_person(
    responder: Person, given: forms.PersonLimitsIn, who: Caller, house: HouseDep, key: Key
) -> dict[str, Any]:
    """Skills with level and end, the vehicle, overtime, rest, most work: from the next plan on."""
    vehicle = given.vehicle
    limits = Limits(
        held={one.skill: Certificate(level=one.level, valid_until=one.valid_until) for one in given.skills},
        vehicle=Vehicle(width_m=vehicle.width_m, capacity=vehicle.capacity) if vehicle else None,
        overtime_seconds=given.overtime_seconds,
        rest_seconds=given.rest_seconds,
        max_seconds=given.max_seconds,
    )
    after = setting.limit_person(
        house.engine, who=who, responder=responder, version=given.version, limits=limits, key=key
    )
    return _person(after, house)


@router.get(
    "/responders/{responder}/shifts",
    response_model=forms.PatternsOut,
    dependencies=[permits(Deed.MANAGE_CREW)],
    responses=refusals(401, 403, 404),
)
def shifts(responder: Person, who: Caller, house: HouseDep) -> dict[str, Any]:
    """When somebody works as agreed, breaks and all."""
    with begin(house.engine) as tx:
        person = work.responder(tx, responder)
        found = patterns_of(tx, responder)
    policy.require(who, Deed.MANAGE_CREW, person)
    return _patterns(person, found)


@router.put(
    "/responders/{responder}/shifts",
    response_model=forms.PatternsOut,
    dependencies=[permits(Deed.MANAGE_CREW)],
    responses=refusals(401, 403, 404, 409, 422),
)
def agree_shifts(responder: Person, given: forms.PatternsIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """Other shifts and breaks, from today on."""
    wanted = [
        Pattern(
            weekdays=frozenset(one.weekdays),
            starts=one.starts,
            ends=one.ends,
            break_from=one.break_.from_ if one.break_ else None,
            break_until=one.break_.until if one.break_ else None,
            break_seconds=one.break_.seconds if one.break_ else None,
        )
        for one in given.patterns
    ]
    return _patterns(crew.set_patterns(house.engine, responder, wanted, by=who, version=given.version, key=key), wanted)


@router.get(
    "/incidents/{incident}/limits",
    response_model=forms.CaseLimitsOut,
    dependencies=[permits(Deed.LIMIT)],
    responses=refusals(401, 403, 404),
)
def of_case(incident: Case, who: Caller, house: HouseDep) -> dict[str, Any]:
    """When a case may begin, for how wide a vehicle, after which cases."""
    with begin(house.engine) as tx:
        case = work.incident(tx, incident)
    policy.require(who, Deed.LIMIT, case)
    return _case(case)


@router.put(
    "/incidents/{incident}/limits",
    response_model=forms.CaseLimitsOut,
    dependencies=[permits(Deed.LIMIT)],
    responses=refusals(401, 403, 404, 409, 422),
)
def limit_case(incident: Case, given: forms.CaseLimitsIn, who: Caller, house: HouseDep, key: Key) -> dict[str, Any]:
    """An appointment, the width of the lane, what comes first: from the next plan on."""
    limits = CaseLimits(
        appointment_from=given.appointment_from,
        appointment_to=given.appointment_to,
        max_width_m=given.max_width_m,
        after=tuple(given.after),
    )
    after = setting.limit_case(house.engine, who=who, incident=incident, version=given.version, limits=limits, key=key)
    return _case(after)


def _person(person: Responder, house: HouseDep) -> dict[str, Any]:
    with begin(house.engine) as tx:
        today, before = worked_by(tx, person.district)
    held = {skill: person.held.get(skill, Certificate()) for skill in sorted(person.skills)}
    return {
        "responder": person.id,
        "version": person.version,
        "skills": [
            {"skill": skill, "level": one.level, "valid_until": shape.moment(one.valid_until)}
            for skill, one in held.items()
        ],
        "vehicle": person.vehicle,
        "overtime_seconds": person.overtime_seconds,
        "rest_seconds": person.rest_seconds,
        "max_seconds": person.max_seconds,
        "worked_today": today.get(person.id, 0),
        "worked_week": today.get(person.id, 0) + before.get(person.id, 0),
    }


def _patterns(person: Responder, found: Sequence[Pattern]) -> dict[str, Any]:
    return {
        "responder": person.id,
        "version": person.version,
        "patterns": [
            {
                "weekdays": sorted(p.weekdays),
                "starts": p.starts,
                "ends": p.ends,
                "break": p.break_seconds and {"from": p.break_from, "until": p.break_until, "seconds": p.break_seconds},
            }
            for p in found
        ],
    }


def _case(case: Incident) -> dict[str, Any]:
    return {
        "incident": case.id,
        "version": case.version,
        "appointment_from": shape.moment(case.appointment_from),
        "appointment_to": shape.moment(case.appointment_to),
        "max_width_m": case.max_width_m,
        "after": list(case.after),
    }
