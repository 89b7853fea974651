"""How the engine is set: mode and bounds of a district, weights, limits of people and of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from dispatch import lifecycle, policy, store, weights
from dispatch.classes import skills
from dispatch.desk.room import check_version
from dispatch.errors import Invalid, Stale
from dispatch.model import (
    OPEN_STAGES,
    Certificate,
    Deed,
    Event,
    Incident,
    IncidentId,
    PlanMode,
    ProposalState,
    Responder,
    ResponderId,
    Setting,
    User,
    Vehicle,
)
from dispatch.once import once
from dispatch.store import engine as settings
from dispatch.store import proposals
from dispatch.store.keys import clock
from dispatch.store.responders import replace_certificates
from gis.database import Transaction
from gis.model import AreaId, DistrictId

MOST = 86_400  #: seconds: no limit of a person is longer than a day


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What somebody holds, comes with, and may be asked for. None: as the district has it."""

    held: Mapping[str, Certificate]
    vehicle: Vehicle | None
    overtime_seconds: int | None
    rest_seconds: int | None
    max_seconds: int | None


@dataclass(frozen=True, kw_only=True)
class CaseLimits:
    """When the work may begin, how wide a vehicle may be, which cases come first."""

    appointment_from: datetime | None
    appointment_to: datetime | None
    max_width_m: float | None
    after: tuple[IncidentId, ...]


def set_planning(
    engine: Engine,
    *,
    who: User,
    district: DistrictId,
    version: int,
    mode: PlanMode,
    most_changes: int | None,
    standby: Mapping[AreaId, int],
    key: str | None,
) -> Setting:
    """Whether re-plans ask first, how many promises one may break, how many people wait where."""

    def deed(tx: Transaction) -> Setting:
        policy.require(who, Deed.SET_PLANNING, district)
        before = settings.setting(tx, district)
        if before.version != version:
            raise Stale(what="setting", id=district, version=version, current=before.version)
        _check_areas(tx, district, standby)
        after = replace(
            before,
            plan_mode=mode,
            most_changes=most_changes,
            version=version + 1,
            changed_by=who.id,
            changed_at=clock(tx),
        )
        settings.save_setting(tx, before, after)
        settings.replace_standby(tx, district, standby)
        if mode is PlanMode.AUTO and (waits := proposals.open_proposal(tx, district, lock=True)):
            proposals.decide(tx, waits, ProposalState.SUPERSEDED, by=None, at=clock(tx), reason=None)
        body = {
            "plan_mode": str(mode),
            "most_changes": most_changes,
            "standby": {str(k): n for k, n in standby.items()},
        }
        store.record(tx, Event(kind="plan.settings_changed", district=district, actor=who.id, body=body))
        return after

    asked = {
        "district": district,
        "version": version,
        "mode": str(mode),
        "most": most_changes,
        "standby": dict(standby),
    }
    return once(engine, Setting, deed, name=Deed.SET_PLANNING, key=key, who=who, asked=asked)


def set_weights(
    engine: Engine, *, who: User, district: DistrictId, version: int, given: Mapping[str, int], key: str | None
) -> int:
    """Weigh otherwise from the next plan on; the version of the table then. Invalid out of bounds."""

    def deed(tx: Transaction) -> int:
        policy.require(who, Deed.SET_WEIGHTS, district)
        weights.check(given)
        before = {code: one.value for code, one in settings.set_weights(tx, district).items()}
        settings.put_weights(tx, district, given, version=version, by=who.id, at=clock(tx))
        old = weights.Weights(before)
        changes = {code: {"before": old[code], "after": value} for code, value in given.items() if old[code] != value}
        store.record(tx, Event(kind="weights.changed", district=district, actor=who.id, body={"weights": changes}))
        return version + 1

    asked = {"district": district, "version": version, "given": dict(given)}
    return once(engine, int, deed, name=Deed.SET_WEIGHTS, key=key, who=who, asked=asked)


