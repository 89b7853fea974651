"""Cheapest insertion on the exact cost: every open task at every place of every route, tails shifted.

`Board` keeps the cheapest place of every open task with every person, and its price; an insertion changes one row.
A search that takes tasks out and puts them back (ruin and recreate) stands on the same board.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from dispatch.solver.ground import Ground
from dispatch.solver.problem import NO_WAY, Routes
from dispatch.solver.scoring import timetable

type Whole = npt.NDArray[np.int64]
type Choice = Callable[["Board"], tuple[int, int] | None]

IMPOSSIBLE = 10**15  #: a price that nobody pays


class Board:
    """Routes under construction, and the price of every next step."""

    def __init__(self, ground: Ground, routes: Sequence[Sequence[int]]) -> None:
        self.ground = ground
        self.routes = [list(route) for route in routes]
        self.price: Whole = np.full((ground.people, ground.tasks), IMPOSSIBLE, dtype=np.int64)
        self.place: Whole = np.zeros((ground.people, ground.tasks), dtype=np.int64)
        self.open = np.zeros(ground.tasks, dtype=np.bool_)
        self.open[list(set(ground.free).difference(*self.routes))] = True
        self._values()
        for who in range(ground.people):
            self._price(who)

    def insert(self, who: int, task: int) -> None:
        """Put an open task at its cheapest place of one route."""
        self.routes[who].insert(int(self.place[who, task]), task)
        self.open[task] = False
        self.price[:, task] = IMPOSSIBLE
        self._price(who)

    def _values(self) -> None:
        tasks = self.ground.problem.tasks
        columns = [
            (t.service, t.weight, t.target, t.earliest, t.unserved, t.hop, -1 if t.holder is None else t.holder)
            for t in tasks
        ]
        self.service, self.weight, self.target, self.earliest, self.unserved, self.hop, self.holder = (
            np.array(columns, dtype=np.int64).reshape(len(tasks), 7).T
        )
        self.locked = np.array([t.locked is not None for t in tasks], dtype=np.bool_)

    def _price(self, who: int) -> None:
        """Fill the row of one person."""
        self.price[who] = IMPOSSIBLE
        ids = np.flatnonzero(self.open & self.ground.able[who])
        route = self.routes[who]
        if not len(ids) or len(route) >= self.ground.problem.people[who].max_tasks:
            return
        prices = self._prices(who, ids)
        best = prices.argmin(axis=1)
        self.price[who, ids] = prices[np.arange(len(ids)), best]
        self.place[who, ids] = best + self.ground.pinned[who]

    def _prices(self, who: int, ids: Whole) -> Whole:
        """(tasks, places) what each insertion adds to the cost, IMPOSSIBLE where it breaks a rule."""
        ground, route, skip = self.ground, self.routes[who], self.ground.pinned[who]
        person, first = ground.problem.people[who], ground.people
        travel, stops = ground.travel[person.mode], timetable(ground, who, route) or ()
        rows = np.array([who, *(first + i for i in route)], dtype=np.int64)[skip:]
        ends = np.array([0, *(s.end for s in stops)], dtype=np.int64)[skip:]
        legs = travel[rows[:, None], first + ids].T
        now, late = self._steps(who, ids[:, None], ends[None, :], legs)
        moved = (self.holder[ids] >= 0) & (self.holder[ids] != who)
        added = late + legs + (person.cost_per_task + self.hop[ids] * moved)[:, None]
        for k, stop in enumerate(stops[skip:]):
            ahead, i = slice(0, k + 1), stop.task
            legs = np.full((len(ids), k + 1), stop.travel, dtype=np.int64)
            legs[:, k] = travel[first + ids, first + i]
            now[:, ahead], late = self._steps(who, np.array(i), now[:, ahead], legs)
            paid = int(self.weight[i]) * max(0, stop.begin - int(self.target[i])) + stop.travel
            added[:, ahead] += late + legs - paid
        return np.where(now > ground.limits[who], IMPOSSIBLE, added)

    def _steps(self, who: int, task: Whole, now: Whole, legs: Whole) -> tuple[Whole, Whole]:
        """`ground.step` on arrays (begun work apart): when the work ends, NO_WAY if never, and the cost of lateness."""
        earliest, service = self.earliest[task], self.service[task]
        begin = np.where(self.locked[task], np.maximum(now + legs, earliest), NO_WAY)
        for start, end in reversed(self.ground.problem.people[who].windows):
            here = np.maximum(np.maximum(now, start) + legs, earliest)
            begin = np.where(here + service <= end, here, begin)
        return begin + service, self.weight[task] * np.maximum(0, begin - self.target[task])


def insert_all(board: Board, choose: Choice, until: float) -> Routes:
    """Insert until nothing fits, or the clock (time.monotonic) has passed `until`: what is left then stays out."""
    while time.monotonic() < until and (chosen := choose(board)) is not None:
        board.insert(*chosen)
    return tuple(tuple(route) for route in board.routes)


def heaviest_first(board: Board) -> tuple[int, int] | None:
    """Whoever would cost most when left out, at the cheapest place."""
    return _least(board, board.price - board.unserved)


def scarcest_first(board: Board) -> tuple[int, int] | None:
    """Whoever loses most when the best place goes to another (regret); leaving out is the last resort."""
    if len(board.routes) < 2 or not board.open.any():
        return _least(board, board.price)
    best, second = np.partition(board.price, 1, axis=0)[:2]
    regret = np.minimum(second, best + board.unserved) - best
    task = int(np.where(best < IMPOSSIBLE, regret, -IMPOSSIBLE).argmax())
    who = int(board.price[:, task].argmin())
    return None if board.price[who, task] >= IMPOSSIBLE else (who, task)


def cheapest_first(board: Board) -> tuple[int, int] | None:
    """Whatever costs least now."""
    return _least(board, board.price)


CHOICES: tuple[Choice, ...] = (heaviest_first, scarcest_first, cheapest_first)


def _least(board: Board, value: Whole) -> tuple[int, int] | None:
    if not value.size:
        return None
    who, task = divmod(int(np.where(board.price < IMPOSSIBLE, value, IMPOSSIBLE).argmin()), board.ground.tasks)
    return None if board.price[who, task] >= IMPOSSIBLE else (who, task)
