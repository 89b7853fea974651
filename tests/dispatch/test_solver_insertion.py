"""Insertion: the price that the search sees is the price that the scorer charges."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.solver import Problem
from dispatch.solver.compiled import columns, entries
from dispatch.solver.compiled.search import CHOICES, Search
from dispatch.solver.ground import Ground
from dispatch.solver.scoring import judge
from tests.dispatch.problems import problems

pytestmark = pytest.mark.pure


@given(problems(), st.sampled_from(CHOICES))
@settings(max_examples=80, deadline=None)
def test_the_cost_of_what_was_inserted_is_what_the_scorer_charges(given: Problem, choice: int) -> None:
    ground = Ground(given)
    search = Search(ground, seed=1)
    assert search.start(ground.locked)
    for _ in given.tasks:
        if entries.fill(search.x, search.y, choice, 1) == 0:
            break
        free = [i for i, t in enumerate(given.tasks) if t.locked is not None and search.y.who[i] < 0]
        assert not free
        assert judge(ground, search.routes).cost == search.cost


@given(problems())
@settings(max_examples=80, deadline=None)
def test_a_price_is_what_the_cheapest_place_costs_and_impossible_where_none_holds(given: Problem) -> None:
    ground = Ground(given)
    search = Search(ground, seed=1)
    assert search.start(ground.locked)
    before = judge(ground, ground.locked).cost
    for who in range(ground.people):
        for i in ground.free:
            price = entries.price(search.x, search.y, who, i)
            places = [
                cost for k in range(len(ground.locked[who]) + 1) if (cost := _with(ground, who, i, k)) is not None
            ]
            expected = min(places) - before + given.tasks[i].unserved if places else columns.IMPOSSIBLE
            assert price == expected


def _with(ground: Ground, who: int, task: int, place: int) -> int | None:
    """What the locked work costs with one task more; None where a rule is broken."""
    routes = [list(route) for route in ground.locked]
    routes[who].insert(place, task)
    try:
        return judge(ground, routes).cost
    except ValueError:
        return None
