"""Two people do the same thing at the same moment, over HTTP: one wins, the other hears so in words."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from dispatch import invariants
from gis.database import begin
from tests.api.town import MANHOLE, Town, town

ROUNDS = 8


@pytest.fixture(scope="module")
def tiny(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(module_database, tmp_path_factory.mktemp("races")) as found:
        yield found


def at_once(*deeds: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """All of them from one starting shot."""
    shot = threading.Barrier(len(deeds))

    def run(deed: Callable[[], httpx.Response]) -> httpx.Response:
        shot.wait(10)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def _case(tiny: Town, n: int = 0) -> dict[str, Any]:
    point = {"lon": 10.0005 + 0.0003 * n, "lat": 50.0008}
    body = {"class_code": MANHOLE, "description": "Loose", "point": point, "source": "phone"}
    answer = tiny["dispatcher"].post(tiny.path("incidents"), body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _assign(tiny: Town, who: str, case: dict[str, Any], whom: str) -> httpx.Response:
    body = {"responder": tiny[whom].responder, "version": case["version"]}
    return tiny[who].post(f"/api/incidents/{case['id']}/assign", body)


def _said(answer: httpx.Response) -> str:
    error = answer.json()["error"]
    assert error["message"], answer.text
    assert error["help"], answer.text
    return str(error["code"])


def _healthy(tiny: Town) -> bool:
    with begin(tiny.engine) as tx:
        assert invariants.check(tx) == []
    return True


def test_of_two_dispatchers_who_assign_one_case_exactly_one_wins(tiny: Town) -> None:
    for n in range(ROUNDS):
        case = _case(tiny, n)
        answers = at_once(
            lambda case=case: _assign(tiny, "dispatcher", case, "worker"),  # type: ignore[misc]  # bound in the round
            lambda case=case: _assign(tiny, "supervisor", case, "colleague"),  # type: ignore[misc]  # as above
        )
        assert sorted(one.status_code for one in answers) == [200, 409]
        won, late = sorted(answers, key=lambda one: one.status_code)
        assert _said(late) == "work.stale"
        live = tiny["dispatcher"].get(f"/api/incidents/{case['id']}").json()["assignments"]
        assert [a["responder"] for a in live] == [won.json()["assignment"]["responder"]]
    assert _healthy(tiny)


@pytest.mark.parametrize("times", [2, 6])
def test_one_key_sent_many_times_at_once_is_one_case(tiny: Town, times: int) -> None:
    public = tiny.path("reports").replace("/api/", "/api/public/")
    for _ in range(2):  # the door lets thirty reports a minute in from one address
        key = uuid.uuid4().hex
        body = {"class_code": MANHOLE, "description": key, "point": {"lon": 10.001, "lat": 50.001}}
        answers = at_once(*[lambda: tiny.anybody.post(public, body, key=key)] * times)  # noqa: B023  # all end before the next round
        assert {one.status_code for one in answers} == {201}
        assert len({one.text for one in answers}) == 1
        with begin(tiny.engine) as tx:
            found = tx.execute(text("SELECT number FROM incident WHERE request_key = :key"), {"key": key}).scalars()
            assert list(found) == [answers[0].json()["number"]]
    assert _healthy(tiny)


def test_one_key_for_two_different_reports_at_once_is_one_case_and_a_word(tiny: Town) -> None:
    key = uuid.uuid4().hex
    path = tiny.path("incidents")
    first, second = (
        {"class_code": MANHOLE, "description": said, "point": {"lon": 10.001, "lat": 50.001}, "source": "phone"}
        for said in ("left", "right")
    )
    desk = tiny["dispatcher"]
    answers = at_once(lambda: desk.post(path, first, key=key), lambda: desk.post(path, second, key=key))
    assert sorted(one.status_code for one in answers) == [201, 409]
    assert _said(max(answers, key=lambda one: one.status_code)) == "work.key_reused"


def test_two_dispatchers_who_send_one_person_to_two_places_never_bind_them_twice(tiny: Town) -> None:
    won = 0
    for n in range(ROUNDS):
        one, other = _case(tiny, n), _case(tiny, n + 1)
        answers = at_once(
            lambda case=one: _assign(tiny, "dispatcher", case, "colleague"),  # type: ignore[misc]  # bound in the round
            lambda case=other: _assign(tiny, "supervisor", case, "colleague"),  # type: ignore[misc]  # as above
        )
        for answer in answers:
            assert answer.status_code == 200 or (answer.status_code == 409 and _said(answer) == "work.taken")
        won += sum(answer.status_code == 200 for answer in answers)
    assert won > ROUNDS  # one after the other is possible, so mostly both get their way
    assert _healthy(tiny)


def test_a_step_sent_twice_at_once_is_done_once(tiny: Town) -> None:
    for key in (None, uuid.uuid4().hex):
        case = _case(tiny)
        task = _assign(tiny, "dispatcher", case, "worker").json()["assignment"]
        path, body = f"/api/assignments/{task['id']}/accept", {"version": task["version"]}
        answers = at_once(*[lambda: tiny["worker"].post(path, body, key=key)] * 3)  # noqa: B023  # all end before the next round
        good = [one for one in answers if one.status_code == 200]
        assert len(good) == (3 if key else 1)
        assert {one.json()["assignment"]["version"] for one in good} == {task["version"] + 1}
        assert {one.status_code for one in answers} <= {200, 409}
    assert _healthy(tiny)
