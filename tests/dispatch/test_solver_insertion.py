"""Insertion: the price on the board is the price that the scorer charges."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.solver import Problem
from dispatch.solver.ground import Ground
from dispatch.solver.insertion import CHOICES, IMPOSSIBLE, Board, heaviest_first, insert_all
from dispatch.solver.scoring import judge
from tests.dispatch.problems import person, problem, problems, task

pytestmark = pytest.mark.pure


@given(problems(), st.sampled_from(CHOICES))
@settings(max_examples=80, deadline=None)
def test_the_price_of_an_insertion_is_what_the_scorer_charges(given: Problem, choose: object) -> None:
    ground = Ground(given)
    board = Board(ground, ground.locked)
    before = judge(ground, board.routes).cost
    for _ in given.tasks:
        chosen = choose(board)  # type: ignore[operator]  # hypothesis hides the type
        if chosen is None:
            break
        who, i = chosen
        price = int(board.price[who, i])
        board.insert(who, i)
        after = judge(ground, board.routes).cost
        assert after - before == price - given.tasks[i].unserved
        before = after


@given(problems())
@settings(max_examples=80, deadline=None)
def test_what_is_called_impossible_is_impossible_at_every_place(given: Problem) -> None:
    ground = Ground(given)
    board = Board(ground, ground.locked)
    for who, route in enumerate(ground.locked):
        for i in ground.free:
            if board.price[who, i] < IMPOSSIBLE:
                continue
            for place in range(len(route) + 1):
                routes = [list(r) for r in ground.locked]
                routes[who].insert(place, i)
                with pytest.raises(ValueError, match=r"\d"):
                    judge(ground, routes)


def test_insertion_stops_when_its_time_is_over() -> None:
    ground = Ground(problem([person(0)], [task(1), task(2)]))
    assert insert_all(Board(ground, ground.locked), heaviest_first, time.monotonic() - 1) == ((),)
