"""What the planner looks at: one sight of a district, read in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from dispatch import store
from dispatch.lifecycle.case import PURPOSES
from dispatch.model import (
    Assignment,
    CrewRole,
    Incident,
    IncidentClass,
    IncidentId,
    Purpose,
    Responder,
    ResponderId,
    ResponderKind,
    Setting,
    Waiting,
)
from dispatch.store import engine as settings
from dispatch.store import plans
from dispatch.store.assignments import last_ended, seconds_worked
from dispatch.store.classes import class_of
from dispatch.store.keys import clock
from dispatch.store.places import code_and_zone
from dispatch.store.shifts import duties
from dispatch.weights import Weights
from gis.database import Transaction
from gis.model import AreaId, CellId, DistrictId, Mode
from gis.store.speeds import speeds as road_speeds
from gis.travel.speeds import HourTable


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Open cases, who is there, who is on what."""

    district: DistrictId
    now: datetime
    epoch: int
    cases: Mapping[IncidentId, Incident]
    classes: Mapping[tuple[str, int], IncidentClass]
    people: Mapping[ResponderId, Responder]
    live: Mapping[IncidentId, Assignment]  #: who leads; one a case at most
    before: Mapping[IncidentId, Sequence[Assignment]]  #: everybody who ever was on it
    helping: Mapping[tuple[IncidentId, int], Assignment] = field(default_factory=dict)  #: the other parts of crews
    waiting: Mapping[IncidentId, Waiting] = field(default_factory=dict)  #: what the engine has left waiting, and why
    setting: Setting = field(default_factory=lambda: Setting(district=0))
    weights: Weights = field(default_factory=lambda: Weights({}))
    worked: Mapping[ResponderId, int] = field(default_factory=dict)  #: seconds of work today
    worked_before: Mapping[ResponderId, int] = field(default_factory=dict)  #: and earlier this week
    ended: Mapping[ResponderId, datetime] = field(default_factory=dict)  #: when the last work ended
    standby: Mapping[AreaId, int] = field(default_factory=dict)  #: people without a task that are wanted
    below: Mapping[AreaId, frozenset[AreaId]] = field(default_factory=dict)  #: an area and all that lies in it
    duties: Mapping[CellId, ResponderId] = field(default_factory=dict)  #: who answers for a cell
    speeds: Mapping[Mode, HourTable] = field(default_factory=dict)  #: how much longer ways take by the hour
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @cached_property
    def odd(self) -> frozenset[ResponderId]:
        """Whoever a rule may keep off a case that they have never been on."""
        people = self.people.values()
        return frozenset(
            p.id for p in people if p.kind is ResponderKind.VOLUNTEER or p.radius_m is not None or p.vehicle is not None
        )

    def kind(self, case: Incident) -> IncidentClass:
        """The class under the version that the case keeps."""
        return self.classes[case.class_code, case.class_version]

    def purpose(self, case: Incident) -> Purpose:
        """Why somebody would go, or why the one who is on it goes."""
        live = self.live.get(case.id)
        return live.purpose if live else PURPOSES[case.stage]

    def roles(self, case: Incident) -> tuple[CrewRole, ...]:
        """Who is needed at once, who leads first. To look needs one person and no skill."""
        if self.purpose(case) is not Purpose.HANDLE:
            return (CrewRole(skill=None),)
        kind = self.kind(case)
        return kind.crew or (CrewRole(skill=case.skill, level=kind.level),)

    def held(self, case: IncidentId, part: int) -> Assignment | None:
        """Who is on this part of the case."""
        return self.live.get(case) if part == 0 else self.helping.get((case, part))

    def all_live(self) -> Iterable[Assignment]:
        """Whatever binds anybody."""
        return (*self.live.values(), *self.helping.values())


def read(engine: Engine, district: DistrictId) -> Snapshot:
    """One sight of the district; nothing that commits meanwhile is half in it."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as tx, tx.begin():
        cases = {c.id: c for c in store.incidents_in_scope(tx, district, None)}
        before: dict[IncidentId, list[Assignment]] = defaultdict(list)
        for a in store.assignments_of(tx, cases):
            before[a.incident].append(a)
        return Snapshot(
            district=district,
            now=clock(tx),
            epoch=plans.epoch(tx),
            cases=cases,
            classes={
                key: class_of(tx, *key) for key in sorted({(c.class_code, c.class_version) for c in cases.values()})
            },
            people={p.id: p for p in store.responders(tx, district)},
            before=before,
            waiting=plans.waiting(tx, district),
            **_bound(tx, district, cases),
            **_settings(tx, district),
        )


def _bound(tx: Transaction, district: DistrictId, cases: Mapping[IncidentId, Incident]) -> dict[str, Any]:
    live = [a for a in store.live_in_district(tx, district) if a.incident in cases]
    return {
        "live": {a.incident: a for a in live if a.part == 0},
        "helping": {(a.incident, a.part): a for a in live if a.part > 0},
    }


def _settings(tx: Transaction, district: DistrictId) -> dict[str, Any]:
    _, zone = code_and_zone(tx, district)
    now, earlier = worked_by(tx, district)
    weights = Weights({code: one.value for code, one in settings.set_weights(tx, district).items()})
    standby = settings.wanted_on_standby(tx, district)
    return {
        "setting": settings.setting(tx, district),
        "weights": weights,
        "worked": now,
        "worked_before": earlier,
        "ended": last_ended(tx, district, clock(tx) - timedelta(days=2)),
        "standby": standby,
        "below": settings.areas_below(tx, district) if standby else {},
        "duties": duties(tx, district) if weights["other_cell"] else {},
        "speeds": {mode: table for mode, table in road_speeds(tx, district).items() if not table.plain},
        "zone": zone,
    }


def worked_by(tx: Transaction, district: DistrictId) -> tuple[dict[ResponderId, int], dict[ResponderId, int]]:
    """Seconds of work on the spot today, and on the days before since Monday, by local wall time."""
    _, zone = code_and_zone(tx, district)
    today = clock(tx).astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    midnight, week = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (today, monday))
    now, all_week = seconds_worked(tx, district, midnight), seconds_worked(tx, district, week)
    return now, {who: max(0, seconds - now.get(who, 0)) for who, seconds in all_week.items()}
