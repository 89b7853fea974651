"""Why this one, why not the next, why nobody, and what would help: prices are the scorer's, remedies work."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.solver import Crew, Held, Person, Problem, Standby, Task, score
from dispatch.solver.explaining import REMEDIES, compare, explain
from dispatch.solver.ground import Ground
from dispatch.solver.kept import kept
from dispatch.solver.nearest import nearest
from dispatch.solver.problem import Routes
from dispatch.solver.reasons import HURDLES, unassigned
from tests.dispatch.problems import person, problem, problems, small, task
from tests.dispatch.test_solver import crowd

pytestmark = pytest.mark.pure


def cheapest(given: Problem, routes: Sequence[Sequence[int]], who: int, i: int) -> int | None:
    """What the scorer charges for the task with this person at the best place."""
    before, found = score(given, routes).cost, []
    for k in range(len(routes[who]) + 1):
        more = [list(route) for route in routes]
        more[who].insert(k, i)
        try:
            found.append(score(given, more).cost - before + given.tasks[i].unserved)
        except ValueError:
            continue
    return min(found, default=None)


@given(problems(whole=True), st.data())
@settings(max_examples=80, deadline=None)
def test_the_price_of_everybody_is_what_the_scorer_charges(given: Problem, data: st.DataObject) -> None:
    given = replace(given, most_changes=None)
    ground = Ground(given)
    routes = kept(ground)
    left = [i for i in ground.free if not any(i in route for route in routes)]
    if left:
        i = data.draw(st.sampled_from(left))
        told = explain(given, routes, i)
        assert [o.price for o in told.offers] == [cheapest(given, routes, who, i) for who in range(ground.people)]
        assert all(o.price == sum(o.parts.values()) for o in told.offers if o.price is not None)
        assert all((o.price is None) == (o.hurdle is not None) for o in told.offers)


@pytest.mark.parametrize("seed", range(8))
def test_prices_of_tied_work_count_what_happens_to_the_others(seed: int) -> None:
    given = replace(small(seed, tasks=6, whole=True, ties=True), most_changes=None)
    ground = Ground(given)
    for i in ground.free:
        if i in ground.crew or given.tasks[i].after or any(i in t.after for t in given.tasks):
            continue
        told = explain(given, ground.locked, i)
        assert [o.price for o in told.offers] == [cheapest(given, ground.locked, p, i) for p in range(ground.people)]


def test_why_this_one_and_why_not_the_next() -> None:
    given = problem([person(1), person(3), person(9)], [task(0, weight=2, target=0)])
    told = explain(given, ((0,), (), ()), 0)
    assert (told.chosen, told.next, told.reason, told.remedies) == (0, 1, None, ())
    assert told.offers[0].parts == {"late": 1200, "road": 600}
    assert told.difference == {"late": 2400, "road": 1200}


def test_what_others_wait_is_told_apart_from_what_the_case_waits() -> None:
    given = problem([person(0)], [task(1, weight=1, target=0, service=0), task(2, weight=3, target=0, service=0)])
    told = explain(given, ((0, 1),), 0)
    assert told.offers[0].parts == {"late": 600}
    detour = problem([person(1)], [task(0, weight=1, target=0, service=0), task(2, weight=3, target=0, service=0)])
    assert explain(detour, ((0, 1),), 0).offers[0].parts == {"late": 600, "late_others": 3600, "road": 1200}


def test_work_that_a_person_decided_has_prices_for_the_others_all_the_same() -> None:
    given = problem([person(9), person(1)], [task(0, locked=0, target=0, weight=1)])
    told = explain(given, ((0,), ()), 0)
    assert (told.chosen, told.next) == (0, 1)
    assert told.offers[1].price == 1200
    late = problem([person(9, windows=((0, 60),))], [task(0, locked=0, target=10**5)])
    assert explain(late, ((0,),), 0).offers[0].parts == {"road": 5400}


@pytest.mark.parametrize(
    ("who", "what", "code"),
    [
        ({"windows": ()}, {}, "nobody_on_duty"),
        ({}, {"needs": {7: 1}}, "no_skill"),
        ({"skills": {7: Held(level=1)}}, {"needs": {7: 2}}, "no_skill"),
        ({"skills": {7: Held(until=1499)}}, {"needs": {7: 1}}, "certificate_expired"),
        ({}, {"barred": {0: "declined"}}, "declined"),
        ({}, {"barred": {0: "too_wide"}}, "too_wide"),
        ({"capacity": (1,)}, {"demand": (2,)}, "over_capacity"),
        ({}, {"windows": ((0, 599),)}, "appointment_missed"),
        ({"windows": ((0, 600),)}, {}, "shift_over"),
        ({"max_work": 899}, {}, "work_limit"),
        ({"max_tasks": 0}, {}, "too_busy"),
        ({}, {"unserved": 100}, "not_worth_it"),
        ({}, {"after": (1,)}, "waits_for_another"),
    ],
)
def test_every_hurdle_has_its_name(who: Mapping[str, Any], what: Mapping[str, Any], code: str) -> None:
    given = problem([person(0, **who)], [task(1, **what), task(9, needs={99: 1})])
    told = explain(given, ((),), 0)
    assert told.reason == code
    assert code in HURDLES
    if code not in ("not_worth_it", "waits_for_another"):
        assert told.offers[0].hurdle == code
        assert unassigned(Ground(given), 0).reason == code


def test_a_crew_that_is_one_short_says_so_and_asks_for_one_more() -> None:
    given = problem([person(0)], [task(1, needs={}), task(1)], crews=(Crew(tasks=(0, 1)),))
    told = explain(given, ((),), 0)
    assert (told.reason, told.params["needed"]) == ("crew_incomplete", 2)
    assert [r.code for r in told.remedies] == ["one_more_in_crew"]


BUSY = {"windows": ((0, 3000),)}
FULL = ((1,),)


@pytest.mark.parametrize(
    ("people", "tasks", "routes", "code", "params"),
    [
        (
            [person(0, windows=((0, 1490),))],
            [task(1)],
            ((),),
            "longer_shift",
            {"person": 0, "seconds": 60, "until": 1550},
        ),
        ([person(0, skills={7: Held(until=9)})], [task(1, needs={7: 1})], ((),), "renew_certificate", {"until": 1500}),
        ([person(0)], [task(1, windows=((0, 500),))], ((),), "widen_appointment", {"person": 0, "last": 600}),
        ([person(0)], [task(1, barred={0: "out_of_radius"})], ((),), "lift_radius", {"person": 0}),
        ([person(0, max_tasks=1)], [task(1), task(1)], ((1,),), "one_task_more", {"person": 0, "tasks": 2}),
        ([person(0, max_work=1000)], [task(1), task(1)], ((1,),), "more_work", {"person": 0, "seconds": 800}),
        ([person(0)], [task(1, needs={7: 2})], ((),), "one_more", {"skill": 7, "level": 2, "until": 1500}),
        ([person(0)], [task(1, after=(1,)), task(1)], ((),), "serve_first", {"task": 1}),
        (
            [person(0, windows=((0, 1600),), skills={7: Held()}), person(0)],
            [task(1, needs={7: 1}), task(1)],
            ((1,), ()),
            "move_task",
            {"task": 1, "person": 0, "to": 1},
        ),
    ],
)
def test_what_would_help_is_found(
    people: list[Person], tasks: list[Task], routes: Routes, code: str, params: Mapping[str, int]
) -> None:
    told = explain(problem(people, tasks), routes, 0)
    found = {r.code: r.params for r in told.remedies}
    assert code in found
    assert params.items() <= found[code].items()
    assert set(found) <= set(REMEDIES)


@pytest.mark.parametrize("seed", range(30))
def test_what_would_help_helps(seed: int) -> None:
    given = replace(small(seed, people=2, tasks=7, whole=True), most_changes=None)
    ground = Ground(given)
    routes = nearest(ground)
    try:
        score(given, routes)
    except ValueError:
        routes = ground.locked
    for i in (i for i in ground.free if not any(i in r for r in routes)):
        for remedy in explain(given, routes, i).remedies:
            if remedy.code in ("longer_shift", "one_task_more", "more_work", "lift_radius"):
                who = remedy.params["person"]
                assert cheapest(mended(given, remedy.code, remedy.params, i), routes, who, i) is not None
            if remedy.code == "move_task":
                moved = [[j for j in r if j != remedy.params["task"]] for r in routes]
                assert cheapest(given, moved, remedy.params["person"], i) is not None
                assert cheapest(given, moved, remedy.params["to"], remedy.params["task"]) is not None


def mended(given: Problem, code: str, params: Mapping[str, int], i: int) -> Problem:
    """The problem with the remedy applied."""
    who = params["person"]
    p = given.people[who]
    people = {
        "longer_shift": {"windows": (*p.windows[:-1], (p.windows[-1][0], params.get("until", 0)))},
        "one_task_more": {"max_tasks": params.get("tasks", 0)},
        "more_work": {"max_work": p.max_work + params.get("seconds", 0)},
        "lift_radius": {},
    }
    better: dict[str, Any] = people[code]
    tasks = [replace(t, barred={}) if code == "lift_radius" and k == i else t for k, t in enumerate(given.tasks)]
    crew = tuple(replace(p, **better) if k == who else p for k, p in enumerate(given.people))
    return replace(given, people=crew, tasks=tuple(tasks))


def test_an_explanation_takes_less_than_50_ms() -> None:
    busy = crowd(50, 300)
    given = replace(busy, people=tuple(replace(p, windows=((0, 2 * 3600),)) for p in busy.people))
    routes = nearest(Ground(given))
    served = [i for route in routes for i in route][:5]
    left = [i for i in range(300) if not any(i in route for route in routes)][:5]
    assert left
    for i in (*served, *left):
        started = time.process_time()
        explain(given, routes, i)
        assert time.process_time() - started < 0.05


def test_two_plans_differ_by_who_gains_who_loses_and_what_moves() -> None:
    tasks = [task(1, target=0, weight=1), task(2, target=10**5), task(3, target=10**5)]
    given = problem([person(0, area=0), person(4, area=0)], tasks, standby=(Standby(least=2, cost=50),))
    diff = compare(given, ((0, 1), ()), ((1,), (2, 0)))
    ann, bo = diff.people
    assert (ann.gained, ann.lost, ann.reordered, ann.shifted) == ((), (0,), (), {1: 1200 - 2100})
    assert (bo.gained, bo.lost) == ((2, 0), ())
    assert (diff.served, diff.dropped) == ((2,), ())
    assert diff.before["standby"] == 50
    assert diff.after["standby"] == 100
    assert ann.before["late"] == 600
    assert not ann.same


def test_another_order_is_a_change_though_nobody_gains() -> None:
    given = problem([person(0)], [task(1), task(1)])
    (ann,) = compare(given, ((0, 1),), ((1, 0),)).people
    assert (ann.gained, ann.lost, ann.reordered) == ((), (), (1, 0))
    assert compare(given, ((0, 1),), ((0, 1),)).people[0].same


def test_rows_that_do_not_hold_any_more_are_compared_as_far_as_they_do() -> None:
    given = problem([person(0, windows=((0, 1500),))], [task(1), task(1)])
    assert compare(given, ((0, 1),), ((0,),)).people[0].lost == (1,)


@given(problems(whole=True, ties=True), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_can_be_asked_about(given: Problem, unsound: bool) -> None:
    ground = Ground(given)
    rows = given.standing if unsound and given.standing else kept(ground)
    known = {*HURDLES, *(code for t in given.tasks for code in t.barred.values())}
    for i in range(ground.tasks):
        told = explain(given, rows, i)
        assert len(told.offers) == ground.people
        assert {r.code for r in told.remedies} <= set(REMEDIES)
        assert told.reason is None or told.reason in known
    assert len(compare(given, rows, ground.locked).people) == ground.people
