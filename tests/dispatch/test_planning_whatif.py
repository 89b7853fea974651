"""A day that might be: who drops out, who joins, and that nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from dispatch.errors import Forbidden, Unknown
from dispatch.model import Priority, ResponderKind, Role
from dispatch.planning import Planner, plan_district
from dispatch.planning.whatif import Joining, WhatIf, what_if
from gis.database import begin
from gis.model import Mode, Point
from gis.travel.beeline import Beeline
from gis.travel.engine import Matrix
from tests.dispatch.square import Square, at
from tests.dispatch.test_proposing import user


@pytest.fixture
def square(module_database: Engine) -> Square:
    return Square(module_database)


def ask(square: Square, *, role: Role = Role.PLANNER, **what: Any) -> WhatIf:
    who = user(square, f"asks{datetime.now(UTC).timestamp()}", role)
    return what_if(square.engine, Beeline(), who=who, district=square.district, seconds=0.2, **what)


def busy(square: Square, *, people: int = 3, cases: int = 9) -> list[int]:
    """Everybody has something to do."""
    found = [square.person(at(2.0 * k)).id for k in range(people)]
    for k in range(cases):
        square.case(at(0.5 * k), priority=Priority.URGENT, due_arrive_at=datetime.now(UTC) + timedelta(minutes=20))
    plan_district(Planner(engine=square.engine, travel=Beeline(), seconds=0.3), square.district)
    return found


def test_whoever_calls_in_sick_leaves_more_lateness_and_others_with_more_to_do(square: Square) -> None:
    people = busy(square)
    told = ask(square, out=[people[1]])
    before, after = told.diff.before, told.diff.after
    assert after.score.cost > before.score.cost
    assert after.late_seconds > before.late_seconds
    gone = next(p for p in told.diff.people if p.responder == people[1])
    assert len(gone.loses) == 3
    assert gone.gains == ()
    assert sum(len(p.gains) for p in told.diff.people) == sum(len(p.loses) for p in told.diff.people)


def test_who_joins_has_a_number_of_their_own_and_takes_work(square: Square) -> None:
    busy(square, people=1)
    new = Joining(kind=ResponderKind.WORKER, skills=frozenset({"electric"}), mode=Mode.DRIVE, point=at(4))
    told = ask(square, join=[new])
    assert told.diff.after.score.cost < told.diff.before.score.cost
    joined = next(p for p in told.diff.people if p.responder == -1)
    assert joined.gains
    assert joined.loses == ()


def test_somebody_who_cannot_help_changes_nobody_s_day(square: Square) -> None:
    busy(square)
    other = Joining(kind=ResponderKind.VOLUNTEER, skills=frozenset(), mode=Mode.WALK, point=at(-4))
    told = ask(square, join=[other])
    assert told.diff.people == ()
    assert told.diff.after.score.cost == told.diff.before.score.cost


def test_when_nobody_is_left_every_case_waits_with_its_reason(square: Square) -> None:
    people = busy(square, people=1, cases=2)
    told = ask(square, out=people)
    assert told.waiting_before == ()
    assert {w.reason for w in told.waiting_after} == {"nobody_on_duty"}
    assert told.diff.after.served == 0


def test_nothing_is_written(square: Square) -> None:
    people = busy(square)
    with begin(square.engine) as tx:
        before = tx.execute(text("SELECT count(*), max(seq) FROM event")).one()
    live = square.live()
    ask(square, out=people[:2])
    with begin(square.engine) as tx:
        assert tx.execute(text("SELECT count(*), max(seq) FROM event")).one() == before
    assert square.live() == live


def test_roads_that_close_make_ways_longer_on_the_other_day_alone(square: Square) -> None:
    busy(square, people=1, cases=3)
    told = ask(square, then=Slow())
    assert told.diff.after.score.road > 1.5 * told.diff.before.score.road


def test_only_who_watches_asks_and_only_about_people_who_are_there(square: Square) -> None:
    with pytest.raises(Forbidden):
        ask(square, role=Role.WORKER)
    with pytest.raises(Unknown):
        ask(square, out=[10**8])


class Slow(Beeline):
    """Twice the way, everywhere."""

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        known = super().matrix(mode, sources, targets)
        return Matrix(seconds=known.seconds * 2, metres=np.asarray(known.metres), estimated=known.estimated)
