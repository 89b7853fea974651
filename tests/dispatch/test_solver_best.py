"""The engine against the best plan there is, found by trying all: small problems, many of them.

GRIDWARD_INSTANCES says how many days of each kind are tried, and four times as many drawn by hypothesis. The default is
for every day; 100 (about 2,000 problems) before a release.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from dispatch.solver import FOREVER, Held, Plan, Problem, score, solve
from tests.dispatch.brute import optimum
from tests.dispatch.problems import person, problems, small

pytestmark = pytest.mark.pure

INSTANCES = int(os.environ.get("GRIDWARD_INSTANCES", "12"))
SECONDS = 0.06  #: of the processor, whatever else the machine does
NEAR = 1.01  #: of the best cost
many = settings(max_examples=4 * INSTANCES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """What is compiled is loaded before the first plan is timed."""
    for kind in ({}, {"whole": True}, {"whole": True, "ties": True}):
        solve(small(1, tasks=5, **kind), seed=1, seconds=1.0)


def planned(given: Problem) -> Plan:
    """The engine's plan, which is one: judged anew, nothing broke on the way, nothing locked has moved."""
    plan = solve(given, seed=1, seconds=SECONDS, cpu=SECONDS)
    assert plan.trouble == ()
    assert score(given, plan.tasks()).cost == plan.cost
    assert all(i in plan.tasks()[t.locked] for i, t in enumerate(given.tasks) if t.locked is not None)
    return plan


def near(cost: int, given: Problem) -> int:
    """One percent more than `cost`, and what rows may cost that keep their order."""
    return int(cost * NEAR) + given.patience * len(given.people)


@pytest.mark.parametrize("seed", range(INSTANCES))
@pytest.mark.parametrize(("tasks", "whole", "ties"), [(7, False, False), (7, True, False), (5, True, True)])
def test_small_days_are_planned_as_well_as_they_can_be(seed: int, tasks: int, whole: bool, ties: bool) -> None:
    day = small(seed, tasks=tasks, whole=whole, ties=ties)
    assert planned(day).cost <= near(optimum(day), day)


@given(problems(most=6))
@many
def test_whatever_comes_is_planned_as_well_as_it_can_be(given: Problem) -> None:
    assert planned(given).cost <= near(optimum(given), given)


@given(problems(whole=True, most=6))
@many
def test_whatever_comes_with_every_rule_is_planned_as_well_as_it_can_be(given: Problem) -> None:
    assert planned(given).cost <= near(optimum(given), given)


@given(problems(whole=True, ties=True, most=4))
@many
def test_whatever_comes_with_crews_is_planned_as_well_as_it_can_be(given: Problem) -> None:
    assert planned(given).cost <= near(optimum(given), given)


@given(problems(whole=True, most=5))
@many
def test_one_person_more_never_makes_the_best_plan_dearer(given: Problem) -> None:
    more = joined(given)
    best = optimum(given)
    assert optimum(more) <= best
    assert planned(more).cost <= near(best, more)


@pytest.mark.parametrize("seed", range(INSTANCES))
@pytest.mark.parametrize("whole", [False, True])
def test_one_seed_gives_one_plan(seed: int, whole: bool) -> None:
    day = small(seed, whole=whole)
    first, second = (solve(day, seed=seed, seconds=0.4, repeatable=True) for _ in range(2))
    assert first.tasks() == second.tasks()
    assert first.found_by == second.found_by


def joined(given: Problem) -> Problem:
    """With somebody more who knows everything, at the first node."""
    one = person(0, skills={k: Held(level=2, until=FOREVER) for k in range(3)})
    return replace(given, people=(*given.people, one), standing=(*given.standing, ()) if given.standing else ())
