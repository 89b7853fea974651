"""Why this person, why not the next, why nobody."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from api.schemas import telling
from dispatch.errors import Forbidden, NotNow
from dispatch.model import Role, Stage
from dispatch.planning import Planner, plan_district
from dispatch.planning.why import Why, why
from gis.travel.beeline import Beeline
from tests.dispatch.square import Square, at
from tests.dispatch.test_proposing import user


@pytest.fixture
def square(module_database: Engine) -> Square:
    return Square(module_database)


def plan(square: Square) -> None:
    plan_district(Planner(engine=square.engine, travel=Beeline(), seconds=0.2), square.district)


def ask(square: Square, case: int, *, role: Role = Role.DISPATCHER) -> Why:
    return why(square.engine, Beeline(), who=user(square, f"ask{time.monotonic_ns()}", role), incident=case)


def test_everybody_is_listed_with_rules_ways_and_price_the_cheapest_first(square: Square) -> None:
    people = [square.person(at(east)) for east in (4, 1, -3, 2, -1, 3, -4)]
    off = square.person(at(0.5), skills=frozenset())
    case = square.case(at(1))
    plan(square)
    told = ask(square, case.id)
    assert len(told.candidates) == 8
    assert told.chosen == told.candidates[0].responder.id == people[1].id
    assert told.candidates[-1].responder.id == off.id
    totals = [p.total for c in told.candidates if (p := told.prices[c.responder.id]).total is not None]
    assert totals == sorted(totals)
    assert len(totals) == 7
    assert told.prices[off.id].hurdle == "no_skill"
    assert any(r.code == "skill" and not r.passed for r in told.candidates[-1].rules)
    for price in told.prices.values():
        assert price.total is None or sum(price.parts.values()) == price.total
    assert told.next in {people[3].id, people[4].id}


def test_a_case_that_nobody_can_take_has_its_reason(square: Square) -> None:
    square.person(at(0), skills=frozenset())
    case, lost = square.case(at(1)), square.case(None)
    plan(square)
    told = ask(square, case.id)
    assert told.chosen is None
    assert told.unserved is not None
    assert (told.unserved.reason, told.unserved.params["skill"]) == ("no_skill", "electric")
    nowhere = ask(square, lost.id)
    assert nowhere.unserved is not None
    assert nowhere.unserved.reason == "not_located"


def test_what_would_help_is_said_with_people_and_hours(square: Square) -> None:
    square.person(at(0), skills=frozenset())
    case = square.case(at(1))
    plan(square)
    told = ask(square, case.id)
    (more,) = (r for r in told.remedies if r.code == "one_more")
    assert more.params["skill"] == "electric"
    said = telling.remedy(more, told, "en")
    until = told.now + timedelta(seconds=int(str(more.params["until"])))
    assert said["message"] == f"One more person with “electric”, until {until.astimezone(told.zone):%H:%M}."


def test_somebody_who_could_stay_longer_is_named(square: Square) -> None:
    aino = square.person(at(0), hours=0.1, name="Aino")
    case = square.case(at(1))
    plan(square)
    told = ask(square, case.id)
    assert told.unserved is not None
    assert told.unserved.reason == "shift_over"
    (stay,) = (r for r in told.remedies if r.code == "longer_shift")
    assert (stay.params["person"], stay.params["person_id"]) == ("Aino", aino.id)


def test_it_is_told_to_the_desk_and_of_open_cases_only(square: Square) -> None:
    square.person(at(0))
    with pytest.raises(NotNow):
        ask(square, square.case(at(1), stage=Stage.CLOSED).id)
    with pytest.raises(Forbidden):
        ask(square, square.case(at(1)).id, role=Role.PLANNER)
