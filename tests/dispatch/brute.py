"""The best plan of a small problem by trying all of them: every partition, every order, judged by the scorer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise, permutations

from dispatch.solver import Problem
from dispatch.solver.ground import Ground
from dispatch.solver.kept import kept
from dispatch.solver.problem import Routes
from dispatch.solver.rules import broken
from dispatch.solver.scoring import changes, judge, route_cost, standby_cost, timetable
from dispatch.solver.timing import walk

MOST_TIED = 5  #: tasks, where routes depend on one another and all plans have to be judged whole
MOST = 7
NOTHING: frozenset[int] = frozenset()

type Best = dict[frozenset[int], tuple[int, tuple[int, ...]]]  #: tasks of one person -> cost and order


def optimum(problem: Problem) -> int:
    """The least cost that any plan has."""
    ground = Ground(problem)
    return _tied(ground) if ground.tied else _apart(ground)


def _apart(ground: Ground) -> int:
    """The best order of every set for every person, then the best way of sharing out."""
    best = [_orders(ground, who) for who in range(ground.people)]
    bound = _bound(ground)
    return min(_shared(ground, best, bound))


def _bound(ground: Ground) -> int:
    most = ground.problem.most_changes
    return ground.tasks if most is None else max(most, changes(ground, kept(ground)))


def _orders(ground: Ground, who: int) -> Best:
    """By adding one task after another to what is in time so far."""
    best: Best = {}
    locked, able = set(ground.locked[who]), [i for i in range(ground.tasks) if ground.able[who, i]]
    rows: list[tuple[int, ...]] = [()]
    while rows:
        row = rows.pop()
        stops = walk(ground, who, row)
        if stops is None or (stops and stops[-1].end > ground.limits[who]):
            continue
        if locked <= set(row) and _holds(ground, who, row):
            found = (route_cost(ground, who, stops), row)
            best[frozenset(row)] = min(best.get(frozenset(row), found), found)
        rows += [(*row, i) for i in able if i not in row]
    return best


def _holds(ground: Ground, who: int, row: tuple[int, ...]) -> bool:
    """Whether nothing is wrong with the row of one person; the others do what is locked to them."""
    routes = [row if k == who else mine for k, mine in enumerate(ground.locked)]
    return broken(ground, routes) is None and timetable(ground, who, row) is not None


def _shared(
    ground: Ground,
    best: list[Best],
    bound: int,
    chosen: tuple[frozenset[int], ...] = (),
    taken: frozenset[int] = NOTHING,
) -> Iterator[int]:
    if len(chosen) < ground.people:
        for tasks in best[len(chosen)]:
            if not tasks & taken:
                yield from _shared(ground, best, bound, (*chosen, tasks), taken | tasks)
        return
    routes = [best[who][tasks][1] for who, tasks in enumerate(chosen)]
    if changes(ground, routes) <= bound:
        cost = sum(best[who][tasks][0] for who, tasks in enumerate(chosen))
        yield cost + standby_cost(ground, routes) + _lost(ground, chosen)


def _lost(ground: Ground, chosen: tuple[frozenset[int], ...]) -> int:
    return sum(ground.problem.tasks[i].unserved for i in set(ground.free).difference(*chosen))


def _tied(ground: Ground) -> int:
    return min(cost for routes in plans(ground) if (cost := _cost(ground, routes)) is not None)


def _cost(ground: Ground, routes: Routes) -> int | None:
    try:
        return judge(ground, routes).cost
    except ValueError:
        return None


def plans(ground: Ground) -> Iterator[Routes]:
    """Every choice of tasks in every order, cut in every way into one row for each person."""
    for size in range(ground.tasks + 1):
        for chosen in combinations(range(ground.tasks), size):
            for order in permutations(chosen):
                for cuts in combinations(range(size + ground.people - 1), max(0, ground.people - 1)):
                    yield _cut(order, cuts, ground.people)


def _cut(order: tuple[int, ...], cuts: tuple[int, ...], people: int) -> Routes:
    """Stars and bars: the k-th bar stands after `cuts[k] - k` tasks."""
    if not people:
        return ()
    ends = [0, *(cut - k for k, cut in enumerate(cuts)), len(order)]
    return tuple(order[a:b] for a, b in pairwise(ends))
