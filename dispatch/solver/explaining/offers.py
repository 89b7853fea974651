"""What everybody would cost for one task in a plan that stands, or what keeps them from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dispatch.solver.explaining.pricing import Parts, Place, Row, split
from dispatch.solver.explaining.remedies import Remedy, Standing, remedies
from dispatch.solver.ground import Ground
from dispatch.solver.problem import Problem, Routes
from dispatch.solver.reasons import hurdle, rank, scarcest, unassigned
from dispatch.solver.rules import overloaded
from dispatch.solver.scoring import PARTS, standby_cost, tally, timetables

TRIED = 3  #: places for each person that are timed with all other rows, where rows are tied


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One person: what giving them the task adds to the plan, by part, or the code of the first hard hurdle."""

    price: int | None
    parts: Parts = field(default_factory=dict)
    hurdle: str | None = None
    params: Mapping[str, int] = field(default_factory=dict)
    begin: int | None = None  #: when they would begin the task


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One task in a plan. `offers` in the order of the people; `chosen` has it, `next` would be the cheapest other.

    `reason` with `params`: why nobody has it, None where somebody could; `remedies`: what would change that.
    """

    task: int
    offers: tuple[Offer, ...]
    chosen: int | None
    next: int | None
    left_out: int  #: what leaving it out costs
    reason: str | None = None
    params: Mapping[str, int] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()

    @property
    def difference(self) -> Parts:
        """What the next one costs more than the chosen, by part; empty where there are not two."""
        if self.chosen is None or self.next is None:
            return {}
        mine, theirs = self.offers[self.chosen].parts, self.offers[self.next].parts
        return {name: theirs.get(name, 0) - mine.get(name, 0) for name in mine.keys() | theirs.keys()}


def explain(problem: Problem, routes: Sequence[Sequence[int]], task: int) -> Explanation:
    """Why `task` is where it is in `routes`. Locked work is looked at as if it were free, so that others have a price.

    The plan's other work stays with its people and in its order. Takes about 20 ms for 50 people and 300 tasks.
    """
    freed = replace(problem.tasks[task], locked=None, pinned=False)
    ground = Ground(replace(problem, tasks=(*problem.tasks[:task], freed, *problem.tasks[task + 1 :])))
    chosen = next((who for who, route in enumerate(routes) if task in route), None)
    rest = tuple(tuple(i for i in route if i != task) for route in routes)
    standing = Standing(ground=ground, routes=rest, task=task, bounds=_bounds(ground, routes, task))
    actual = None if chosen is None else list(routes[chosen]).index(task)
    offers = tuple(_offer(standing, who, actual if who == chosen else None) for who in range(ground.people))
    if chosen is not None and offers[chosen].price is None:  # locked work that fits nowhere is done all the same
        done = _offer(replace(standing, ground=Ground(problem)), chosen, actual)
        offers = (*offers[:chosen], done, *offers[chosen + 1 :])
    order = sorted((o.price, who) for who, o in enumerate(offers) if o.price is not None and who != chosen)
    told = Explanation(
        task=task,
        offers=offers,
        chosen=chosen,
        next=order[0][1] if order else None,
        left_out=problem.tasks[task].unserved,
    )
    return told if chosen is not None else _left(standing, told)


def _left(standing: Standing, told: Explanation) -> Explanation:
    """Why nobody has it, and what would help."""
    ground, task = standing.ground, standing.task
    left = unassigned(ground, task, standing.routes)
    reason, params = left.reason, dict(left.params)
    if reason not in ("waits_for_another", "crew_incomplete"):
        if told.next is not None:
            if (told.offers[told.next].price or 0) < told.left_out:
                return told
            reason, params = "not_worth_it", {"price": told.offers[told.next].price or 0}
        elif told.offers:
            nearest = max((o.hurdle or "too_busy" for o in told.offers), key=rank)
            reason = max(reason, nearest, key=rank)
    found = remedies(standing, [o.hurdle for o in told.offers], reason, params)
    return replace(told, reason=reason, params=params, remedies=found)


def _bounds(ground: Ground, routes: Sequence[Sequence[int]], task: int) -> dict[int, int]:
    """When tied work begins in the plan: it does not begin sooner because of one change in one row."""
    if not ground.tied:
        return {}
    timed = timetables(ground, routes) or ()
    begins = {s.task: (s.begin, s.end) for stops in timed for s in stops}
    tasks = ground.problem.tasks
    bounds = {i: begins[i][0] for i in begins if i in ground.crew or tasks[i].after}
    mates = ground.problem.crews[ground.crew[task]].tasks if task in ground.crew else ()
    before = [begins[j][1] for j in tasks[task].after if j in begins]
    bounds[task] = max([0, *before, *(begins[j][0] for j in mates if j in begins and j != task)])
    return bounds


def _offer(standing: Standing, who: int, actual: int | None) -> Offer:
    """The price at the cheapest place, for the chosen one at the place that the plan has for it."""
    ground, task, route = standing.ground, standing.task, standing.routes[who]
    code = hurdle(ground, who, task, route)
    if code is not None and actual is None:
        return Offer(price=None, hurdle=code, params=_params(ground, who, task, code))
    row = Row(ground, who, route, standing.bounds)
    one = row.at(task, actual) if actual is not None else None
    places = [one] if one is not None else row.places(task)
    if actual is None and overloaded(ground, who, (*route, task)):
        places = []
    best = _exact(standing, who, places) if ground.tied else _with_standby(standing, who, places[:1])
    if best is None:
        return Offer(price=None, hurdle=code or "too_busy")
    begin = next(s.begin for s in best.stops if s.task == task)
    return Offer(price=best.cost, parts={k: v for k, v in best.parts.items() if v}, begin=begin)


def _params(ground: Ground, who: int, task: int, code: str) -> dict[str, int]:
    """The skill that this person lacks or whose certificate runs out."""
    if code not in ("no_skill", "certificate_expired"):
        return {}
    held = ground.problem.people[who].skills
    for skill, level in ground.problem.tasks[task].needs.items():
        if skill not in held or held[skill].level < level:
            return {"skill": skill, "level": level}
    return {"skill": min(ground.problem.tasks[task].needs, key=lambda k: held[k].until, default=scarcest(ground, task))}


def _with_standby(standing: Standing, who: int, places: Sequence[Place]) -> Place | None:
    if not places:
        return None
    return _and_standby(places[0], standing, who)


def _and_standby(place: Place, standing: Standing, who: int) -> Place:
    if standing.routes[who] or not standing.ground.problem.standby:
        return place
    taken = [(standing.task,) if k == who else route for k, route in enumerate(standing.routes)]
    more = standby_cost(standing.ground, taken) - standby_cost(standing.ground, standing.routes)
    return replace(place, cost=place.cost + more, parts={**place.parts, "standby": more})


def _exact(standing: Standing, who: int, places: Sequence[Place]) -> Place | None:
    """Where rows are tied, what the change does to all of them."""
    ground, before = standing.ground, standing.before
    if before is None:
        return _with_standby(standing, who, places[:1])
    found = []
    for place in places[:TRIED]:
        routes = _placed(standing.routes, who, [s.task for s in place.stops])
        timed = timetables(ground, routes)
        if timed is not None:
            after = tally(ground, timed)
            values = ({n: getattr(score, n) for n in PARTS if n != "lost"} for score in (after, before))
            parts = split(ground, standing.task, timed[who], *values)
            found.append(Place(cost=sum(parts.values()), place=place.place, stops=timed[who], parts=parts))
    return min(found, key=lambda p: p.cost, default=None)


def _placed(routes: Routes, who: int, row: Sequence[int]) -> list[Sequence[int]]:
    return [row if k == who else route for k, route in enumerate(routes)]
