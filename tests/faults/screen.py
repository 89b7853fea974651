"""A dispatcher's screen that stays open through everything: one fresh load, then only what the stream tells."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from typing import Any

import httpx

from dispatch.invariants import FLEETING
from tests.api.town import Person
from tests.faults.house import House

type Things = dict[str, dict[int, dict[str, Any]]]


class Screen:
    """What somebody sees who reconnects with the last cursor that reached them, as browsers do."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.person = house.person("dispatcher")
        first = load(self.person, house)
        self.things: Things = things(first)
        self.began = self.cursor = first["cursor"]
        self.told: list[str] = []  #: the id of every change, in the order heard
        self.connections = self.resets = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(30)
        self.person.client.close()

    def _run(self) -> None:
        while not self._over.is_set():
            with suppress(httpx.TransportError):
                self._listen()
            self._over.wait(0.2)

    def _listen(self) -> None:
        headers = {"Cookie": f"gridward_session={self.person.cookie}", "Last-Event-ID": self.cursor}
        path = f"/api/stream?district={self.house.town.district}"
        with self.person.client.stream("GET", path, headers=headers, timeout=15) as answer:
            if answer.status_code != 200:
                return
            self.connections += 1
            message: dict[str, str] = {}
            for line in answer.iter_lines():
                if self._over.is_set():
                    return
                if line:
                    name, _, value = line.partition(": ")
                    message[name] = value
                else:
                    self._heed(message)
                    message = {}

    def _heed(self, message: dict[str, str]) -> None:
        if message.get("event") == "reset":
            self.resets += 1
        if message.get("event") != "change":
            return
        self.cursor = message["id"]
        self.told.append(self.cursor)
        body = json.loads(message["data"])
        for name in ("incident", "assignment", "responder"):
            changed = [*([body[name]] if isinstance(body.get(name), dict) else []), *body.get(f"{name}s", ())]
            for one in changed:
                known = self.things[name].get(one["id"])
                if known is None or known["version"] <= one["version"]:  # as the browser does
                    self.things[name][one["id"]] = _lasting(one)


def load(person: Person, house: House) -> dict[str, Any]:
    """The desk, fresh."""
    found = person.get(house.town.path("desk"))
    assert found.status_code == 200, found.text
    loaded: dict[str, Any] = found.json()
    return loaded


def things(desk: dict[str, Any]) -> Things:
    """Cases, tasks and people of a desk, by id, without what no event tells."""
    return {
        name: {one["id"]: _lasting(one) for one in desk[f"{name}s"]} for name in ("incident", "assignment", "responder")
    }


def unlike(screen: Things, fresh: Things) -> list[str]:
    """Where an old screen differs from a fresh one."""
    return [
        f"{name} {key}: {screen[name].get(key)} is now {now}"
        for name, found in fresh.items()
        for key, now in found.items()
        if screen[name].get(key) != now
    ]


def _lasting(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in FLEETING | {"contact"}}
