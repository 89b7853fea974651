"""A working day in a minute while parts of the house are killed, and what came of it."""

from __future__ import annotations

import itertools
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from dispatch import invariants
from gis.database import begin
from tests.api.town import MANHOLE
from tests.faults import verdict
from tests.faults.callers import Crowd, Ledger
from tests.faults.house import COMING_UP, House, wait_for
from tests.faults.screen import Screen, load, things, unlike

BREATHER = 1.0  #: seconds of work between two faults
OUTAGE = 0.8  #: seconds for which PostgreSQL stays away
LIMIT = 240.0  #: seconds after which it ends even where not everything had its turn, on a machine that is busy


@dataclass(frozen=True)
class Outage:
    """One answer while PostgreSQL was down."""

    what: str
    status: int
    retry_after: str | None


@dataclass(eq=False)
class Result:
    """What happened, and everything that is wrong: every list is empty in health."""

    ledger: Ledger
    seconds: float = 0
    kills: Counter[str] = field(default_factory=Counter)
    restarts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    outages: list[Outage] = field(default_factory=list)
    events: int = 0
    connections: int = 0  #: how often the screen had to connect
    calm: float = 0  #: seconds after the last fault until no open case was forgotten
    latecomer: float = 0  #: seconds until a report made after the last fault was somebody's or waited with a reason
    faults: dict[str, list[str]] = field(default_factory=dict)


def storm(house: House, *, seconds: float) -> Result:
    """Let people work for about `seconds` while the killer is at it; then wait for calm, and look at everything."""
    crowd, screen = Crowd(house), Screen(house)
    result, begun = Result(crowd.ledger), time.monotonic()
    crowd.begin()
    try:
        _kill_in_turn(house, result, until=begun + seconds, limit=begun + max(LIMIT, seconds))
    finally:
        crowd.end()
    try:
        result.seconds = time.monotonic() - begun
        result.calm = _until_calm(house)
        result.latecomer = _latecomer(house, crowd.ledger)
        result.faults |= _screen_faults(house, screen)
    finally:
        screen.close()
    result.connections = screen.connections
    _judge(house, screen, result)
    return result


def _kill_in_turn(house: House, result: Result, *, until: float, limit: float) -> None:
    turns: tuple[tuple[str, Callable[[], None]], ...] = (
        ("server children", lambda: house.kill_children("serve")),
        ("postgres", lambda: _outage(house, result)),
        ("planner", lambda: house.kill("work")),
        ("server", lambda: house.kill("serve")),
        ("postgres", lambda: _outage(house, result)),
        ("server parent", lambda: house.kill_parent("serve")),
        ("postgres", lambda: _outage(house, result)),
    )
    for n, (name, kill) in enumerate(itertools.cycle(turns)):
        now = time.monotonic()
        if (now > until and n >= len(turns)) or now > limit:
            return
        time.sleep(BREATHER)
        house.until_ready()  # one fault at a time: what a part answers then is about that fault
        kill()
        result.kills[name] += 1
        time.sleep(0.1)
        house.keep()
        result.restarts[name].append(house.until_ready())


def _outage(house: House, result: Result) -> None:
    house.kill_postgres()
    deadline = time.monotonic() + OUTAGE
    while time.monotonic() < deadline:
        result.outages += _ask_everything(house)
    result.restarts["postgres alone"].append(house.start_postgres())


def _ask_everything(house: House) -> Iterator[Outage]:
    """Reports and questions by people that the server knows, with whatever it keeps in mind."""
    body = {"class_code": MANHOLE, "description": "in the dark", "point": {"lon": 10.001, "lat": 50.001}}
    with _person(house, None) as anybody, _person(house, "dispatcher") as desk, _person(house, "worker") as worker:
        path = house.town.path("reports").replace("/api/", "/api/public/")
        yield from _answer("public report", lambda: anybody.post(path, body))
        yield from _answer("staff report", lambda: desk.post(house.town.path("incidents"), body))
        yield from _answer("plan", lambda: desk.post(house.town.path("plan")))
        yield from _answer("desk", lambda: desk.get(house.town.path("desk")))
        yield from _answer("tasks", lambda: worker.get("/api/my/tasks"))
        yield from _answer("stream", lambda: desk.get(f"/api/stream?district={house.town.district}"))
        yield from _answer("sign in", lambda: anybody.post("/api/session", {"login": "nobody", "password": "x" * 12}))


def _answer(what: str, ask: Callable[[], httpx.Response]) -> Iterator[Outage]:
    with suppress(httpx.ConnectError):
        found = ask()
        yield Outage(what, found.status_code, found.headers.get("retry-after"))


@contextmanager
def _person(house: House, login: str | None) -> Iterator[Any]:
    person = house.person(login)
    try:
        yield person
    finally:
        person.client.close()


def _until_calm(house: House) -> float:
    begun = time.monotonic()

    def calm() -> bool:
        with begin(house.town.engine) as tx:
            return not invariants.forgotten(tx)

    house.town.engine.dispose()
    house.until_ready()
    wait_for(calm, "every open case to be somebody's, or to wait with a reason", meanwhile=house.keep)
    return time.monotonic() - begun


def _latecomer(house: House, ledger: Ledger) -> float:
    """Whether the planner still plans: nothing may hold a lock that nobody takes back."""
    body = {"class_code": MANHOLE, "description": "late", "point": {"lon": 10.002, "lat": 50.002}, "source": "phone"}
    key, begun = uuid.uuid4().hex, time.monotonic()
    with _person(house, "dispatcher") as desk:
        case = desk.post(house.town.path("incidents"), body, key=key).json()
        ledger.acknowledge(("phone", key), case["number"])

        def planned() -> bool:
            found = desk.get(f"/api/incidents/{case['id']}").json()
            return bool(found["assignments"] or found["unassigned"])

        wait_for(planned, "the planner to look at a new case", meanwhile=house.keep)
    return time.monotonic() - begun


def _screen_faults(house: House, screen: Screen) -> dict[str, list[str]]:
    """How the old screen differs from a fresh one, and what it did not hear, once it had time to hear the last words.

    Both at one moment, and again while they differ: the planner may be saying something.
    """
    deadline = time.monotonic() + COMING_UP / 3
    with _person(house, "dispatcher") as desk:
        while True:
            with begin(house.town.engine) as tx:
                misheard = verdict.misheard(tx, house.town.district, screen.began, screen.told)
            found = unlike(screen.things, things(load(desk, house)))
            if not (found or misheard) or time.monotonic() > deadline:
                break
            time.sleep(0.5)
    return {"screen": [*found, *(["had to reload"] * screen.resets)], "misheard": misheard}


def _judge(house: House, screen: Screen, result: Result) -> None:
    said = result.ledger
    with begin(house.town.engine) as tx:
        result.events = len(screen.told)
        result.faults |= {
            "lost": verdict.lost(tx, said.reports),
            "doubled": verdict.doubled(tx, said.reports),
            "undone": verdict.undone(tx, said.deeds),
            "overlaps": [str(one) for one in invariants.overlapping(tx)],
            "rules": [str(one) for one in invariants.check(tx)],
            "broken": list(dict.fromkeys(said.broken)),
            "outage": [str(one) for one in result.outages if one.status != 503 or not one.retry_after],
        }
