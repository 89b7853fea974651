"""A small town with people in it, served over HTTP by a real server over a real PostGIS and real roads."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine

from api.app import create_app
from api.identity import COOKIE
from api.settings import Settings
from dispatch import accounts, crew
from dispatch.crew import Recruit
from dispatch.model import Duty, ResponderKind, Role
from dispatch.store.shifts import Pattern
from gis.importing import import_place
from gis.model import Mode, Point
from gis.store import districts
from tests.api.serving import serving

TINY = Path(__file__).parents[1] / "places" / "tiny.osm"
ALWAYS = (
    Pattern(weekdays=frozenset(range(1, 8)), starts=time(0), ends=time(12)),
    Pattern(weekdays=frozenset(range(1, 8)), starts=time(12), ends=time(0)),
)
MANHOLE = "C0101"  #: needs the skill `roads`; public; not for volunteers


@dataclass(frozen=True)
class Person:
    """Somebody signed in, as their browser sees the town."""

    client: httpx.Client
    cookie: str | None = None
    csrf: str | None = None
    user: int | None = None
    responder: int | None = None

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.client.get(path, headers=self._headers({}, more), **more)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **more: Any) -> httpx.Response:
        """With a key of its own unless one is given; `files` instead of a body is multipart."""
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if "files" not in more:
            more["json"] = {} if body is None else body
        return self.client.post(path, headers=self._headers(headers, more), **more)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.client.request(method, path, headers=self._headers({}, more), **more)

    def _headers(self, headers: dict[str, str], more: dict[str, Any]) -> dict[str, str]:
        if self.cookie:
            headers["Cookie"] = f"{COOKIE}={self.cookie}"
        if self.csrf:
            headers["X-CSRF-Token"] = self.csrf
        return headers | more.pop("headers", {})


@dataclass
class Town:
    """Tinyville: sixteen blocks, two communities (South Side, North Side)."""

    engine: Engine
    app: FastAPI
    client: httpx.Client
    district: int
    areas: dict[str, int]  #: by name
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def anybody(self) -> Person:
        return Person(self.client)

    def __getitem__(self, login: str) -> Person:
        return self.people[login]

    def path(self, rest: str) -> str:
        return f"/api/districts/{self.district}/{rest}"


@contextmanager
def town(engine: Engine, folder: Path, **settings: Any) -> Iterator[Town]:
    """Import Tinyville, people it, serve it."""
    place = import_place(engine, TINY, folder=folder, progress=lambda _step, _share: None, fictional=True).district
    with engine.begin() as tx:
        areas = {area.name: area.id for area in districts.areas(tx, place)}
    url = engine.url.render_as_string(hide_password=False).replace("+psycopg2", "")
    app = create_app(Settings(database_url=url, folder=folder, web=folder / "dist", **settings))
    with serving(app) as client:
        found = Town(engine, app, client, place, areas)
        _settle(found)
        yield found


def _settle(town: Town) -> None:
    everywhere = town.areas["Tinyville"]
    for login, role, area in (
        ("dispatcher", Role.DISPATCHER, everywhere),
        ("south", Role.DISPATCHER, town.areas["South Side"]),
        ("supervisor", Role.SUPERVISOR, everywhere),
        ("planner", Role.PLANNER, everywhere),
        ("administrator", Role.ADMINISTRATOR, everywhere),
        ("resident", Role.RESIDENT, everywhere),
        ("worker", Role.WORKER, everywhere),
        ("colleague", Role.WORKER, everywhere),
        ("volunteer", Role.VOLUNTEER, everywhere),
    ):
        user = accounts.add_user(
            town.engine, login=login, name=login.title(), password=None, grants=[(role, area)], language="en"
        )
        responder = None
        if role in (Role.WORKER, Role.VOLUNTEER):
            responder = _recruit(town, user.id, login, role)
        opened = accounts.open_session(town.engine, user.id)
        town.people[login] = Person(town.client, opened.token, opened.csrf, user.id, responder)
    crew.assign_cells(town.engine, town.district)


def _recruit(town: Town, user: int, login: str, role: Role) -> int:
    recruit = Recruit(
        district=town.district,
        area=None,
        name=login.title(),
        kind=ResponderKind.VOLUNTEER if role is Role.VOLUNTEER else ResponderKind.WORKER,
        mode=Mode.WALK if login != "colleague" else Mode.DRIVE,
        skills=frozenset({"roads", "first_aid"}) if role is Role.WORKER else frozenset({"first_aid"}),
        home=Point(10.0014, 50.0009) if login == "worker" else Point(10.0042, 50.0027),
        user=user,
        duty=Duty.AVAILABLE,
        patterns=ALWAYS,
    )
    return crew.add(town.engine, recruit).id
