"""The OR-Tools model: what it can say it says as the scorer does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.solver import Crew, Held, Problem
from dispatch.solver.ground import Ground
from dispatch.solver.problem import Routes
from dispatch.solver.routing import search
from dispatch.solver.routing.searching import ready
from dispatch.solver.scoring import judge
from tests.dispatch.brute import plans
from tests.dispatch.problems import person, problem, small, task

pytestmark = pytest.mark.pure

SECONDS = 0.2


def sayable(seed: int, *, ties: bool) -> Problem:
    """A small day with all that the model can say: no speeds, rest, breaks, gaps, locked work, fairness or standby."""
    day = small(seed, tasks=5, whole=True, ties=ties)
    people = [replace(p, rest=0, breaks=(), windows=((p.windows[0][0], p.windows[-1][1]),)) for p in day.people]
    tasks = [replace(t, locked=None, pinned=False) for t in day.tasks]
    crews = tuple(replace(c, between={}) for c in day.crews)
    parts: dict[str, Any] = {"people": tuple(people), "tasks": tuple(tasks), "crews": crews}
    return replace(day, **parts, speeds=(), fairness=0, standby=())


def best(ground: Ground) -> tuple[int, Routes]:
    found = []
    for routes in plans(ground):
        try:
            found.append((judge(ground, routes).cost, routes))
        except ValueError:
            continue
    return min(found)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("ties", [False, True])
def test_the_best_plan_is_a_start_that_stays(seed: int, ties: bool) -> None:
    ground = Ground(sayable(seed, ties=ties))
    cost, routes = best(ground)
    assert ready(ground, routes, seed=1, seconds=SECONDS, repeatable=False).warm is not None
    found = search(ground, routes, seed=1, seconds=SECONDS)
    assert found is not None
    assert judge(ground, found).cost == cost


@pytest.mark.parametrize("seed", range(6, 12))
@pytest.mark.parametrize("ties", [False, True])
def test_what_it_finds_by_itself_breaks_no_rule(seed: int, ties: bool) -> None:
    ground = Ground(sayable(seed, ties=ties))
    found = search(ground, None, seed=1, seconds=SECONDS)
    assert found is not None
    assert judge(ground, found).cost <= judge(ground, ground.locked).cost


def test_work_may_be_left_out_where_people_cost_differently() -> None:
    given = problem([person(0, cost_per_task=10), person(0, cost_per_task=20)], [task(9, unserved=1), task(1)])
    assert search(Ground(given), None, seed=1, seconds=SECONDS) == ((1,), ())


def test_a_free_person_is_taken_before_a_volunteer_and_a_holder_before_another() -> None:
    free = problem([person(0, cost_per_task=90), person(0)], [task(1)])
    held = problem([person(0), person(1)], [task(1, holder=0, hop=900)])
    cell = problem([person(0), person(1)], [task(1, extra={1: 900})])
    assert [search(Ground(g), None, seed=1, seconds=SECONDS) for g in (free, held, cell)] == [
        ((), (0,)),
        ((0,), ()),
        ((0,), ()),
    ]


def test_a_certificate_bounds_who_comes_late() -> None:
    people = [person(0, skills={1: Held(until=1500)}), person(9, skills={1: Held()})]
    early, late = task(1, needs={1: 1}), task(1, needs={1: 1}, earliest=700)
    given = problem(people, [early, late])
    assert search(Ground(given), None, seed=1, seconds=SECONDS) == ((0,), (1,))


def test_a_crew_is_sent_whole_or_not_at_all() -> None:
    pair = problem([person(0), person(5)], [task(1), task(1)], crews=(Crew(tasks=(0, 1)),))
    lone = replace(pair, people=(pair.people[0], replace(pair.people[1], windows=())))
    served = search(Ground(pair), None, seed=1, seconds=SECONDS)
    assert served is not None
    assert sorted(map(len, served)) == [1, 1]
    assert search(Ground(lone), None, seed=1, seconds=SECONDS) == ((), ())


def test_promises_are_broken_no_more_than_is_allowed() -> None:
    held = [task(9, holder=0), task(8, holder=0)]
    given = problem([person(0), person(9)], held, standing=((0, 1), ()))
    for most in (None, 1, 0):
        found = search(Ground(replace(given, most_changes=most)), ((1, 0), ()), seed=1, seconds=SECONDS)
        assert found is not None
        assert len(found[1]) == (2 if most is None else most)


def test_where_everybody_goes_home_nothing_is_visited_but_tasks() -> None:
    people = [person(0, end=0), person(9, end=9)]
    ground = Ground(problem(people, [task(1), task(3), task(6), task(8)]))
    found = search(ground, None, seed=1, seconds=SECONDS)
    assert found is not None
    assert sorted(i for route in found for i in route) == [0, 1, 2, 3]
