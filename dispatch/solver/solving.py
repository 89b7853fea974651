"""One entry: build a plan in several ways, keep the best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from dispatch.solver.budget import Budget
from dispatch.solver.compiled.search import CHOICES, Search, Watch
from dispatch.solver.ground import Ground
from dispatch.solver.kept import sound
from dispatch.solver.nearest import nearest
from dispatch.solver.problem import Finder, Plan, Problem, Routes
from dispatch.solver.reasons import unassigned
from dispatch.solver.routing import search
from dispatch.solver.scoring import judge, keeps_promises, timetables
from dispatch.solver.standing import kept, settle
from dispatch.solver.warm import warm

BUILD = 0.2  #: of the time, at most, goes into building
SMALL = 20_000  #: people times tasks: so much is built in every way whatever the time
POLISH_FROM = 5.0  #: seconds from which on OR-Tools has a share of the time
POLISH = 0.04  #: that share: it seldom finds more where there are no constraints beyond windows
LAST = 0.02  #: of the time, for a last look at what OR-Tools found
PACE = 30_000  #: steps of the search for every second of a repeatable call


def solve(
    problem: Problem,
    *,
    seed: int,
    seconds: float,
    repeatable: bool = False,
    cpu: float | None = None,
    threads: int = 1,
    watch: Watch | None = None,
) -> Plan:
    """The best plan found for `problem` within about `seconds` of wall time, or within `cpu` seconds of the processor.

    What a plan is, what it costs and what it may not do stands in `scoring`.

    Rows that stand (`standing`) are a candidate too, completed by insertion; at the end every row that only changed its
    order returns to the standing one where that costs no more than `patience`: people look at it.

    The first call of a process reads the compiled search from disk (about a second) before the clock starts.

    Candidates: `nearest`, three cheapest insertions on the exact cost, ruin and recreate on the exact cost from the
    best of those (`compiled`), and where there is time OR-Tools routing, warm-started from the best. One scorer judges
    them; ties go to the simpler. A candidate that raises, or breaks a rule, is dropped and named in `trouble`: there is
    always a plan, and everything left out carries a reason.

    threads: so many searches side by side with different seeds. watch: told now and then which part of the time is over
    and the best cost; when it answers False the search ends with what there is.

    Guarantees. No plan breaks a rule, and none costs more than `nearest` and, for every row, `patience`. Wall time
    stays within `seconds` plus the time of `nearest` and of building a model. A search cut off by the clock may end
    anywhere: two calls may differ; with `repeatable` the number of steps is fixed and one seed gives one plan, bit for
    bit.
    """
    trouble = _warmed()
    budget = Budget(seconds=seconds if cpu is None else cpu, cpu=cpu is not None)
    contest = Contest(Ground(problem))
    contest.trouble.extend(trouble)
    contest.enter("nearest", lambda: _nearest(contest.ground))
    contest.build(seed, budget, repeatable)
    contest.improve(budget, repeatable, watch, [seed + n for n in range(1, threads)])
    contest.settle()
    return contest.plan(budget)


class Contest:
    """The best candidate so far."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.best: Routes = kept(ground) if ground.problem.standing else ground.locked
        self.cost = judge(ground, self.best).cost
        self.found_by: Finder = "standing" if ground.problem.standing else "nearest"
        self.trouble: list[str] = []
        self.search: Search | None = None

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

    def build(self, seed: int, budget: Budget, repeatable: bool) -> None:
        """Cheapest insertions, into what stands and into nothing."""
        standing = self.best
        self.enter("insertion", lambda: self._prepared(seed, standing))
        for choice in CHOICES if self.search is not None else ():
            if repeatable or self._small or budget.spent <= BUILD * budget.seconds:
                self.enter("insertion", partial(self._filled, self.ground.locked, choice))

    @property
    def _small(self) -> bool:
        return self.ground.people * self.ground.tasks <= SMALL

    def _prepared(self, seed: int, standing: Routes) -> Routes | None:
        self.search = Search(self.ground, seed)
        return self._filled(standing, CHOICES[0])

    def _filled(self, start: Routes, choice: int) -> Routes | None:
        if self.search is None or not self.search.start(start):
            return None
        return self.search.fill(choice)

    def improve(self, budget: Budget, repeatable: bool, watch: Watch | None, others: Sequence[int] = ()) -> None:
        """Ruin and recreate, with `others` as seeds side by side; OR-Tools where there is time; then again."""
        polish = POLISH * budget.seconds if budget.seconds >= POLISH_FROM else 0.0
        last = LAST * budget.seconds if polish else 0.0
        if self.search is None:
            polish, last = budget.left, 0.0
        until, start = budget.seconds - polish - last, self.best
        with ThreadPoolExecutor(max_workers=max(1, len(others))) as pool:
            aside = [pool.submit(self._aside, seed, start, budget, until, repeatable) for seed in others]
            self.enter("recreate", lambda: self._recreated(budget, until, repeatable, watch))
            for found in aside:
                self.enter("recreate", found.result)
        if polish > 0.0 and budget.left > 0.0:
            before = self.cost
            self.enter("ortools", lambda: _ortools(self, min(polish, budget.left), repeatable))
            if self.cost < before and last:
                self.enter("recreate", lambda: self._recreated(budget, budget.seconds, repeatable, watch))

    def _recreated(self, budget: Budget, until: float, repeatable: bool, watch: Watch | None) -> Routes | None:
        if self.search is None or budget.spent >= until:
            return None
        return _searched(self.search, self.best, budget, until, repeatable, watch)

    def _aside(self, seed: int, start: Routes, budget: Budget, until: float, repeatable: bool) -> Routes | None:
        if self.search is None:
            return None
        return _searched(Search(self.ground, seed, self.search.x), start, budget, until, repeatable, None)

    def settle(self) -> None:
        """Give up what a change of order gains, where that is little."""
        routes = settle(self.ground, self.best)
        if routes != self.best:
            try:
                self.cost = judge(self.ground, routes).cost
            except ValueError:  # crews, or work that waits for other work: a row does not stand alone
                return
            self.best = routes

    def plan(self, budget: Budget) -> Plan:
        ground = self.ground
        served = {i for route in self.best for i in route}
        return Plan(
            routes=timetables(ground, self.best) or (),
            unassigned=tuple(unassigned(ground, i, self.best) for i in ground.free if i not in served),
            cost=self.cost,
            found_by=self.found_by,
            seconds=round(budget.spent, 3),
            trouble=tuple(self.trouble),
        )


