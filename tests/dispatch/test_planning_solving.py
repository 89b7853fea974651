"""Late or broken, the engine never stops planning; and a district is planned by one at a time."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from dispatch.model import Priority
from dispatch.planning import Planner, plan_district
from dispatch.planning.posing import pose
from dispatch.planning.snapshot import read
from dispatch.planning.solving import BROKEN, LATE, fallback, solved
from dispatch.solver import Person, Plan, Problem, Task, score, solve
from gis.travel.beeline import Beeline
from tests.dispatch.square import Square, at


@pytest.fixture
def square(module_database: Engine) -> Square:
    return Square(module_database)


def broken(problem: Problem, **_: Any) -> Plan:
    raise RuntimeError("the engine is out of order")


def hangs(problem: Problem, **_: Any) -> Plan:
    time.sleep(3)
    raise AssertionError("nobody waits so long")


def test_an_engine_that_breaks_leaves_the_nearest_suitable_person_and_says_so(square: Square) -> None:
    square.person(at(-4))
    near, case = square.person(at(1)), square.case(at(1.5))
    made = plan_district(Planner(engine=square.engine, travel=Beeline(), solve=broken), square.district)
    assert square.live()[case.id].responder == near.id
    assert (made.engine, made.degraded) == ("nearest", BROKEN)
    assert square.events("plan.made")[-1]["body"]["plan"]["degraded"] == BROKEN


def test_an_engine_that_hangs_is_left_behind(square: Square) -> None:
    square.person(at(0))
    square.case(at(1))
    posed = pose(read(square.engine, square.district), Beeline())
    started = time.monotonic()
    found = solved(posed.problem, seed=0, seconds=0.0, deadline=0.2, engine=hangs)
    assert time.monotonic() - started < 2
    assert found.degraded == LATE
    assert found.plan.tasks() == ((0,),)


def test_when_the_engine_fails_promises_stay_with_whom_they_are(square: Square) -> None:
    far, case = square.person(at(-3)), square.case(at(1))
    plan_district(Planner(engine=square.engine, travel=Beeline(), seconds=0.1), square.district)
    square.person(at(1))
    plan_district(Planner(engine=square.engine, travel=Beeline(), solve=broken), square.district)
    assert square.live()[case.id].responder == far.id


def test_what_is_urgent_and_new_goes_out_before_the_engine_thinks(square: Square) -> None:
    square.person(at(0))
    case = square.case(at(1), priority=Priority.LIFE)
    seconds: list[float] = []

    def watched(problem: Problem, **how: Any) -> Plan:
        seconds.append(how["seconds"])
        if len(seconds) == 2:
            assert case.id in square.live(), "it was offered before the search began"
        return solve(problem, **how)

    made = plan_district(Planner(engine=square.engine, travel=Beeline(), seconds=0.2, solve=watched), square.district)
    assert seconds == [0.05, 0.2]
    assert made.placed == 1


def test_two_workers_never_save_from_the_same_sight_and_the_newer_one_wins(square: Square) -> None:
    """Whoever wins the queue's lock leads; should two plan at once all the same, epochs order what they write."""
    for east in (1, 2, 3):
        square.case(at(east))
    square.person(at(0))
    made, errors = [], []

    def work() -> None:
        try:
            made.append(plan_district(Planner(engine=square.engine, travel=Beeline(), seconds=0.1), square.district))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert errors == []
    with square.engine.begin() as tx:
        rows = (
            tx.exec_driver_sql(f"SELECT epoch FROM plan WHERE district = {square.district} ORDER BY id").scalars().all()
        )
    assert list(rows) == sorted(rows)
    assert len({a.incident for a in square.live().values()}) == 3


def test_the_fallback_answers_for_500_people_and_200_cases_in_the_time_of_a_blink() -> None:
    problem = large(500, 200)
    spent = []
    for _ in range(3):
        started = time.process_time()
        plan = fallback(problem)
        spent.append(time.process_time() - started)
    assert score(problem, plan.tasks()).unserved < 200
    assert min(spent) < 0.2


def large(people: int, tasks: int) -> Problem:
    """Everybody somewhere on a square of half an hour, on a shift of eight hours."""
    random = np.random.default_rng(1)
    places = random.uniform(0, 1800, (people + tasks, 2))
    travel = np.abs(places[:, None] - places[None]).sum(axis=2).astype(np.int64)
    return Problem(
        people=tuple(Person(node=k, mode=0, windows=((0, 8 * 3600),)) for k in range(people)),
        tasks=tuple(
            Task(node=people + k, service=900, weight=1 + k % 4, target=600 * (k % 12), unserved=10**6)
            for k in range(tasks)
        ),
        travel=(travel,),
    )
