"""Speeds by the hour: set, learned, taken over, and used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.candidates import candidates
from dispatch.desk import speeding
from dispatch.desk.speeding import Setting, SpeedsSeen
from dispatch.errors import Forbidden, Invalid, Stale
from dispatch.model import AssignmentState, User
from gis.model import Mode
from gis.travel.beeline import Beeline
from gis.travel.speeds import FAITH, Day
from tests.dispatch.make import Town, new_key
from tests.dispatch.make import town as lay

TUESDAY = datetime(2026, 11, 17, 6, 30, tzinfo=UTC)  #: 8:30 in Helsinki
EIGHT = (Day.WEEKDAY, 8)


@pytest.fixture
def town(database: Any) -> Town:
    return lay(database)


def went(town: Town, times: int, *, minutes: float, planned: float = 5.0, **changes: Any) -> None:
    """Ways of the worker, on foot, on Tuesday morning."""
    case = town.report(town.dispatcher).id
    values = {"incident": case, "district": town.district, "responder": town.worker.responder, "estimated": False}
    values |= {"at": TUESDAY, "there": TUESDAY + timedelta(minutes=minutes), "planned": planned * 60} | changes
    with town.engine.begin() as tx:
        for _ in range(times):
            tx.execute(
                text(
                    "INSERT INTO assignment (incident, district, responder, purpose, during, state, travel_seconds,"
                    " travel_metres, estimated, eta, offered_at, departed_at, arrived_at) VALUES (:incident, :district,"
                    f" :responder, 'handle', tstzrange(:at, :there), '{AssignmentState.DONE}', :planned, 400,"
                    " :estimated, :at, :at, :at, :there)"
                ),
                values,
            )


def put(town: Town, *rows: Setting, version: int | None = None, who: User | None = None) -> SpeedsSeen:
    known = version or speeding.speeds_seen(town.desk, town.dispatcher, town.district).version
    who = who or town.administrator
    return speeding.set_speeds(town.desk, who=who, district=town.district, version=known, rows=rows, key=new_key())


def test_what_the_team_s_ways_say_is_shown_and_counts_only_when_taken_over(town: Town) -> None:
    went(town, 20, minutes=7.5)
    seen = speeding.speeds_seen(town.desk, town.dispatcher, town.district)
    expected = round((20 * 1500 + FAITH * 1000) / (20 + FAITH))
    assert seen.learned[Mode.WALK, *EIGHT].permille == expected
    assert seen.tables == {}
    after = put(town, Setting(mode=Mode.WALK, day=Day.WEEKDAY, hour=8, learned=True))
    speed = after.tables[Mode.WALK].at(*EIGHT)
    assert (speed.permille, speed.source, speed.samples) == (expected, "learned", 20)


def test_estimated_and_forgotten_ways_say_nothing(town: Town) -> None:
    went(town, 20, minutes=7.5, estimated=True)
    went(town, 20, minutes=600)
    assert speeding.speeds_seen(town.desk, town.dispatcher, town.district).learned == {}


def test_what_was_planned_with_a_speed_is_judged_without_it(town: Town) -> None:
    put(town, Setting(mode=Mode.WALK, day=Day.ANY, hour=8, permille=1500))
    with town.engine.begin() as tx:
        tx.execute(text("ALTER TABLE event DISABLE TRIGGER event_kept"))
        tx.execute(text("UPDATE event SET at = :at WHERE kind = 'speeds.changed'"), {"at": TUESDAY - timedelta(days=1)})
        tx.execute(text("ALTER TABLE event ENABLE TRIGGER event_kept"))
    went(town, 40, minutes=7.5, planned=7.5)
    learned = speeding.speeds_seen(town.desk, town.dispatcher, town.district).learned[Mode.WALK, *EIGHT]
    assert learned.permille == round((40 * 1500 + FAITH * 1000) / (40 + FAITH))


def test_an_hour_goes_back_to_what_the_engine_says(town: Town) -> None:
    put(town, Setting(mode=Mode.WALK, day=Day.WEEKDAY, hour=8, permille=1300))
    assert put(town, Setting(mode=Mode.WALK, day=Day.WEEKDAY, hour=8)).tables == {}


def test_speeds_are_for_administrators_guarded_and_within_limits(town: Town) -> None:
    row = Setting(mode=Mode.WALK, day=Day.ANY, hour=8, permille=1300)
    with pytest.raises(Forbidden):
        put(town, row, who=town.dispatcher)
    with pytest.raises(Forbidden):
        speeding.speeds_seen(town.desk, town.worker, town.district)
    with pytest.raises(Stale):
        put(town, row, version=7)
    with pytest.raises(Invalid) as caught:
        put(town, row, Setting(mode=Mode.WALK, day=Day.ANY, hour=8, permille=3001))
    assert caught.value.params["field"] == "rows.1.permille"
    with pytest.raises(Invalid):
        put(town, Setting(mode=Mode.WALK, day=Day.WEEKDAY, hour=8, learned=True))
    assert speeding.speeds_seen(town.desk, town.administrator, town.district).tables == {}


def test_candidates_take_as_long_as_ways_take_at_this_hour(town: Town) -> None:
    case = town.report(town.dispatcher)

    def seconds() -> list[float]:
        found = candidates(town.engine, Beeline(), case.id, now=TUESDAY)
        return [c.seconds for c in found.candidates if c.seconds is not None]

    before = seconds()
    assert before
    put(town, Setting(mode=Mode.WALK, day=Day.WEEKDAY, hour=8, permille=1500))
    assert seconds() == pytest.approx([1.5 * one for one in before])
