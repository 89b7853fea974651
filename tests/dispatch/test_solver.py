"""The solver as a whole: hard rules, what stays, reasons, the clock."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from dispatch.solver import NO_WAY, Held, Problem, score, solve
from dispatch.solver.ground import Ground
from dispatch.solver.nearest import nearest
from dispatch.solver.scoring import judge
from tests.dispatch.problems import line, person, problem, problems, task

pytestmark = pytest.mark.pure

SECONDS = 0.06


@given(problems(whole=True, ties=True))
@settings(max_examples=60, deadline=None)
def test_no_plan_breaks_a_hard_rule(given: Problem) -> None:
    plan = solve(given, seed=1, seconds=SECONDS)
    assert score(given, plan.tasks()).cost == plan.cost
    assert plan.trouble == ()


@given(problems(whole=True, ties=True))
@settings(max_examples=60, deadline=None)
def test_every_task_is_on_one_route_or_left_out_with_a_reason(given: Problem) -> None:
    plan = solve(given, seed=1, seconds=SECONDS)
    routed = [i for route in plan.tasks() for i in route]
    assert sorted([*routed, *(u.task for u in plan.unassigned)]) == list(range(len(given.tasks)))
    assert all(u.reason for u in plan.unassigned)


@given(problems(whole=True, ties=True))
@settings(max_examples=60, deadline=None)
def test_locked_work_never_moves_and_begun_work_comes_first(given: Problem) -> None:
    plan = solve(given, seed=1, seconds=SECONDS)
    for i, t in enumerate(given.tasks):
        if t.locked is not None:
            assert i in plan.tasks()[t.locked]
    for route in plan.tasks():
        pinned = [given.tasks[i].pinned for i in route]
        assert pinned == sorted(pinned, reverse=True)


@given(problems(whole=True, ties=True))
@settings(max_examples=60, deadline=None)
def test_windows_of_one_person_never_overlap(given: Problem) -> None:
    for route in solve(given, seed=1, seconds=SECONDS).routes:
        assert all(s.leave <= s.begin <= s.end for s in route)
        assert all(a.end <= b.leave for a, b in pairwise(route))


@given(problems(whole=True, ties=True))
@settings(max_examples=60, deadline=None)
def test_the_plan_never_costs_more_than_the_nearest_person(given: Problem) -> None:
    ground = Ground(given)
    allowed = given.patience * len(given.people)
    assert solve(given, seed=1, seconds=SECONDS).cost <= judge(ground, nearest(ground)).cost + allowed


@given(problems())
@settings(max_examples=40, deadline=None)
def test_one_person_more_never_makes_the_best_single_task_plan_dearer(given: Problem) -> None:
    one = Problem(people=given.people, tasks=tuple(t for t in given.tasks if t.locked is None)[:1], travel=given.travel)
    more = Problem(
        people=(*one.people, person(0, skills={k: Held() for k in range(3)})), tasks=one.tasks, travel=one.travel
    )
    assert solve(more, seed=1, seconds=SECONDS).cost <= solve(one, seed=1, seconds=SECONDS).cost


@given(problems(whole=True, ties=True))
@settings(max_examples=40, deadline=None)
def test_two_calls_with_one_seed_agree_where_the_clock_does_not_decide(given: Problem) -> None:
    first = solve(given, seed=3, seconds=5.0, repeatable=True)
    assert solve(given, seed=3, seconds=5.0, repeatable=True).tasks() == first.tasks()


def test_a_life_in_danger_goes_before_a_broken_lamp() -> None:
    lamp, life = task(1, weight=1, target=1800), task(8, weight=8, target=1800, unserved=10**7)
    plan = solve(problem([person(4)], [lamp, life]), seed=0, seconds=0.2)
    assert plan.tasks() == ((1, 0),)


def test_an_offer_does_not_hop_for_a_few_seconds() -> None:
    held = task(5, holder=0, hop=700)
    assert solve(problem([person(4), person(5)], [held]), seed=0, seconds=0.1).tasks() == ((0,), ())
    assert solve(problem([person(3), person(5)], [held]), seed=0, seconds=0.1).tasks() == ((), (0,))


def test_a_row_that_people_look_at_keeps_its_order_unless_that_costs_too_much() -> None:
    tasks, stands = [task(2, target=10**5), task(1, target=10**5)], ((0, 1),)
    given = problem([person(0)], tasks)
    assert solve(given, seed=0, seconds=0.1).tasks() == ((1, 0),)
    assert solve(replace(given, standing=stands, patience=700), seed=0, seconds=0.1).tasks() == stands
    assert solve(replace(given, standing=stands, patience=500), seed=0, seconds=0.1).tasks() == ((1, 0),)


def test_a_volunteer_is_the_second_choice_when_the_way_is_the_same() -> None:
    plan = solve(problem([person(4, cost_per_task=120), person(4)], [task(5)]), seed=0, seconds=0.1)
    assert plan.tasks() == ((), (0,))


def test_new_work_never_makes_locked_work_run_past_the_shift() -> None:
    mine, new = task(0, service=3000, locked=0, target=10**5), task(0, service=900, target=0, weight=8)
    plan = solve(problem([person(0, windows=((0, 3600),))], [mine, new]), seed=0, seconds=0.2)
    assert plan.tasks() == ((0,),)
    assert plan.unassigned[0].reason == "too_busy"


def test_begun_work_that_overruns_the_shift_is_finished_and_nothing_follows() -> None:
    begun = task(0, service=7200, locked=0, pinned=True)
    plan = solve(problem([person(0, windows=((0, 3600),))], [begun, task(0)]), seed=0, seconds=0.2)
    assert plan.tasks() == ((0,),)
    assert plan.routes[0][0].end == 7200


def test_work_waits_for_the_second_window_rather_than_running_through_the_break() -> None:
    plan = solve(problem([person(0, windows=((0, 1000), (4000, 9000)))], [task(1)]), seed=0, seconds=0.2)
    assert [(s.leave, s.begin, s.end) for s in plan.routes[0]] == [(4000, 4600, 5500)]


@pytest.mark.parametrize(
    ("who", "what", "reason"),
    [
        ([], {}, "nobody_on_duty"),
        ([{"windows": ()}], {}, "nobody_on_duty"),
        ([{}], {"needs": {7: 1}}, "no_skill"),
        ([{}], {"barred": {0: "class_not_for_volunteers"}}, "class_not_for_volunteers"),
        ([{}], {"barred": {0: "out_of_radius"}}, "out_of_radius"),
        ([{"windows": ((0, 600),)}], {}, "shift_over"),
        ([{"max_tasks": 0}], {}, "too_busy"),
        ([{}, {"skills": {7: Held()}, "windows": ((0, 600),)}], {"needs": {7: 1}}, "shift_over"),
    ],
)
def test_what_is_left_out_says_why(who: list[dict[str, object]], what: dict[str, object], reason: str) -> None:
    plan = solve(problem([person(0, **w) for w in who], [task(1, **what)]), seed=0, seconds=0.1)
    assert [u.reason for u in plan.unassigned] == [reason]


def test_no_road_is_a_reason_of_its_own() -> None:
    island = line(2)
    island[0, 1] = NO_WAY
    plan = solve(Problem(people=(person(0),), tasks=(task(1),), travel=(island,)), seed=0, seconds=0.1)
    assert [u.reason for u in plan.unassigned] == ["no_way"]


def test_the_time_is_kept_and_the_search_beats_the_nearest_person() -> None:
    busy = crowd(40, 200)
    started = time.monotonic()
    plan = solve(busy, seed=0, seconds=1.0)
    assert time.monotonic() - started < 2.0
    ground = Ground(busy)
    assert plan.found_by == "recreate"
    assert plan.cost < 0.8 * judge(ground, nearest(ground)).cost


def test_the_last_resort_answers_within_200_ms() -> None:
    started = time.monotonic()
    nearest(Ground(crowd(50, 300)))
    assert time.monotonic() - started < 0.2


def test_a_way_of_solving_that_breaks_costs_nothing_but_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr("dispatch.solver.solving.Search", broken)
    plan = solve(problem([person(0)], [task(1)]), seed=0, seconds=0.5)
    assert plan.tasks() == ((0,),)
    assert plan.trouble == ("insertion: RuntimeError: no memory",)


def test_searches_side_by_side_find_more_than_one_and_agree_with_themselves() -> None:
    day = crowd(12, 60)
    alone = [solve(day, seed=s, seconds=0.02, repeatable=True) for s in range(3)]
    three = [solve(day, seed=s, seconds=0.02, repeatable=True, threads=3) for s in range(3)]
    assert [p.trouble for p in three] == [()] * 3
    assert all(many.cost <= one.cost for many, one in zip(three, alone, strict=True))
    assert sum(p.cost for p in three) < sum(p.cost for p in alone)
    assert solve(day, seed=0, seconds=0.02, repeatable=True, threads=3).tasks() == three[0].tasks()


def test_the_nearest_person_breaking_promises_is_no_trouble() -> None:
    held = task(8, holder=0)
    plan = solve(
        replace(problem([person(0), person(8)], [held]), most_changes=0, standing=((0,), ())), seed=0, seconds=0.1
    )
    assert (plan.tasks(), plan.trouble) == (((0,), ()), ())


def crowd(people: int, tasks: int) -> Problem:
    """A busy square of 10 km, 30 km/h."""
    r = np.random.default_rng(5)
    at = r.uniform(0, 10_000, (people + tasks, 2))
    travel = (np.abs(at[:, None] - at[None]).sum(-1) / 8.3).astype(np.int64)
    skills = [{s: Held() for s in r.choice(4, 2, replace=False).tolist()} for _ in range(people)]
    return Problem(
        people=tuple(person(i, skills=s) for i, s in enumerate(skills)),
        tasks=tuple(
            task(
                people + i,
                needs={int(r.integers(4)): 1},
                weight=int(w),
                target=14_400 // int(w),
                unserved=60_000 * int(w),
            )
            for i, w in enumerate(r.choice([1, 2, 4, 8], tasks))
        ),
        travel=(travel,),
    )
