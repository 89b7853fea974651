"""When people do what: one example for every rule of `timing`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.solver import NO_WAY, Break, Crew, Held, Problem, Speeds
from dispatch.solver.driving import drive
from dispatch.solver.ground import FORCED_WAY, Ground
from dispatch.solver.kept import kept
from dispatch.solver.scoring import judge, timetable, timetables
from tests.dispatch.problems import line, person, problem, problems, task

pytestmark = pytest.mark.pure


def times(given: Problem, *route: int) -> list[tuple[int, int, int]] | None:
    """Leave, begin and end of the first person's stops."""
    stops = timetable(Ground(given), 0, route)
    return None if stops is None else [(s.leave, s.begin, s.end) for s in stops]


def alone(who: dict[str, Any], *work: dict[str, Any]) -> Problem:
    """One person at 0, tasks at 1 (600 seconds away) with 900 seconds of work unless it is said otherwise."""
    return problem([person(0, **who)], [task(**({"node": 1} | w)) for w in work])


def test_a_break_is_taken_as_soon_as_its_time_has_come() -> None:
    lunch = Break(earliest=1000, latest=2000, seconds=300)
    assert times(alone({"breaks": (lunch,)}, {}, {}), 0, 1) == [(0, 600, 1500), (1800, 1800, 2700)]


def test_a_break_comes_before_work_that_would_end_too_late_for_it() -> None:
    lunch = Break(earliest=1000, latest=1400, seconds=300)
    assert times(alone({"breaks": (lunch,)}, {}), 0) == [(1300, 1900, 2800)]


def test_a_break_after_the_last_task_costs_nothing() -> None:
    assert times(alone({"breaks": (Break(earliest=2000, latest=2000, seconds=9000),)}, {}), 0) == [(0, 600, 1500)]


def test_a_second_break_is_looked_at_again_after_the_first() -> None:
    breaks = (Break(earliest=500, latest=600, seconds=300), Break(earliest=700, latest=900, seconds=100))
    assert times(alone({"breaks": breaks}, {}), 0) == [(900, 1500, 2400)]


def test_a_break_that_comes_too_late_after_work_is_no_plan() -> None:
    breaks = (Break(earliest=1500, latest=1500, seconds=800), Break(earliest=1600, latest=1700, seconds=300))
    assert times(alone({"breaks": breaks}, {}, {}), 0) == [(0, 600, 1500)]
    assert times(alone({"breaks": breaks}, {}, {}), 0, 1) is None


def test_a_break_that_is_overdue_before_any_work_is_taken_at_once() -> None:
    breaks = (Break(earliest=0, latest=0, seconds=800), Break(earliest=500, latest=600, seconds=300))
    assert times(alone({"breaks": breaks}, {}), 0) == [(1100, 1700, 2600)]


def test_begun_work_heeds_no_break_and_the_break_follows_it() -> None:
    lunch = Break(earliest=100, latest=200, seconds=300)
    given = alone({"breaks": (lunch,)}, {"locked": 0, "pinned": True}, {})
    assert times(given, 0, 1) == [(0, 600, 1500), (1800, 1800, 2700)]


def test_rest_counts_from_the_end_of_work_to_the_next_window() -> None:
    given = alone({"windows": ((0, 2000), (2500, 9000)), "rest": 2000}, {}, {}, {})
    assert times(given, 0, 1, 2) == [(0, 600, 1500), (3500, 3500, 4400), (4400, 4400, 5300)]


def test_without_rest_the_next_window_begins_when_it_begins() -> None:
    assert times(alone({"windows": ((0, 2000), (2500, 9000))}, {}, {}), 0, 1) == [(0, 600, 1500), (2500, 2500, 3400)]


def test_work_begins_inside_an_appointment_and_waits_for_the_next_one() -> None:
    assert times(alone({}, {"windows": ((0, 500), (2000, 2100))}), 0) == [(0, 2000, 2900)]
    assert times(alone({}, {"windows": ((0, 500),)}), 0) is None
    assert times(alone({}, {"windows": ((0, 600),)}), 0) == [(0, 600, 1500)]


def test_locked_work_that_misses_its_appointment_is_left_for_at_once() -> None:
    assert times(alone({}, {"windows": ((0, 500),), "locked": 0}), 0) == [(0, 600, 1500)]


def test_work_ends_before_the_certificate_that_it_needs() -> None:
    who = {"skills": {4: Held(until=1500), 5: Held(until=10)}}
    assert times(alone(who, {"needs": {4: 1}}), 0) == [(0, 600, 1500)]
    assert times(alone(who, {"needs": {4: 1}, "service": 901}), 0) is None
    assert times(alone(who, {"service": 901}), 0) is not None


def test_a_level_that_is_not_reached_is_a_skill_that_is_missing() -> None:
    given = alone({"skills": {4: Held(level=1)}}, {"needs": {4: 2}}, {"needs": {4: 1}})
    assert Ground(given).able.tolist() == [[False, True]]


def test_overtime_follows_the_last_window_only() -> None:
    windows = ((0, 1400), (5000, 6400))
    assert times(alone({"windows": windows, "overtime": 100}, {}, {}), 0) == [(5000, 5600, 6500)]
    assert times(alone({"windows": windows, "overtime": 99}, {}), 0) is None


