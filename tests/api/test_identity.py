"""Who calls: sessions, the token against foreign pages, links of the demonstration, counting tries."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from api.identity import COOKIE, Bucket
from dispatch import accounts
from dispatch.model import Role
from tests.api.town import Person, Town, town

PASSWORD = "correct horse battery"


@pytest.fixture
def newcomer(tiny: Town) -> str:
    login = f"new-{uuid.uuid4().hex[:8]}"
    accounts.add_user(
        tiny.engine, login=login, name="New", password=PASSWORD, grants=[(Role.PLANNER, tiny.areas["Tinyville"])]
    )
    return login


def test_signing_in_gives_a_cookie_that_scripts_cannot_read(tiny: Town, newcomer: str) -> None:
    answer = tiny.anybody.post("/api/session", {"login": newcomer, "password": PASSWORD})
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # http on this machine
    session = answer.json()
    assert (session["user"]["login"], session["roles"], session["home"]) == (newcomer, ["planner"], "/plan")
    assert [place["code"] for place in session["districts"]] == ["TIN"]
    assert session["grants"][0]["area_name"] == "Tinyville"
    assert session["raster"] == []


def test_away_from_this_machine_the_cookie_wants_https(tiny: Town, newcomer: str) -> None:
    answer = tiny.anybody.post(
        "/api/session", {"login": newcomer, "password": PASSWORD}, headers={"Host": "gridward.example"}
    )
    assert "Secure" in answer.headers["set-cookie"]


def test_a_wrong_password_and_an_unknown_name_sound_the_same(tiny: Town, newcomer: str) -> None:
    wrong = tiny.anybody.post("/api/session", {"login": newcomer, "password": "wrong password"})
    unknown = tiny.anybody.post("/api/session", {"login": "nobody", "password": "wrong password"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_after_ten_bad_attempts_even_the_right_password_waits(tiny: Town, newcomer: str) -> None:
    for _ in range(10):
        tiny.anybody.post("/api/session", {"login": newcomer, "password": "wrong password"})
    answer = tiny.anybody.post("/api/session", {"login": newcomer, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 60


@pytest.mark.parametrize("token", ["", "wrong", "{}"])
def test_without_the_token_of_the_session_nothing_changes(tiny: Town, token: str) -> None:
    dispatcher = tiny["dispatcher"]
    stranger = Person(tiny.client, dispatcher.cookie, token or None)
    answer = stranger.post(tiny.path("plan"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "request.csrf")
    assert stranger.get("/api/session").status_code == 200


def test_who_signed_out_is_out(tiny: Town) -> None:
    opened = accounts.open_session(tiny.engine, tiny["planner"].user or 0)
    planner = Person(tiny.client, opened.token, opened.csrf)
    assert planner.request("DELETE", "/api/session").status_code == 204
    assert planner.get("/api/session").status_code == 401


def test_the_language_of_the_account_is_spoken_where_the_browser_asks_for_none_of_ours(tiny: Town) -> None:
    supervisor = tiny["supervisor"]
    changed = supervisor.request("PATCH", "/api/session", json={"language": "zh-Hans"})
    assert changed.json()["user"]["language"] == "zh-Hans"
    asked = {lang: supervisor.get("/api/my/tasks", headers={"Accept-Language": lang}) for lang in ("fi", "en", "zh-TW")}
    said = {lang: answer.json()["error"]["message"] for lang, answer in asked.items()}
    assert said == {"fi": "您没有权限执行此操作。", "en": "You may not do this.", "zh-TW": "您沒有權限執行此操作。"}
    supervisor.request("PATCH", "/api/session", json={"language": "en"})


def test_a_deed_needs_a_key(tiny: Town) -> None:
    for key in (None, "short", "has blanks in it", "x" * 201):
        headers = {"X-CSRF-Token": tiny["dispatcher"].csrf or "", "Cookie": f"{COOKIE}={tiny['dispatcher'].cookie}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        answer = tiny.client.post(tiny.path("plan"), headers=headers, json={})
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "request.no_key")


def test_the_same_key_is_the_same_deed_and_another_request_with_it_is_refused(tiny: Town) -> None:
    key = uuid.uuid4().hex
    body = {"class_code": "C0101", "description": "Once", "text": "3 Mill Lane"}
    first = tiny["dispatcher"].post(tiny.path("incidents"), body, key=key)
    again = tiny["dispatcher"].post(tiny.path("incidents"), body, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    other = tiny["dispatcher"].post(tiny.path("incidents"), {**body, "description": "Twice"}, key=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "work.key_reused")


def test_somebody_of_the_south_does_not_see_the_north(tiny: Town) -> None:
    body = {"class_code": "C0101", "description": "North", "point": {"lon": 10.0021, "lat": 50.0032}}
    north = tiny["dispatcher"].post(tiny.path("incidents"), body).json()
    assert north["area"] == tiny.areas["North Side"]
    south = tiny["south"]
    assert north["id"] not in {case["id"] for case in south.get(tiny.path("desk")).json()["incidents"]}
    assert south.get(f"/api/incidents/{north['id']}").status_code == 403
    refused = south.post(f"/api/incidents/{north['id']}/reject", {"version": 1, "reason": "x"})
    assert refused.status_code == 403
    found = south.get(tiny.path("search"), params={"q": north["number"]}).json()
    assert [one for one in found if one["kind"] == "incident"] == []
    found = tiny["dispatcher"].get(tiny.path("search"), params={"q": north["number"]}).json()
    assert found[0]["id"] == north["id"]


def test_links_of_the_demonstration_are_not_there_outside_it(tiny: Town) -> None:
    assert tiny.anybody.get("/api/demo").status_code == 404
    link = accounts.make_link(tiny.engine, tiny["planner"].user or 0, lasts=timedelta(hours=1))
    assert tiny.anybody.get(f"/enter/{link}").status_code == 404


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, second_database: Engine) -> Iterator[Town]:
    with town(second_database, tmp_path_factory.mktemp("demo"), demo=True) as found:
        yield found


def test_in_the_demonstration_a_link_signs_in_and_leads_to_where_the_role_starts(demo: Town) -> None:
    link = accounts.make_link(demo.engine, demo["worker"].user or 0, lasts=timedelta(hours=1), reusable=True)
    answer = demo.anybody.get(f"/enter/{link}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/field")
    token = answer.cookies[COOKIE]
    assert Person(demo.client, token).get("/api/session").json()["demo"] is True
    demo.client.cookies.clear()
    gone = demo.anybody.get("/enter/no-such-link")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "request.link_gone")


def test_the_demonstration_s_links_do_not_go_through_a_proxy(demo: Town) -> None:
    assert demo.anybody.get("/api/demo").status_code == 200
    assert demo.anybody.get("/api/demo", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert demo.anybody.get("/api/demo", headers={"Host": "elsewhere.example"}).status_code == 404


@pytest.mark.pure
def test_tries_are_counted_within_a_sliding_while_and_per_caller() -> None:
    now = [0.0]
    bucket = Bucket(2, 10, clock=lambda: now[0])
    assert [bucket.wait("a"), bucket.wait("a"), bucket.wait("a")] == [0, 0, 10]
    assert bucket.wait("b") == 0
    now[0] = 10.0
    assert bucket.wait("a") == 0


def test_too_many_reports_from_one_address_are_told_when_to_come_back(demo: Town) -> None:
    answers = [demo.anybody.get(f"/api/public/districts/{demo.district}/search?q=x") for _ in range(121)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
