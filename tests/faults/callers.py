"""People who do not give up: they repeat a request with the same key until somebody answers, and keep every answer."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.api.town import MANHOLE, Person
from tests.faults.house import House

PATIENCE = 120.0  #: seconds until a request counts as never answered; faults take a few
BREATH = 0.15  #: seconds between two tries
SOUTH_WEST, WIDE, HIGH = (10.0005, 50.0005), 0.0035, 0.002

type Said = tuple[str, str]  #: source and key


@dataclass(eq=False)
class Ledger:
    """What was answered to whom: what was acknowledged cannot be taken back."""

    reports: dict[Said, set[str]] = field(default_factory=dict)  #: the numbers that a key was acknowledged under
    deeds: list[tuple[int, int]] = field(default_factory=list)  #: assignment and version of acknowledged deeds
    refused: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    broken: list[str] = field(default_factory=list)  #: answers that no client should ever see
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, said: Said, number: str) -> None:
        with self.lock:
            self.reports.setdefault(said, set()).add(number)

    def complain(self, what: str) -> None:
        with self.lock:
            self.broken.append(what)


@dataclass(eq=False)
class Caller:
    """One client. `over` ends it, after the request that it is at."""

    house: House
    person: Person
    ledger: Ledger
    over: threading.Event
    dice: random.Random

    def insist(self, path: str, body: dict[str, Any], key: str) -> httpx.Response | None:
        """Send until the answer is a word and not a shrug; None where none came in time."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                found = self.person.post(path, body, key=key, headers=self._from())
                if found.status_code not in (429, 503):
                    self._judge(path, found)
                    return found
                if "retry-after" not in found.headers:
                    self.ledger.complain(f"{path}: {found.status_code} without Retry-After")
            self.ledger.repeated += 1
            time.sleep(BREATH)
        self.ledger.complain(f"{path}: no answer in {PATIENCE:.0f} s")
        return None

    def ask(self, path: str) -> Any:
        """What stands there; None while nobody answers."""
        with suppress(httpx.TransportError):
            found = self.person.get(path)
            if found.status_code == 200:
                return found.json()
            if found.status_code != 503:
                self._judge(path, found)
        return None

    def _from(self) -> dict[str, str]:
        """Residents call from everywhere: each address has a bucket of its own."""
        return {"X-Forwarded-For": f"10.{self.dice.randrange(256)}.{self.dice.randrange(256)}.7"}

    def _judge(self, path: str, found: httpx.Response) -> None:
        if found.status_code >= 500 or found.status_code in (401, 403, 422):
            self.ledger.complain(f"{path}: {found.status_code} {found.text[:200]}")
        elif found.status_code >= 400:
            self.ledger.refused[found.json()["error"]["code"]] += 1

    def pause(self, seconds: float) -> None:
        self.over.wait(seconds * (0.5 + self.dice.random()))

    def pin(self) -> dict[str, float]:
        west, south = SOUTH_WEST
        return {"lon": west + WIDE * self.dice.random(), "lat": south + HIGH * self.dice.random()}


def report_as_public(caller: Caller) -> None:
    """Residents, each with one report."""
    _report(caller, caller.house.town.path("reports").replace("/api/", "/api/public/"), "web", {})


def report_as_staff(caller: Caller) -> None:
    """The telephone desk."""
    _report(caller, caller.house.town.path("incidents"), "phone", {"source": "phone"})


def _report(caller: Caller, path: str, source: str, more: dict[str, Any]) -> None:
    while not caller.over.is_set():
        key = uuid.uuid4().hex
        body = {"class_code": MANHOLE, "description": f"as {key} says", "point": caller.pin(), **more}
        for _ in range(caller.dice.choice([1, 1, 2])):  # some did not hear the answer
            found = caller.insist(path, body, key)
            if found is not None and found.status_code == 201:
                caller.ledger.acknowledge((source, key), found.json()["number"])
        caller.pause(1.2)


def work(caller: Caller) -> None:
    """A responder who takes the first task on the list and does the next step of it; some tasks are declined."""
    while not caller.over.is_set():
        found = caller.ask("/api/my/tasks")
        if found and found["tasks"]:
            _step(caller, found["tasks"][0]["assignment"])
        caller.pause(0.5)


NEXT = {"accepted": "depart", "en_route": "arrive", "on_scene": "feed_back"}
OUTCOME = {"check": "ok", "handle": "done", "verify": "ok"}


def _step(caller: Caller, task: dict[str, Any]) -> None:
    deed = NEXT.get(task["state"]) or ("decline" if caller.dice.random() < 0.2 else "accept")
    body: dict[str, Any] = {"version": task["version"]}
    if deed == "decline":
        body["reason"] = "cannot leave here"
    if deed == "feed_back":
        body |= {"outcome": OUTCOME[task["purpose"]], "note": "as found"}
    found = caller.insist(f"/api/assignments/{task['id']}/{deed}", body, uuid.uuid4().hex)
    if found is not None and found.status_code == 200:
        after = found.json()["assignment"]
        caller.ledger.deeds.append((after["id"], after["version"]))


def decide(caller: Caller) -> None:
    """A dispatcher who sends somebody by hand now and then, in the way of the planner."""
    while not caller.over.is_set():
        desk = caller.ask(caller.house.town.path("desk"))
        waiting = [one for one in desk["incidents"] if one["stage"] in ("filed", "dispatched")] if desk else []
        if waiting:
            case, who = caller.dice.choice(waiting), caller.house.town[caller.dice.choice(["worker", "colleague"])]
            body = {"responder": who.responder, "version": case["version"], "reason": "closer"}
            caller.insist(f"/api/incidents/{case['id']}/assign", body, uuid.uuid4().hex)
        caller.pause(2)


CAST: tuple[tuple[str | None, Callable[[Caller], None]], ...] = (
    (None, report_as_public),
    (None, report_as_public),
    ("dispatcher", report_as_staff),
    ("supervisor", decide),
    ("worker", work),
    ("colleague", work),
)


@dataclass(eq=False)
class Crowd:
    """Everybody at once, each in a thread."""

    house: House
    ledger: Ledger = field(default_factory=Ledger)
    over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self) -> None:
        for seed, (login, role) in enumerate(CAST):
            caller = Caller(self.house, self.house.person(login), self.ledger, self.over, random.Random(seed))
            self.threads.append(threading.Thread(target=self._play, args=(role, caller), daemon=True))
        for thread in self.threads:
            thread.start()

    def _play(self, role: Callable[[Caller], None], caller: Caller) -> None:
        try:
            role(caller)
        except Exception as error:
            self.ledger.complain(f"{role.__name__} broke: {error!r}")
        finally:
            caller.person.client.close()

    def end(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE + 10)
            assert not thread.is_alive(), "a client does not end"
