"""What still works when the road engine or the planner is away, and what people are told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.api.town import MANHOLE, Town, town

WORDS = {"en": "straight-line", "zh-CN": "直线", "zh-TW": "直線"}


@pytest.fixture(scope="module")
def roadless(module_database: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose road graphs were lost after the import."""
    folder: Path = tmp_path_factory.mktemp("roadless")
    with town(module_database, folder) as found:
        shutil.rmtree(folder / "graphs")
        yield found


def report(place: Town) -> dict[str, Any]:
    body = {"class_code": MANHOLE, "description": "x", "point": {"lon": 10.0005, "lat": 50.0005}}
    made: dict[str, Any] = place["dispatcher"].post(place.path("incidents"), body).json()
    return made


def degraded(place: Town, language: str = "en") -> dict[str, dict[str, Any]]:
    desk = place["dispatcher"].get(place.path("desk"), headers={"Accept-Language": language}).json()
    return {one["what"]: one for one in desk["degraded"]}


def test_without_roads_people_are_sent_by_the_straight_line_and_everybody_is_told(roadless: Town) -> None:
    case = report(roadless)
    found = roadless["dispatcher"].get(f"/api/incidents/{case['id']}/candidates").json()["candidates"]
    assert found[0]["fit"]
    assert all(one["estimated"] for one in found)
    sent = {"responder": found[0]["responder"]["id"], "version": case["version"]}
    given = roadless["dispatcher"].post(f"/api/incidents/{case['id']}/assign", sent).json()
    assert given["assignment"]["estimated"]
    assert given["assignment"]["travel_seconds"] > 0
    for language, word in WORDS.items():
        told = degraded(roadless, language)["travel"]
        assert (told["mode"], word in told["message"]) == ("no_graphs", True)
        assert told["since"]
    assert roadless.anybody.get("/api/health").json()["travel"] == "no_graphs"


def test_without_roads_the_planner_plans_and_says_that_it_guesses(roadless: Town) -> None:
    report(roadless)
    plan = roadless["dispatcher"].post(roadless.path("plan")).json()
    assert plan["estimated"]
    assert plan["placed"] >= 1


def test_a_worker_that_is_silent_is_told_and_one_that_lives_is_not(roadless: Town) -> None:
    assert "planner" in degraded(roadless)
    house = roadless.app.state.house
    with roadless.engine.begin() as tx:
        tx.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"))
    house._known.clear()  # it looks again after a few seconds
    assert "planner" not in degraded(roadless)
    with roadless.engine.begin() as tx:
        tx.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"))
    house._known.clear()
    for language, word in (("en", "planner"), ("zh-CN", "手动指派"), ("zh-TW", "手動指派")):
        assert word in degraded(roadless, language)["planner"]["message"]