def limit_person(
    engine: Engine, *, who: User, responder: ResponderId, version: int, limits: Limits, key: str | None
) -> Responder:
    """What somebody holds and comes with, from the next plan on. Invalid where they do not have that skill."""

    def deed(tx: Transaction) -> Responder:
        before = store.responder(tx, responder, lock=True)
        policy.require(who, Deed.MANAGE_CREW, before)
        if before.version != version:
            raise Stale(what="responder", id=responder, version=version, current=before.version)
        _check_limits(limits)
        known = {name: getattr(limits, name) for name in ("vehicle", "overtime_seconds", "rest_seconds", "max_seconds")}
        held = frozenset(limits.held)
        after = replace(before, **known, skills=held, held=dict(limits.held), version=version + 1)
        store.save_responder(tx, before, after)
        replace_certificates(tx, responder, limits.held)
        event = Event(
            kind="responder.changed",
            district=after.district,
            area=after.area,
            responder=responder,
            actor=who.id,
            body=store.changes(responder=after),
        )
        store.record(tx, event)
        return after

    asked = {"responder": responder, "version": version, "limits": str(limits)}
    return once(engine, Responder, deed, name=Deed.MANAGE_CREW, key=key, who=who, asked=asked)


def limit_case(
    engine: Engine, *, who: User, incident: IncidentId, version: int, limits: CaseLimits, key: str | None
) -> Incident:
    """When a case may begin, for how wide a vehicle, after what. Invalid where that cannot be."""

    def deed(tx: Transaction) -> Incident:
        before = store.incident(tx, incident, lock=True)
        policy.require(who, Deed.LIMIT, before)
        check_version(before, version)
        lifecycle.check_stage(before, Deed.RELOCATE)
        _check_case(tx, before, limits)
        known = {name: getattr(limits, name) for name in CaseLimits.__dataclass_fields__}
        after = replace(before, **known, version=before.version + 1)
        store.save_incident(tx, before, after)
        event = Event(
            kind="incident.limited",
            district=after.district,
            area=after.area,
            incident=incident,
            actor=who.id,
            body=store.changes(incident=after),
        )
        store.record(tx, event)
        return after

    asked = {"incident": incident, "version": version, "limits": str(limits)}
    return once(engine, Incident, deed, name=Deed.LIMIT, key=key, who=who, asked=asked)


def _check_areas(tx: Transaction, district: DistrictId, standby: Mapping[AreaId, int]) -> None:
    known = settings.areas_below(tx, district)
    for key, least in standby.items():
        if key not in known:
            raise Invalid(field="standby.area", value=key, allowed="in_district")
        if not 1 <= least <= 1000:
            raise Invalid(field="standby.least", value=least, allowed="1..1000")


def _check_limits(limits: Limits) -> None:
    known = sorted(skill.code for skill in skills())
    for skill, held in limits.held.items():
        if skill not in known:
            raise Invalid(field="skill", value=skill, allowed=known)
        if not 1 <= held.level <= 9:
            raise Invalid(field="level", value=held.level, allowed="1..9")
    for name in ("overtime_seconds", "rest_seconds", "max_seconds"):
        value = getattr(limits, name)
        if value is not None and not 0 <= value <= MOST:
            raise Invalid(field=name, value=value, allowed=f"0..{MOST}")


def _check_case(tx: Transaction, case: Incident, limits: CaseLimits) -> None:
    start, end = limits.appointment_from, limits.appointment_to
    if (start is None) != (end is None) or (start and end and end < start):
        raise Invalid(field="appointment_to", value=end.isoformat() if end else None, allowed="not_before_from")
    if limits.max_width_m is not None and not 0 < limits.max_width_m <= 20:
        raise Invalid(field="max_width_m", value=limits.max_width_m, allowed="0..20")
    for key in limits.after:
        other = store.incident(tx, key)
        if other.district != case.district or other.stage not in OPEN_STAGES:
            raise Invalid(field="after", value=key, allowed="open_case")
        if key == case.id or case.id in _before(tx, key):
            raise Invalid(field="after", value=key, allowed="no_circle")


def _before(tx: Transaction, key: IncidentId) -> frozenset[IncidentId]:
    """Everything that has to be done before this case."""
    found: set[IncidentId] = set()
    rest = [key]
    while rest:
        for one in store.incident(tx, rest.pop()).after:
            if one not in found:
                found.add(one)
                rest.append(one)
    return frozenset(found)