def test_the_way_home_ends_inside_the_window_and_counts_as_road() -> None:
    given = alone({"end": 0, "windows": ((0, 2100),)}, {})
    assert judge(Ground(given), [(0,)]).road == 1200
    assert times(alone({"end": 0, "windows": ((0, 2099),)}, {}), 0) is None
    assert judge(Ground(given), [()]).road == 0


def test_no_way_home_is_no_plan_but_for_locked_work() -> None:
    one_way = line(2)
    one_way[1, 0] = NO_WAY
    free = Problem(people=(person(0, end=0),), tasks=(task(1),), travel=(one_way,))
    locked = replace(free, tasks=(task(1, locked=0),))
    assert timetable(Ground(free), 0, (0,)) is None
    assert judge(Ground(locked), [(0,)]).road == 600 + FORCED_WAY


def test_a_crew_begins_when_the_last_of_them_is_there() -> None:
    given = problem([person(0), person(5)], [task(1, service=100), task(1, service=900), task(2)])
    given = replace(given, crews=(Crew(tasks=(0, 1)),))
    timed = timetables(Ground(given), [(0, 2), (1,)])
    assert timed is not None
    assert [[(s.begin, s.end) for s in stops] for stops in timed] == [[(2400, 2500), (3100, 4000)], [(2400, 3300)]]


def test_a_crew_agrees_on_a_moment_that_suits_every_appointment() -> None:
    early, late = {"windows": ((0, 700), (3000, 3100))}, {"windows": ((650, 2000), (3050, 4000))}
    given = problem([person(0), person(1)], [task(1, **early), task(1, **late)])
    timed = timetables(Ground(replace(given, crews=(Crew(tasks=(0, 1)),))), [(0,), (1,)])
    assert timed is not None
    assert [stops[0].begin for stops in timed] == [650, 650]


def test_who_is_on_the_scene_does_not_wait_for_the_rest_of_the_crew() -> None:
    given = problem([person(1), person(5)], [task(1, locked=0, pinned=True), task(1)])
    timed = timetables(Ground(replace(given, crews=(Crew(tasks=(0, 1)),))), [(0,), (1,)])
    assert timed is not None
    assert [stops[0].begin for stops in timed] == [0, 2400]


def test_crews_that_wait_for_each_other_are_no_plan() -> None:
    given = problem([person(0), person(0)], [task(1) for _ in range(4)])
    given = replace(given, crews=(Crew(tasks=(0, 1)), Crew(tasks=(2, 3))))
    assert timetables(Ground(given), [(0, 2), (1, 3)]) is not None
    assert timetables(Ground(given), [(0, 2), (3, 1)]) is None


def test_work_begins_after_the_end_of_what_it_comes_after() -> None:
    given = problem([person(0), person(5)], [task(5), task(1, after=(0,))])
    timed = timetables(Ground(given), [(1,), (0,)])
    assert timed is not None
    assert (timed[1][0].end, timed[0][0].begin) == (900, 900)
    assert timetables(Ground(given), [(1, 0), ()]) is None


def test_locked_work_of_a_crew_keeps_one_order_on_every_row() -> None:
    tasks = [task(1, locked=0, target=1), task(1, locked=1, target=9), task(1, locked=1, target=5)]
    given = problem([person(0), person(0)], [*tasks, task(1, locked=0, target=5)])
    ground = Ground(replace(given, crews=(Crew(tasks=(0, 1)), Crew(tasks=(2, 3)))))
    assert ground.locked == ((0, 3), (1, 2))
    assert timetables(ground, ground.locked) is not None


@pytest.mark.parametrize(
    ("tasks", "crews"),
    [
        ([task(after=(1,)), task(after=(0,))], ()),
        ([task(), task(after=(0,))], (Crew(tasks=(0, 1)),)),
        ([task(locked=0), task(locked=0)], (Crew(tasks=(0, 1)),)),
    ],
)
def test_ties_that_nobody_could_keep_are_refused(tasks: list[Any], crews: tuple[Crew, ...]) -> None:
    with pytest.raises(ValueError, match=r"itself|same person"):
        replace(problem([person(0)], tasks), crews=crews)


def test_a_way_over_the_hour_is_driven_at_both_speeds() -> None:
    speeds = Speeds(start=0, slot=3600, permille=(1000, 2000))
    assert drive(speeds, 600, 0) == 600
    assert drive(speeds, 600, 3300) == 300 + 600
    assert drive(speeds, 600, 9000) == 1200
    assert drive(speeds, 600, -9000) == 600


@given(
    st.builds(
        Speeds,
        start=st.integers(-4000, 4000),
        slot=st.integers(1, 4000),
        permille=st.lists(st.integers(1, 5000), min_size=1, max_size=6).map(tuple),
    ),
    st.integers(0, 10_000),
    st.integers(-5000, 20_000),
)
def test_who_leaves_earlier_never_arrives_later(speeds: Speeds, base: int, leave: int) -> None:
    assert leave + drive(speeds, base, leave) <= leave + 1 + drive(speeds, base, leave + 1)


@given(problems(whole=True, ties=True))
def test_what_is_kept_of_standing_rows_breaks_no_rule(given: Problem) -> None:
    ground = Ground(given)
    judge(ground, kept(ground))
    judge(Ground(replace(given, most_changes=None)), ground.locked)
