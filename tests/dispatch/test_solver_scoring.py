"""What a plan costs and what it may not do: one example for every part and every rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given, settings

from dispatch.solver import Crew, Held, Problem, Standby, score
from dispatch.solver.ground import Ground
from dispatch.solver.scoring import PARTS, judge
from tests.dispatch.brute import optimum, plans
from tests.dispatch.problems import person, problem, problems, task

pytestmark = pytest.mark.pure

FREE = {"weight": 0, "unserved": 0}


@pytest.mark.parametrize(
    ("who", "what", "part", "cost"),
    [
        ({}, {"weight": 2, "target": 500}, "late", 200),
        ({}, {"done_weight": 3, "done_target": 1400}, "done", 300),
        ({"cost_per_task": 7}, {}, "people", 7),
        ({}, {"extra": {0: 30, 1: 9}}, "extra", 30),
        ({}, {"holder": 1, "hop": 60}, "hops", 60),
        ({}, {"holder": 0, "hop": 60}, "hops", 0),
        ({"windows": ((0, 1400),), "overtime": 500, "overtime_cost": 2}, {}, "overtime", 200),
        ({"windows": ((0, 1500),), "end": 0, "overtime": 700, "overtime_cost": 2}, {}, "overtime", 1200),
        ({"cost_per_task": 7}, {"locked": 0, "extra": {0: 30}}, "people", 0),
        ({}, {"locked": 0, "extra": {0: 30}}, "extra", 0),
    ],
)
def test_every_part_of_the_cost(who: Mapping[str, Any], what: Mapping[str, Any], part: str, cost: int) -> None:
    given = problem([person(0, **who), person(0)], [task(1, **(FREE | dict(what)))])
    found = score(given, [(0,), ()])
    assert getattr(found, part) == cost
    assert found.cost == sum(getattr(found, p) for p in PARTS)


def test_the_fourth_hour_of_work_is_dearer_than_the_first() -> None:
    hour = task(0, service=3600, **FREE)
    given = replace(problem([person(0, worked=3 * 3600), person(0)], [hour]), fairness=100)
    assert score(given, [(0,), ()]).fairness == 2520
    assert score(given, [(), (0,)]).fairness == 360


def test_an_area_without_its_last_free_person_costs() -> None:
    people = [person(0, area=0), person(0, area=0), person(0, area=0, windows=()), person(0)]
    given = problem(people, [task(0, **FREE), task(0, **FREE)], standby=(Standby(least=2, cost=50),))
    assert [score(given, r).standby for r in ([(), (), (), ()], [(0,), (), (), ()], [(0,), (1,), (), ()])] == [
        0,
        50,
        100,
    ]
    assert score(given, [(), (), (), (0, 1)]).standby == 0


@pytest.mark.parametrize(
    ("who", "what", "routes", "words"),
    [
        ({"max_work": 1000}, {"service": 501}, [(0, 1), ()], "max_work"),
        ({"max_tasks": 1}, {}, [(0, 1), ()], "max_tasks"),
        ({"capacity": (9, 3)}, {"demand": (1, 2)}, [(0, 1), ()], "capacity"),
        ({"windows": ()}, {}, [(0,), (1,)], "not for them"),
        ({}, {"barred": {0: "declined"}}, [(0,), (1,)], "not for them"),
        ({}, {}, [(0,), (0, 1)], "twice"),
        ({}, {"locked": 1}, [(), (0,)], "taken from"),
        ({}, {"locked": 1, "pinned": True}, [(), (1, 0)], "overtaken"),
        ({}, {}, [(0, 1)], "routes for"),
    ],
)
def test_every_hard_rule_is_heard_when_it_is_broken(
    who: Mapping[str, Any], what: Mapping[str, Any], routes: Sequence[Sequence[int]], words: str
) -> None:
    given = problem([person(0, **who), person(0)], [task(1, **what), task(1, **what)])
    with pytest.raises(ValueError, match=words):
        score(given, routes)


def test_locked_work_may_be_more_than_a_day_holds_and_nothing_is_added_to_it() -> None:
    mine = {"locked": 0, "demand": (5,), "service": 500}
    given = problem([person(0, max_tasks=1, max_work=10, capacity=(1,))], [task(0, **mine), task(0, **mine), task(0)])
    assert score(given, [(0, 1)]).unserved == 1
    with pytest.raises(ValueError, match="max_tasks"):
        score(given, [(0, 1, 2)])


def crew(between: Mapping[int, int], *skills: dict[int, Held], **what: Any) -> Problem:
    given = problem([person(0, skills=s) for s in skills], [task(0, **what), task(0)])
    return replace(given, crews=(Crew(tasks=(0, 1), between=between),))


def test_a_crew_is_whole_or_left_out_and_of_different_people() -> None:
    both = crew({}, {}, {})
    assert score(both, [(0,), (1,)]).unserved == 0
    assert score(both, [(), ()]).unserved == 2
    for routes in ([(0,), ()], [(0, 1), ()]):
        with pytest.raises(ValueError, match="not whole"):
            score(both, routes)


def test_a_crew_knows_between_them_what_it_has_to() -> None:
    assert score(crew({5: 2}, {5: Held(level=2)}, {}), [(1,), (0,)]).unserved == 0
    with pytest.raises(ValueError, match="not whole"):
        score(crew({5: 2}, {5: Held(level=1)}, {}), [(0,), (1,)])
    with pytest.raises(ValueError, match="runs out"):
        score(crew({5: 2}, {5: Held(level=2, until=899)}, {}), [(0,), (1,)])


def test_locked_work_of_a_crew_is_done_whether_the_others_come_or_not() -> None:
    assert score(crew({5: 2}, {}, {}, locked=0), [(0,), ()]).unserved == 1
    with pytest.raises(ValueError, match="not whole"):
        score(crew({5: 2}, {}, {}, locked=0), [(0,), (1,)])


def test_what_comes_after_work_that_is_left_out_is_left_out() -> None:
    given = problem([person(0)], [task(0), task(0, after=(0,))])
    assert score(given, [(0, 1)]).unserved == 0
    with pytest.raises(ValueError, match="comes after"):
        score(given, [(1,)])


def test_promises_are_broken_up_to_the_bound_and_no_further() -> None:
    held = [task(0, holder=0), task(0, holder=0), task(0, holder=2)]
    given = problem([person(0), person(0), person(0, windows=())], held)
    given = replace(given, most_changes=1, standing=((0, 1), (), (2,)))
    assert score(given, [(0,), (1, 2), ()]).changes == 1
    with pytest.raises(ValueError, match="promises"):
        score(given, [(), (0, 1, 2), ()])


def test_promises_that_the_standing_rows_cannot_keep_do_not_count_against_a_plan() -> None:
    given = problem([person(0, max_tasks=1), person(0)], [task(0, holder=0), task(0, holder=0)])
    given = replace(given, most_changes=0, standing=((0, 1), ()))
    assert score(given, [(0,), (1,)]).changes == 1
    with pytest.raises(ValueError, match="promises"):
        score(given, [(), (0, 1)])


@given(problems(whole=True, most=4))
@settings(max_examples=40, deadline=None)
def test_the_best_of_all_plans_is_found_by_parts_as_by_trying_all(given: Problem) -> None:
    ground = Ground(given)
    costs = []
    for routes in plans(ground):
        try:
            costs.append(judge(ground, routes).cost)
        except ValueError:
            continue
    assert min(costs) == optimum(given)


@given(problems(whole=True, ties=True))
@settings(max_examples=60, deadline=None)
def test_the_parts_add_up_to_the_cost(given: Problem) -> None:
    given = replace(given, most_changes=None)
    found = asdict(score(given, Ground(given).locked))
    assert found["cost"] == sum(found[part] for part in PARTS)
