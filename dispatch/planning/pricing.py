"""What giving one case to each person would cost the plan that stands, by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dispatch.solver import Problem
from dispatch.solver.ground import Ground
from dispatch.solver.reasons import unassigned
from dispatch.solver.scoring import route_parts, timetable


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One person: the price of giving them the task, by part, or why they cannot have it."""

    price: int | None
    parts: Mapping[str, int] = field(default_factory=dict)
    hurdle: str | None = None
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What would change it."""

    code: str
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One task in a plan."""

    offers: tuple[Offer, ...]
    chosen: int | None
    next: int | None
    reason: str | None = None
    params: Mapping[str, int] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()


def explain(problem: Problem, routes: Sequence[Sequence[int]], task: int) -> Explanation:
    """Who has the task and at what price, and what it would cost with everybody else."""
    ground = Ground(problem)
    chosen = next((who for who, route in enumerate(routes) if task in route), None)
    offers = tuple(_offer(ground, who, [i for i in route if i != task], task) for who, route in enumerate(routes))
    order = sorted((o.price, who) for who, o in enumerate(offers) if o.price is not None and who != chosen)
    left = unassigned(ground, task) if chosen is None else None
    return Explanation(
        offers=offers,
        chosen=chosen,
        next=order[0][1] if order else None,
        reason=left.reason if left else None,
        params=left.params if left else {},
    )


def _offer(ground: Ground, who: int, route: Sequence[int], task: int) -> Offer:
    before = timetable(ground, who, route)
    if not ground.able[who, task]:
        return Offer(price=None, hurdle=ground.problem.tasks[task].barred.get(who, "no_skill"))
    base = route_parts(ground, who, before or ())
    found = []
    for k in range(min(ground.pinned[who], len(route)), len(route) + 1):
        stops = timetable(ground, who, [*route[:k], task, *route[k:]])
        if stops is not None:
            parts = {name: cost - base.get(name, 0) for name, cost in route_parts(ground, who, stops).items()}
            found.append((sum(parts.values()), k, parts))
    if not found:
        return Offer(price=None, hurdle="too_busy")
    price, _, parts = min(found, key=lambda one: one[:2])
    return Offer(price=price, parts=parts)
