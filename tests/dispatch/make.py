"""Values and rows to test with: one small district in Helsinki with two communities of one cell each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, text

from dispatch import accounts, crew, desk
from dispatch.classes import table
from dispatch.desk import Desk, Report, Travel
from dispatch.lifecycle import Work
from dispatch.model import (
    Assignment,
    AssignmentState,
    Duty,
    Grant,
    Incident,
    IncidentClass,
    Interval,
    Outcome,
    Purpose,
    Responder,
    ResponderKind,
    Role,
    Source,
    Stage,
    User,
)
from gis.errors import NotFound
from gis.model import Found, Mode, Place, Point

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MANHOLE = table().get("C0101")
HERE = Point(24.9405, 60.1605)
PASSWORD = "a password of the tests"
NEAR = Travel(seconds=240.0, metres=300.0, estimated=False)

_NONE = dict.fromkeys(
    (
        *(f"{stamp}_at" for stamp in ("filed", "dispatched", "accepted", "arrived", "fed_back", "closed")),
        *(f"due_{stamp}_at" for stamp in ("accept", "arrive", "handle")),
        *("filing_criterion", "closing_criterion", "outcome", "handled_by", "verified_by", "score"),
        *("area", "cell", "cell_code", "reported_by", "contact"),
    )
)


def incident(**changes: Any) -> Incident:
    """A case that was just filed, or whatever `changes` make of it."""
    known: dict[str, Any] = _NONE | {
        "id": 1,
        "number": "HEL-261122-0001",
        "district": 1,
        "source": Source.PHONE,
        "class_code": MANHOLE.code,
        "class_version": MANHOLE.version,
        "priority": MANHOLE.priority,
        "skill": MANHOLE.skill,
        "service_seconds": MANHOLE.service_seconds,
        "title": "Cover gone",
        "description": "",
        "place": "Korkeavuorenkatu 30",
        "found": Found.EXACT,
        "accuracy_m": 5.0,
        "point": HERE,
        "stage": Stage.FILED,
        "version": 1,
        "reported_at": NOON,
        "filed_at": NOON,
        "filing_criterion": "missing",
        "handle_seconds": 7200,
        "reopened": 0,
        "returned": 0,
    }
    return Incident(**(known | changes))


def assignment(**changes: Any) -> Assignment:
    """An offer of the engine at noon for half an hour."""
    known: dict[str, Any] = {
        "id": 1,
        "incident": 1,
        "district": 1,
        "responder": 7,
        "purpose": Purpose.HANDLE,
        "during": Interval(start=NOON, end=NOON + timedelta(minutes=30)),
        "state": AssignmentState.OFFERED,
        "version": 1,
        "placed_by": None,
        "seq": 1,
        "travel_seconds": 300.0,
        "travel_metres": 400.0,
        "estimated": False,
        "eta": NOON + timedelta(minutes=5),
        "offered_at": NOON,
        "reason": None,
        "plan": None,
        **dict.fromkeys(("accepted_at", "departed_at", "arrived_at", "ended_at")),
    }
    return Assignment(**(known | changes))


def responder(**changes: Any) -> Responder:
    """A worker at home in the area of `user`."""
    known: dict[str, Any] = dict.fromkeys(
        ("user", "home_cell", "point", "point_at", "heading", "speed", "radius_m")
    ) | {
        "id": 7,
        "district": 1,
        "area": 1,
        "name": "Aino",
        "kind": ResponderKind.WORKER,
        "mode": Mode.WALK,
        "skills": frozenset[str](),
        "duty": Duty.AVAILABLE,
        "home": HERE,
        "max_tasks": 8,
        "version": 1,
    }
    return Responder(**(known | changes))


def work(stage: Stage, state: AssignmentState, purpose: Purpose = Purpose.HANDLE, **changes: Any) -> Work:
    """A case at `stage` with somebody on it."""
    return Work(incident=incident(stage=stage, **changes), assignment=assignment(state=state, purpose=purpose))


def user(*roles: Role, area: int = 1, areas: tuple[int, ...] = (), responder: int | None = None, key: int = 1) -> User:
    """Somebody with these roles in an area of district 1."""
    grants = tuple(Grant(role=role, district=1, area=area, areas=frozenset({area, *areas})) for role in roles)
    return User(id=key, login="somebody", name="Somebody", language="en", grants=grants, responder=responder)


@dataclass(frozen=True)
class Town:
    """A district in the database with its people."""

    engine: Engine
    desk: Desk
    district: int
    area: int  #: the whole district
    north: int  #: a community with cell `north_cell`
    south: int
    north_cell: int
    dispatcher: User
    supervisor: User
    resident: User
    worker: User
    other: User  #: another worker
    volunteer: User
    administrator: User

    def locate(self, said: str | None, pin: Point | None) -> Place:
        """A register that knows one address."""
        if pin is None and said != "Korkeavuorenkatu 30":
            raise NotFound(text=said)
        point = pin or HERE
        return Place(
            point=point,
            label="Korkeavuorenkatu 30",
            found=Found.PIN if pin else Found.EXACT,
            score=1.0,
            accuracy_m=5.0,
            cell=self.north_cell,
            cell_code="N1",
            area=self.north,
        )

    def report(self, who: User | None, *, key: str | None = None, **changes: Any) -> Incident:
        """A manhole cover reported by phone, or whatever `changes` make of it."""
        known = {"class_code": "C0101", "source": Source.PHONE, "text": "Korkeavuorenkatu 30", "contact": "040 1234567"}
        said = Report(district=self.district, **(known | changes))
        return desk.report(self.desk, who=who, report=said, locate=self.locate, key=key or new_key()).incident

    def assigned(self, case: Incident, who: User) -> Work:
        """The dispatcher sends somebody."""
        assert who.responder is not None
        return desk.assign(
            self.desk,
            who=self.dispatcher,
            incident=case.id,
            responder=who.responder,
            version=case.version,
            travel=NEAR,
            key=new_key(),
        )

    def on_scene(self, given: Work, who: User) -> Work:
        """Accepted, departed, arrived."""
        for deed in (desk.accept, desk.depart, desk.arrive):
            given = deed(self.desk, who=who, assignment=given.assignment.id, version=None, key=new_key())
        return given

    def fed_back(self, given: Work, who: User, outcome: Outcome = Outcome.DONE, note: str | None = None) -> Work:
        """What they found."""
        there = self.on_scene(given, who)
        return desk.feed_back(
            self.desk,
            who=who,
            assignment=there.assignment.id,
            version=None,
            outcome=outcome,
            note=note,
            key=new_key(),
        )

    def responder(self, who: User) -> Responder:
        """Their other self."""
        from dispatch import store

        assert who.responder is not None
        with self.engine.connect() as tx:
            return store.responder(tx, who.responder)


def new_key() -> str:
    return uuid4().hex


def town(engine: Engine) -> Town:
    """Lay the ground and hire the people."""
    ids = _ground(engine)
    room = Desk(engine)
    person = _people(engine, ids)
    return Town(
        engine=engine,
        desk=room,
        **ids,
        dispatcher=person("dora", Role.DISPATCHER),
        supervisor=person("sam", Role.SUPERVISOR),
        resident=person("rita", Role.RESIDENT),
        worker=person("lei", Role.WORKER),
        other=person("mika", Role.WORKER),
        volunteer=person("vera", Role.VOLUNTEER),
        administrator=person("ada", Role.ADMINISTRATOR),
    )


def _people(engine: Engine, ids: dict[str, int]) -> Any:
    def person(login: str, role: Role) -> User:
        made = accounts.add_user(engine, login=login, name=login.title(), password=None, grants=[(role, ids["area"])])
        if role not in (Role.WORKER, Role.VOLUNTEER):
            return made
        hired = crew.Recruit(
            district=ids["district"],
            area=ids["north"],
            name=login.title(),
            kind=ResponderKind(role.value),
            mode=Mode.WALK,
            skills=frozenset({"roads", "first_aid"}),
            home=HERE,
            user=made.id,
            duty=Duty.AVAILABLE,
        )
        return replace(made, responder=crew.add(engine, hired).id)

    return person


def _ground(engine: Engine) -> dict[str, int]:
    north, south = _box(24.93, 60.16, 24.95, 60.17), _box(24.93, 60.15, 24.95, 60.16)
    whole = _box(24.93, 60.15, 24.95, 60.17)
    with engine.begin() as tx:

        def put(statement: str, **values: Any) -> int:
            return int(tx.execute(text(statement + " RETURNING id"), values).scalar_one())

        district = put(
            "INSERT INTO district"
            " (code, name, clip, centre, time_zone, metric_srid, attribution, source_file, source_sha256)"
            " VALUES ('HEL', 'Helsinki', ST_Multi(ST_GeomFromText(:g, 4326)),"
            " ST_GeomFromText('POINT(24.94 60.16)', 4326), 'Europe/Helsinki', 32635, '', 'none', :sha)",
            g=whole,
            sha=uuid4().hex,
        )

        def area(level: str, code: str, geom: str, parent: int | None) -> int:
            return put(
                "INSERT INTO area (district, parent, level, code, name, geom)"
                " VALUES (:d, :p, :l, :c, :c, ST_Multi(ST_GeomFromText(:g, 4326)))",
                d=district,
                p=parent,
                l=level,
                c=code,
                g=geom,
            )

        root = area("district", "HEL", whole, None)
        street = area("street", "HEL1", whole, root)
        up, down = area("community", "HEL1N", north, street), area("community", "HEL1S", south, street)
        version = put("INSERT INTO grid_version (district, target_m2) VALUES (:d, 10000)", d=district)

        def cell(where: int, code: str, seq: int, geom: str) -> int:
            return put(
                "INSERT INTO cell (district, version, area, code, seq, area_m2, geom, centre)"
                " VALUES (:d, :v, :a, :c, :s, 1, ST_GeomFromText(:g, 4326), ST_Centroid(ST_GeomFromText(:g, 4326)))",
                d=district,
                v=version,
                a=where,
                c=code,
                s=seq,
                g=geom,
            )

        up_cell = cell(up, "N1", 1, north)
        cell(down, "S1", 2, south)
    return {"district": district, "area": root, "north": up, "south": down, "north_cell": up_cell}


def _box(w: float, s: float, e: float, n: float) -> str:
    return f"POLYGON(({w} {s}, {e} {s}, {e} {n}, {w} {n}, {w} {s}))"


def kind(**changes: Any) -> IncidentClass:
    """The manhole class, changed."""
    return replace(MANHOLE, **changes)
