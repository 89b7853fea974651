"""Server, planner and PostgreSQL are killed again and again while people work: nothing acknowledged is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.house import house
from tests.faults.storm import Result, storm

pytestmark = pytest.mark.slow

SECONDS = 20


@pytest.fixture(scope="module")
def result() -> Iterator[Result]:
    with house() as found:
        try:
            yield storm(found, seconds=SECONDS)
        except AssertionError:
            raise AssertionError(found.logs()) from None


def test_there_was_a_storm(result: Result) -> None:
    kills = result.kills
    assert kills["postgres"] >= 3
    assert kills["server"] + kills["server children"] + kills["server parent"] >= 3
    assert kills["planner"] >= 1
    assert len(result.ledger.reports) >= 10
    assert len(result.ledger.deeds) >= 5
    assert result.ledger.repeated >= 3
    assert result.connections >= 3


@pytest.mark.parametrize(
    "what",
    [
        pytest.param("lost", id="every acknowledged report is stored under its number"),
        pytest.param("doubled", id="no report became two cases"),
        pytest.param("undone", id="every acknowledged deed was told"),
        pytest.param("overlaps", id="nobody is bound twice at one time"),
        pytest.param("rules", id="state is the fold of legal events without gaps"),
        pytest.param("misheard", id="the stream told every event once, in order"),
        pytest.param("screen", id="the screen that stayed open shows what a fresh one shows"),
        pytest.param("broken", id="nobody got an answer that is not foreseen"),
        pytest.param("outage", id="without PostgreSQL every answer is 503 with Retry-After"),
    ],
)
def test_after_the_storm(result: Result, what: str) -> None:
    assert result.faults[what] == []


def test_without_postgresql_every_door_was_tried(result: Result) -> None:
    doors = {"public report", "staff report", "plan", "desk", "tasks", "stream", "sign in"}
    assert {one.what for one in result.outages} == doors


def test_the_planner_is_back_within_bounds(result: Result) -> None:
    assert result.calm < 90
    assert result.latecomer < 60
