"""A standing plan through the events of a day: every one leaves a plan that holds."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.solver import Problem, score
from dispatch.solver.live import Live
from tests.dispatch.problems import person, problem, task

pytestmark = pytest.mark.pure


def live() -> Live:
    """Two people at the ends of a line of ten places, four tasks between them."""
    given = problem([person(0), person(9)], [task(1), task(3), task(6), task(8)])
    one = Live(given, ((), ()))
    one.improve(0.05)
    return one


def holds(one: Live) -> None:
    """The plan is one, and costs what the search says."""
    assert score(one.problem, one.routes).cost == one.cost


def ways(one: Live, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Seconds to and from a new place on the line of ten, for every node there is."""
    known = [*range(10), *range(10, len(one.problem.travel[0]))]
    row = np.array([[abs(min(k, 9) - place) * 600 for k in known]], dtype=np.int64)
    return row, row


def test_everybody_gets_what_is_near() -> None:
    one = live()
    assert one.routes == ((0, 1), (3, 2))
    holds(one)


def test_new_work_goes_to_who_is_near_and_nobody_else_is_disturbed() -> None:
    one = live()
    to, back = ways(one, 2)
    assert one.insert(task(0), to, back) == 0
    assert one.routes[1] == (3, 2)
    assert one.changed == 0
    one.improve(0.05)
    holds(one)


def test_many_come_one_after_the_other() -> None:
    one = live()
    for n in range(20):
        to, _ = ways(one, n % 10)
        wide = np.concatenate([to, np.full((1, n), 900)], axis=1)[:, : 10 + n]
        one.insert(task(0, target=10**5), wide, wide)
    assert sorted(i for route in one.routes for i in route) == list(range(24))
    one.improve(0.05)
    holds(one)


def test_what_is_cancelled_is_on_no_route_and_breaks_no_promise() -> None:
    one = live()
    one.cancel(1)
    assert one.routes == ((0,), (3, 2))
    assert one.changed == 0
    holds(one)


def test_who_falls_out_hands_everything_over() -> None:
    one = live()
    one.drop(0)
    assert one.routes[0] == ()
    assert sorted(one.routes[1]) == [0, 1, 2, 3]
    assert one.changed == 2
    holds(one)


def test_who_is_late_starts_late() -> None:
    one = live()
    before = one.cost
    one.delay(0, 7200)
    assert one.cost > before
    holds(one)


def test_who_has_finished_goes_on_from_there() -> None:
    one = live()
    one.finish(0, 1500)
    assert one.routes[0] == (1,)
    assert one.problem.people[0].node == 1
    holds(one)


def test_who_has_moved_goes_on_from_there() -> None:
    one = live()
    one.move(0, ways(one, 9)[0])
    one.improve(0.1)
    holds(one)


def test_other_roads_are_other_costs() -> None:
    one = live()
    before = one.cost
    one.roads(tuple(2 * m for m in one.problem.travel))
    assert one.cost > before
    holds(one)


def test_a_problem_is_laid_out_anew_only_when_room_runs_out() -> None:
    one = live()
    problem_before: Problem = one.problem
    to, back = ways(one, 2)
    one.insert(task(0), to, back)
    assert len(one.problem.tasks) == len(problem_before.tasks) + 1


def test_a_day_of_events_written_over_is_the_plan_that_is_laid_out_anew() -> None:
    one = live()
    for n in range(6):
        wide, _ = ways(one, n)
        row = np.full((1, 10 + n), 1200, dtype=np.int64)
        row[0, :10] = wide[0, :10]
        one.insert(task(0, target=600 * n), row, row)
    one.cancel(4)
    one.delay(0, 1800)
    one.finish(one.routes[1][0], 900)
    one.move(0, np.full((1, 16), 300, dtype=np.int64))
    one.roads(tuple(m + 60 * (m > 0) for m in one.problem.travel))
    holds(one)
    written, routes = one.cost, one.routes
    one._repair(routes)  # what the quick way must agree with
    assert (one.cost, one.routes) == (written, routes)


def test_who_is_too_late_for_everything_is_relieved() -> None:
    one = live()
    end = one.problem.people[0].windows[-1][1]
    one.delay(0, end - 1)
    assert one.routes[0] == ()
    assert sorted(one.routes[1]) == [0, 1, 2, 3]
    holds(one)
