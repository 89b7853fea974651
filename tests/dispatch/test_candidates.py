"""Candidates against a real PostGIS: who is fit, who is not and why, who is there first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from dispatch.candidates import Candidate, Candidates, candidates
from dispatch.errors import NotNow, Unknown
from dispatch.model import AssignmentState, Duty, Incident, Purpose, ResponderKind, Stage
from gis.model import Mode, Point
from gis.travel.beeline import Beeline
from gis.travel.engine import Matrix
from tests.dispatch.square import Square, at


@pytest.fixture
def square(module_database: Engine) -> Square:
    return Square(module_database)


def ask(square: Square, case: Incident, travel: Any = None, **more: Any) -> Candidates:
    return candidates(square.engine, travel or Beeline(), case.id, now=datetime.now(UTC), **more)


def failed(c: Candidate) -> list[str]:
    return [r.code for r in c.rules if not r.passed]


def test_the_five_who_are_there_first_are_named_best_first(square: Square) -> None:
    people = [square.person(at(east)) for east in (4, 1, 3, 2, -4, -3, -2)]
    found = ask(square, square.case(at(0)))
    assert len(found.candidates) == 5
    assert found.candidates[0].responder.id == people[1].id
    etas = [c.eta for c in found.candidates]
    assert etas == sorted(etas, key=lambda e: e or datetime.max.replace(tzinfo=UTC))
    assert all(c.fit and c.estimated and c.metres and c.seconds for c in found.candidates)
    assert found.candidates[0].straight_metres == pytest.approx(1000, rel=0.02)


@pytest.mark.parametrize(
    ("person", "case", "code"),
    [
        ({"skills": frozenset()}, {}, "skill"),
        ({"duty": Duty.BREAK}, {}, "duty"),
        ({"hours": 0}, {}, "shift"),
        ({"hours": 0.1}, {}, "shift"),
        ({"kind": ResponderKind.VOLUNTEER}, {"class_code": "gas"}, "volunteers"),
        ({"kind": ResponderKind.VOLUNTEER, "radius_m": 500}, {}, "radius"),
    ],
)
def test_who_is_not_fit_is_listed_with_the_rule_that_failed(
    square: Square, person: dict[str, Any], case: dict[str, Any], code: str
) -> None:
    fit, unfit = square.person(at(3)), square.person(at(1), **person)
    first, second = ask(square, square.case(at(0), **case)).candidates
    assert (first.responder.id, first.fit) == (fit.id, True)
    assert (second.responder.id, second.fit) == (unfit.id, False)
    assert failed(second) == [code]


def test_load_counts_and_the_way_begins_where_the_last_task_ends(square: Square) -> None:
    busy = square.person(at(0), max_tasks=1)
    other, asked = square.case(at(4), stage=Stage.DISPATCHED), square.case(at(0))
    start = datetime.now(UTC)
    square.place(other, busy, start=start, minutes=30)
    only = ask(square, asked).candidates[0]
    assert only.load.tasks == 1
    assert only.load.busy_until == start + timedelta(minutes=30)
    assert only.seconds == pytest.approx(0, abs=1)
    assert only.eta is not None
    assert only.eta > start + timedelta(minutes=35)
    assert failed(only) == ["max_tasks"]


def test_whoever_did_the_work_may_not_verify_it(square: Square) -> None:
    did, other = square.person(at(0)), square.person(at(2), skills=frozenset())
    case = square.case(at(0), stage=Stage.FED_BACK, handled_by=did.id)
    found = ask(square, case)
    assert found.purpose is Purpose.VERIFY
    assert [(c.responder.id, failed(c)) for c in found.candidates] == [(other.id, []), (did.id, ["someone_else"])]


def test_an_old_position_is_told_and_speaks_against_nobody(square: Square) -> None:
    old = datetime.now(UTC) - timedelta(hours=2)
    square.person(at(1), point=at(-4), point_at=old)
    only = ask(square, square.case(at(1))).candidates[0]
    assert only.fit
    assert failed(only) == ["position"]
    assert only.position_age == pytest.approx(7200, abs=10)
    assert only.seconds == pytest.approx(0, abs=1), "the way begins at home where the position is old"


def test_who_declined_it_is_told_so(square: Square) -> None:
    who, case = square.person(at(1)), square.case(at(0))
    ended = datetime.now(UTC) - timedelta(minutes=5)
    past = {"state": AssignmentState.DECLINED, "ended_at": ended, "reason": "no ladder"}
    square.place(case, who, start=ended - timedelta(minutes=5), minutes=5, **past)
    assert failed(ask(square, case).candidates[0]) == ["declined"]


def test_where_no_road_leads_there_is_no_way_and_no_arrival(square: Square) -> None:
    square.person(at(1))
    only = ask(square, square.case(at(0)), NoRoads()).candidates[0]
    assert (only.seconds, only.metres, only.eta, only.fit) == (None, None, None, False)
    assert failed(only) == ["way"]


def test_a_case_without_a_place_has_people_but_no_ways(square: Square) -> None:
    square.person(at(1))
    only = ask(square, square.case(None)).candidates[0]
    assert (only.seconds, only.straight_metres, only.eta) == (None, None, None)


def test_nobody_goes_to_a_closed_case_or_to_none(square: Square) -> None:
    with pytest.raises(NotNow):
        ask(square, square.case(at(0), stage=Stage.CLOSED))
    with pytest.raises(Unknown):
        ask(square, replace(square.case(at(0)), id=10**9))


class NoRoads(Beeline):
    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        known = super().matrix(mode, sources, targets)
        none = np.full_like(known.seconds, np.inf)
        return Matrix(seconds=none, metres=none, estimated=False)