def _nearest(ground: Ground) -> Routes | None:
    """It knows of no promises: where it breaks too many it is no candidate, and nothing is wrong."""
    routes = nearest(ground)
    return routes if keeps_promises(ground, routes) else None


def _searched(
    search: Search, start: Routes, budget: Budget, until: float, repeatable: bool, watch: Watch | None
) -> Routes | None:
    ground = search.ground
    if not ground.free or not search.start(start):
        return None
    if repeatable:
        search.run_steps(min(enough(ground), int(PACE * budget.seconds)), watch)
    else:
        search.run(budget, until, watch)
    return search.routes


def _warmed() -> list[str]:
    """Have the search compiled or loaded before the clock starts; once in a process."""
    try:
        warm()
    except Exception as error:  # the plan is made without it
        return [f"warm: {type(error).__name__}: {error}"]
    return []


def enough(ground: Ground) -> int:
    """Steps after which a small problem holds no surprise any more."""
    return 300 * len(ground.free) * (len(ground.free) + 3)


def _ortools(contest: Contest, seconds: float, repeatable: bool) -> Routes | None:
    """The search's routes, timed again: what breaks a rule is taken out."""
    ground = contest.ground
    if not ground.free and all(len(mine) < 2 for mine in ground.locked):
        return None
    found = search(ground, contest.best, seed=0, seconds=seconds, repeatable=repeatable)
    if found is None:
        return None
    held = tuple(sound(ground, who, route) for who, route in enumerate(found))
    if held == found or contest.search is None or not contest.search.start(held):
        return held
    return contest.search.fill(CHOICES[0])
