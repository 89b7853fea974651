"""A small fictional place with a crew and cases, put straight into the database."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, text

from dispatch import lifecycle, store, tables
from dispatch.lifecycle import Work
from dispatch.model import (
    Assignment,
    AssignmentState,
    Criterion,
    Duty,
    Incident,
    IncidentClass,
    Interval,
    Priority,
    Purpose,
    Responder,
    ResponderKind,
    Source,
    Stage,
)
from dispatch.store.classes import put_classes
from dispatch.store.rows import window
from gis.database import begin
from gis.model import Mode, Point

BOX = "MULTIPOLYGON(((24.9 60.1,25.0 60.1,25.0 60.2,24.9 60.2,24.9 60.1)))"
KIND = IncidentClass(
    code="lamp",
    version=1,
    major="02",
    major_names={"en": "Roads"},
    names={"en": "Lamp out"},
    skill="electric",
    priority=Priority.NORMAL,
    service_seconds=900,
    accept_seconds=600,
    arrive_seconds=3600,
    handle_seconds=7200,
    volunteers=True,
    public=True,
    icon="lamp",
    filing=(Criterion(code="out", names={"en": "Out"}),),
    closing=(Criterion(code="lit", names={"en": "Lit"}),),
)
STAFF_ONLY = replace(KIND, code="gas", volunteers=False)
MOMENTS = ("dispatched_at", "accepted_at", "arrived_at", "fed_back_at", "closed_at", "due_handle_at")
WORDS = ("cell_code", "contact", "filing_criterion", "closing_criterion", "outcome")
UNTOUCHED = (*MOMENTS, *WORDS, "area", "cell", "reported_by", "handled_by", "verified_by", "score")
_numbers = itertools.count(1)


def at(east: float, north: float = 0.0) -> Point:
    """A point so many kilometres east and north of the middle."""
    return Point(24.95 + east / 55.6, 60.15 + north / 111.2)


@dataclass
class Square:
    """A district of ten kilometres; people and cases as a test asks for them."""

    engine: Engine
    district: int = field(init=False)

    def __post_init__(self) -> None:
        with begin(self.engine) as tx:
            row = tx.execute(
                text(
                    "INSERT INTO district (code, name, clip, centre, time_zone, metric_srid, attribution, source_file,"
                    " source_sha256) VALUES (:code, 'Square', ST_GeomFromText(:box, 4326),"
                    " ST_SetSRID(ST_MakePoint(24.95, 60.15), 4326), 'Europe/Helsinki', 32635, '-', '-', :code)"
                    " RETURNING id"
                ),
                {"box": BOX, "code": f"SQ{next(_numbers)}"},
            )
            self.district = int(row.scalar_one())
            put_classes(tx, [KIND, STAFF_ONLY])

    def person(self, where: Point, *, hours: float = 8, **changes: Any) -> Responder:
        """Somebody on shift from an hour ago, for `hours` more; 0: no shift."""
        now = datetime.now(UTC)
        known: dict[str, Any] = {
            "id": 0,
            "district": self.district,
            "area": None,
            "user": None,
            "name": "Aino",
            "kind": ResponderKind.WORKER,
            "mode": Mode.DRIVE,
            "skills": frozenset({"electric"}),
            "duty": Duty.AVAILABLE,
            "home": where,
            "home_cell": None,
            "point": where,
            "point_at": now,
            "heading": None,
            "speed": None,
            "radius_m": None,
            "max_tasks": 8,
            "version": 1,
        }
        with begin(self.engine) as tx:
            key = store.add_responder(tx, Responder(**(known | changes)))
            if hours:
                shift = Interval(start=now - timedelta(hours=1), end=now + timedelta(hours=hours))
                tx.execute(insert(tables.shift).values(responder=key, during=window(shift)))
            return store.responder(tx, key)

    def case(self, where: Point | None, **changes: Any) -> Incident:
        """A filed case."""
        now = datetime.now(UTC)
        number = next(_numbers)
        known: dict[str, Any] = dict.fromkeys(UNTOUCHED) | {
            "id": 0,
            "number": f"SQ-{number:04d}",
            "district": self.district,
            "source": Source.PHONE,
            "class_code": "lamp",
            "class_version": 1,
            "priority": Priority.NORMAL,
            "skill": "electric",
            "service_seconds": 900,
            "title": "Lamp out",
            "description": "",
            "place": "Here",
            "found": "pin",
            "accuracy_m": 5.0,
            "point": where,
            "stage": Stage.FILED,
            "version": 1,
            "reported_at": now,
            "filed_at": now,
            "due_accept_at": now + timedelta(seconds=600),
            "due_arrive_at": now + timedelta(seconds=3600),
            "reopened": 0,
            "returned": 0,
            "handle_seconds": 7200,
        }
        with begin(self.engine) as tx:
            key = store.add_incident(tx, Incident(**(known | changes)), request_key=f"key-{number}")
            return store.incident(tx, key)

    def place(self, case: Incident, who: Responder, *, start: datetime, minutes: float, **changes: Any) -> Assignment:
        """Somebody on a case, straight away."""
        known: dict[str, Any] = dict.fromkeys(
            ("placed_by", "accepted_at", "departed_at", "arrived_at", "ended_at", "reason", "plan")
        ) | {
            "id": 0,
            "incident": case.id,
            "district": self.district,
            "responder": who.id,
            "purpose": Purpose.HANDLE,
            "during": Interval(start=start, end=start + timedelta(minutes=minutes)),
            "state": AssignmentState.OFFERED,
            "version": 1,
            "seq": 1,
            "travel_seconds": 300.0,
            "travel_metres": 2000.0,
            "estimated": False,
            "eta": start + timedelta(minutes=5),
            "offered_at": start,
        }
        with begin(self.engine) as tx:
            key = store.add_assignment(tx, Assignment(**(known | changes)))
            return store.assignment(tx, key)

    def does(self, case: int, deed: Callable[..., Work], **more: Any) -> Work:
        """A deed of the field, on whatever assignment is live."""
        with begin(self.engine) as tx:
            incident, live = store.incident(tx, case), store.live_assignment(tx, case)
            assert live is not None
            after = deed(Work(incident=incident, assignment=live), at=datetime.now(UTC), **more)
            store.save_assignment(tx, live, after.assignment)
            if after.incident != incident:
                store.save_incident(tx, incident, after.incident)
            chain = store.live_assignments(tx, live.responder)
            for before, later in zip(
                sorted(chain, key=lambda a: a.id),
                sorted(lifecycle.rechain(chain, now=datetime.now(UTC)), key=lambda a: a.id),
                strict=True,
            ):
                if before != later:
                    store.save_assignment(tx, before, later)
            return after

    def live(self) -> dict[int, Assignment]:
        """Who is on what, by case."""
        with begin(self.engine) as tx:
            return {a.incident: a for a in store.live_in_district(tx, self.district)}

    def incident(self, key: int) -> Incident:
        """The case as it is now."""
        with begin(self.engine) as tx:
            return store.incident(tx, key)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What was announced under this kind, oldest first."""
        with begin(self.engine) as tx:
            rows = tx.execute(
                text("SELECT * FROM event WHERE district = :d AND kind = :kind ORDER BY seq"),
                {"d": self.district, "kind": kind},
            )
            return [dict(row) for row in rows.mappings()]
