"""One entry: build a plan three ways, keep the best."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from dispatch.solver.ground import Ground
from dispatch.solver.insertion import CHOICES, Board, Choice, heaviest_first, insert_all
from dispatch.solver.nearest import nearest
from dispatch.solver.problem import Finder, Plan, Problem, Routes
from dispatch.solver.reasons import unassigned
from dispatch.solver.routing import search
from dispatch.solver.scoring import judge, timetable
from dispatch.solver.standing import kept, settle, sound

SHARE = 0.3  #: of the time, at most, goes into building; the search has the rest


def solve(problem: Problem, *, seed: int, seconds: float, repeatable: bool = False) -> Plan:
    """The best plan found for `problem` within about `seconds` of wall time.

    Sets and numbers. People p in P, tasks i in T; F free, L_p locked to p, B_p in L_p pinned (begun).
    t_m(a, b) seconds of way by mode m, s_i service, e_i earliest, d_i target, w_i weight, u_i cost of leaving out,
    c_p cost per task, h_i cost of a hop away from the holder g_i, W_p the windows of p, n_p most tasks of p.

    A plan is for every p a sequence r_p of tasks. With a_k the moment p is free before the k-th task i:
        leave_k = the start of p's way, begin_k = max(leave_k + t(previous, i), e_i), end_k = begin_k + s_i = a_(k+1)
        leave_k = max(a_k, start of the first window of W_p in which [leave_k, end_k) lies whole)

    minimise    sum_i served  w_i * max(0, begin_i - d_i)  +  sum of legs t  +  sum_(i in F served by p) c_p
                + sum_(i in F served by p != g_i) h_i  +  sum_(i in F left out) u_i

    subject to  every task is in at most one r_p, and L_p is in r_p
                r_p begins with B_p in the order given
                i in F is in r_p only if p has the skill, is not barred from i, and a way leads there
                [leave_i, end_i) lies in one window of W_p for i in F
                |r_p| <= max(n_p, |L_p|)
                end_i <= the later of p's last window and the end of L_p done alone: new work delays no locked work
    Routes are open: nobody returns. Locked work that fits no window is done all the same.

    Rows that stand (`standing`) are a candidate too, completed by insertion; at the end every row that only changed its
    order returns to the standing one where that costs no more than `patience`: people look at it.

    Candidates: `nearest` (pure Python), three cheapest insertions on this exact cost, and OR-Tools routing warm-
    started from the best of those. One scorer judges them; ties go to the simpler. A candidate that raises, or breaks
    a rule, is dropped and named in `trouble`: there is always a plan, and everything left out carries a reason.

    Guarantees. No plan breaks a rule above, and none costs more than `nearest` and, for
    every row, `patience`. Wall time stays within `seconds` plus
    the time of `nearest` and of building a model. A search cut off by the clock may end anywhere: two calls may
    differ; with `repeatable` and time enough to end by itself (downhill only) one seed gives one plan, bit for bit.
    """
    started = time.monotonic()
    contest = Contest(Ground(problem))
    contest.enter("nearest", lambda: nearest(contest.ground))
    if problem.standing:
        contest.enter("insertion", lambda: _completed(contest.ground, started + seconds))
    for choose in CHOICES:
        if time.monotonic() - started <= SHARE * seconds:
            contest.enter("insertion", partial(_insertion, contest.ground, choose, started + seconds))
    left = seconds - (time.monotonic() - started)
    contest.enter("ortools", lambda: _ortools(contest, seed, left, repeatable))
    contest.settle()
    return contest.plan(started)


class Contest:
    """The best candidate so far."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.best: Routes = ground.locked
        self.cost = judge(ground, ground.locked).cost
        self.found_by: Finder = "nearest"
        self.trouble: list[str] = []

    def enter(self, name: Finder, find: Callable[[], Routes | None]) -> None:
        """Judge one candidate. Whatever goes wrong inside a way of solving must not cost us the others."""
        try:
            routes = find()
            cost = judge(self.ground, routes).cost if routes is not None else None
        except Exception as error:
            self.trouble.append(f"{name}: {type(error).__name__}: {error}")
            return
        if routes is not None and cost is not None and cost < self.cost:
            self.best, self.cost, self.found_by = routes, cost, name

    def settle(self) -> None:
        """Give up what a change of order gains, where that is little."""
        routes = settle(self.ground, self.best)
        if routes != self.best:
            self.best, self.cost = routes, judge(self.ground, routes).cost

    def plan(self, started: float) -> Plan:
        ground = self.ground
        served = {i for route in self.best for i in route}
        return Plan(
            routes=tuple(timetable(ground, who, route) or () for who, route in enumerate(self.best)),
            unassigned=tuple(unassigned(ground, i) for i in ground.free if i not in served),
            cost=self.cost,
            found_by=self.found_by,
            seconds=round(time.monotonic() - started, 3),
            trouble=tuple(self.trouble),
        )


def _completed(ground: Ground, until: float) -> Routes:
    """What stands, with the rest put where it costs least."""
    return insert_all(Board(ground, kept(ground)), heaviest_first, until)


def _insertion(ground: Ground, choose: Choice, until: float) -> Routes:
    return insert_all(Board(ground, ground.locked), choose, until)


def _ortools(contest: Contest, seed: int, seconds: float, repeatable: bool) -> Routes | None:
    """The search's routes, timed again: what breaks a rule is taken out and put back where it fits best."""
    ground = contest.ground
    if not ground.free and all(len(mine) < 2 for mine in ground.locked):
        return None
    found = search(ground, contest.best, seed=seed, seconds=seconds, repeatable=repeatable)
    if found is None:
        return None
    held = tuple(sound(ground, who, route) for who, route in enumerate(found))
    return held if held == found else insert_all(Board(ground, held), heaviest_first, time.monotonic() + 0.2)
