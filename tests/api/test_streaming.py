"""The stream over HTTP: resumed, scoped, and never in the way of a shutdown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from api.routes.streaming import _still_in, scope_of
from dispatch import accounts
from dispatch.model import Role
from tests.api.town import MANHOLE, Person, Town, town


@contextmanager
def listening(tiny: Town, who: Person, **headers: str) -> Iterator[Iterator[str]]:
    headers = {"Cookie": f"gridward_session={who.cookie}", **headers}
    path = f"/api/stream?district={tiny.district}"
    with tiny.client.stream("GET", path, headers=headers, timeout=15) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        yield answer.iter_lines()


def until(lines: Iterator[str], wanted: str) -> list[str]:
    read, deadline = [], time.monotonic() + 8
    for line in lines:  # a ping comes every ten seconds, so a silent stream is noticed as well
        read.append(line)
        if wanted in line:
            return read
        if time.monotonic() > deadline:
            break
    raise AssertionError(f"the stream ended without {wanted}: {read}")


def report(tiny: Town, **more: Any) -> dict[str, Any]:
    body = {"class_code": MANHOLE, "description": "x", "point": {"lon": 10.0005, "lat": 50.0005}, **more}
    found: dict[str, Any] = tiny["dispatcher"].post(tiny.path("incidents"), body).json()
    return found


def test_a_change_is_on_an_open_screen_within_a_second(tiny: Town) -> None:
    with listening(tiny, tiny["dispatcher"]) as lines:
        until(lines, "event: hello")
        case = report(tiny, contact="+49 30 999")
        sent = time.monotonic()
        read = until(lines, f'"number":"{case["number"]}"')
        assert time.monotonic() - sent < 1.0
        assert "999" not in read[-1]  # a contact is in no event


def test_a_screen_that_comes_back_reads_on_from_the_last_event(tiny: Town) -> None:
    with listening(tiny, tiny["dispatcher"]) as lines:
        until(lines, "event: hello")
        report(tiny)
        last = next(line for line in until(lines, '"kind":') if line.startswith("id: ")).removeprefix("id: ")
    missed = report(tiny)
    with listening(tiny, tiny["dispatcher"], **{"Last-Event-ID": last}) as lines:
        read = until(lines, f'"number":"{missed["number"]}"')
        assert sum(line == "event: change" for line in read) == 1


def test_a_cursor_that_means_nothing_is_told_to_load_the_desk_again(tiny: Town) -> None:
    with listening(tiny, tiny["dispatcher"], **{"Last-Event-ID": "yesterday"}) as lines:
        assert next(lines) == "event: reset"


def test_a_responder_hears_of_their_own_work_alone(tiny: Town) -> None:
    with listening(tiny, tiny["worker"]) as lines:
        until(lines, "event: hello")
        other = report(tiny)
        mine = report(tiny)
        body = {"responder": tiny["worker"].responder, "version": mine["version"]}
        assert tiny["dispatcher"].post(f"/api/incidents/{mine['id']}/assign", body).status_code == 200
        read = "\n".join(until(lines, "assignment.offered"))
        assert mine["number"] in read
        assert other["number"] not in read


@pytest.mark.parametrize(("login", "status"), [(None, 401), ("resident", 403)])
def test_nobody_else_listens(tiny: Town, login: str | None, status: int) -> None:
    caller = tiny[login] if login else tiny.anybody
    assert caller.get("/api/stream", params={"district": tiny.district}).status_code == status
    assert tiny["dispatcher"].get("/api/stream", params={"district": 99}).status_code == 404


def test_positions_move_on_the_desk(tiny: Town) -> None:
    with listening(tiny, tiny["dispatcher"]) as lines:
        until(lines, "event: hello")
        fix = {"lon": 10.0015, "lat": 50.0015, "at": "2026-01-01T00:00:00+00:00", "accuracy": 5}
        answer = tiny["worker"].post("/api/my/positions", [fix])
        assert answer.json() == {"accepted": 1}
        read = until(lines, '"lon":10.0015')
        assert "event: position" in read


def test_an_open_stream_does_not_hold_up_the_end(database: Engine, tmp_path: Path) -> None:
    with town(database, tmp_path) as found:
        client = httpx.Client(base_url=found.client.base_url)
        headers = {"Cookie": f"gridward_session={found['dispatcher'].cookie}"}
        stream = client.stream("GET", f"/api/stream?district={found.district}", headers=headers)
        lines = stream.__enter__().iter_lines()
        until(lines, "event: hello")
        begun = time.monotonic()
    assert time.monotonic() - begun < 4
    client.close()


def test_whoever_loses_an_area_or_signs_out_hears_no_more(tiny: Town) -> None:
    house, everywhere = tiny.app.state.house, tiny.areas["Tinyville"]
    guest = accounts.add_user(
        tiny.engine, login="guest", name="Guest", password=None, grants=[(Role.DISPATCHER, everywhere)]
    )
    token = accounts.open_session(tiny.engine, guest.id).token
    scope = scope_of(house, guest, tiny.district, "en")
    assert _still_in(house, token, scope)
    accounts.set_grants(tiny.engine, guest.id, [(Role.DISPATCHER, tiny.areas["South Side"])])
    assert not _still_in(house, token, scope)
    accounts.set_grants(tiny.engine, guest.id, [])
    assert not _still_in(house, token, scope)
    accounts.set_grants(tiny.engine, guest.id, [(Role.DISPATCHER, everywhere)])
    assert _still_in(house, token, scope)
    accounts.sign_out(tiny.engine, token)
    assert not _still_in(house, token, scope)
