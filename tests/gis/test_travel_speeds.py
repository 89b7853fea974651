"""Speeds by the hour of the local day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gis.model import Mode
from gis.travel import speeds
from gis.travel.speeds import FAITH, FEWEST, Day, HourTable, Speed, Way

pytestmark = pytest.mark.pure

VADUZ = ZoneInfo("Europe/Vaduz")
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)  #: 8:30 there
RUSH = HourTable(
    hours={
        (Day.WEEKDAY, 8): Speed(permille=1500, source="table"),
        (Day.ANY, 8): Speed(permille=1100, source="table"),
        (Day.ANY, 10): Speed(permille=900, source="table"),
    }
)


def ways(count: int, ratio: float, *, at: datetime = TUESDAY, mode: Mode = Mode.DRIVE) -> list[Way]:
    return [Way(mode=mode, departed=at, planned=300.0, actual=300.0 * ratio) for _ in range(count)]


def test_hours_are_those_of_the_local_clock_from_the_one_that_runs() -> None:
    assert speeds.permille(RUSH, TUESDAY, 4, VADUZ) == (1500, 1000, 900, 1000)
    assert speeds.now({Mode.DRIVE: RUSH}, Mode.DRIVE, TUESDAY, VADUZ) == 1500
    assert speeds.now({Mode.DRIVE: RUSH}, Mode.WALK, TUESDAY, VADUZ) == 1000


def test_a_kind_of_day_goes_before_any_day() -> None:
    saturday = TUESDAY + timedelta(days=4)
    assert speeds.permille(RUSH, saturday, 1, VADUZ) == (1100,)


def test_the_hour_that_comes_twice_is_counted_twice_and_the_one_that_is_left_out_not_at_all() -> None:
    table = HourTable(hours={(Day.ANY, 2): Speed(permille=2000)})
    autumn, spring = datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2027, 3, 28, 0, tzinfo=UTC)
    assert speeds.permille(table, autumn, 4, VADUZ) == (1000, 2000, 2000, 1000)
    assert speeds.permille(table, spring, 3, VADUZ) == (1000, 1000, 1000)


def test_too_few_ways_say_nothing() -> None:
    assert speeds.learn(ways(FEWEST - 1, 1.5), VADUZ) == {}


def test_what_is_learned_is_the_median_drawn_towards_the_engine() -> None:
    found = speeds.learn([*ways(FEWEST, 1.5), *ways(2, 40.0)], VADUZ)
    n = FEWEST + 2
    expected = round((n * 1500 + FAITH * 1000) / (n + FAITH))
    assert found == {(Mode.DRIVE, Day.WEEKDAY, 8): speeds.Learned(permille=expected, samples=n)}


def test_many_ways_are_believed_and_none_beyond_the_limits() -> None:
    learned = speeds.learn(ways(2000, 1.5), VADUZ)[Mode.DRIVE, Day.WEEKDAY, 8]
    assert learned.permille == pytest.approx(1500, abs=5)
    assert speeds.learn(ways(2000, 9.0), VADUZ)[Mode.DRIVE, Day.WEEKDAY, 8].permille == speeds.MOST
    assert speeds.learn(ways(2000, 0.1), VADUZ)[Mode.DRIVE, Day.WEEKDAY, 8].permille == speeds.LEAST


def test_modes_days_and_hours_are_kept_apart() -> None:
    some = [*ways(10, 1.2), *ways(10, 1.4, mode=Mode.WALK), *ways(10, 1.6, at=TUESDAY + timedelta(days=4))]
    found = speeds.learn(some, VADUZ)
    assert found.keys() == {
        (Mode.DRIVE, Day.WEEKDAY, 8),
        (Mode.WALK, Day.WEEKDAY, 8),
        (Mode.DRIVE, Day.WEEKEND, 8),
    }


def test_the_shortest_ways_are_left_out() -> None:
    some = [Way(mode=Mode.WALK, departed=TUESDAY, planned=20.0, actual=200.0)] * 50
    assert speeds.learn(some, VADUZ) == {}


def test_what_was_learned_and_taken_over_is_not_unlearned() -> None:
    slow = [
        Way(mode=Mode.DRIVE, departed=TUESDAY, planned=300.0 * 1.5, actual=300.0 * 1.5, permille=1500)
        for _ in range(2000)
    ]
    assert speeds.learn(slow, VADUZ)[Mode.DRIVE, Day.WEEKDAY, 8].permille == pytest.approx(1500, abs=5)
