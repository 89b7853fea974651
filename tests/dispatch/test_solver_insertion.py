"""Insertion and search: the price that the search sees is the price that the scorer charges."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.solver import Problem
from dispatch.solver.compiled import columns, entries
from dispatch.solver.compiled.search import CHOICES, Search
from dispatch.solver.ground import Ground
from dispatch.solver.scoring import judge
from tests.dispatch.problems import problems

pytestmark = pytest.mark.pure

KINDS = st.one_of(problems(), problems(whole=True))
TIED = problems(whole=True, ties=True)
some = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@given(KINDS, st.sampled_from(CHOICES))
@some
def test_the_cost_of_what_was_inserted_is_what_the_scorer_charges(given: Problem, choice: int) -> None:
    ground = Ground(given)
    search = Search(ground, seed=1)
    assert search.start(ground.locked)
    for _ in given.tasks:
        if entries.fill(search.x, search.y, choice, 1) == 0:
            break
        if search.cost < columns.BROKEN:
            assert judge(ground, search.routes).cost == search.cost


@given(KINDS)
@some
def test_the_cost_of_what_was_found_is_what_the_scorer_charges(given: Problem) -> None:
    ground = Ground(given)
    search = Search(ground, seed=1)
    assert search.start(ground.locked)
    search.run_steps(100)
    if search.cost < columns.BROKEN:
        assert judge(ground, search.routes).cost == search.cost


@given(TIED)
@some
def test_what_is_tied_costs_no_more_than_the_search_believes(given: Problem) -> None:
    ground = Ground(given)
    search = Search(ground, seed=1)
    assert search.start(ground.locked)
    search.fill(CHOICES[0])
    search.run_steps(100)
    if search.cost < columns.BROKEN:
        assert judge(ground, search.routes).cost <= search.cost


@given(KINDS)
@some
def test_a_price_is_what_the_cheapest_place_costs_and_impossible_where_none_holds(given: Problem) -> None:
    ground = Ground(given)
    search = Search(ground, seed=1)
    if given.most_changes is not None or given.standby:
        return
    assert search.start(ground.locked)
    before = judge(ground, ground.locked).cost
    for who in range(ground.people):
        for i in ground.free:
            price = entries.price(search.x, search.y, who, i)
            costs = [_with(ground, who, i, k) for k in range(len(ground.locked[who]) + 1)]
            places = [cost for cost in costs if cost is not None]
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
