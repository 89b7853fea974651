"""One task more in one row: where it fits, and what it adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dispatch.solver.ground import Ground
from dispatch.solver.problem import Person, Problem, Stop, Task
from dispatch.solver.scoring import route_parts, through
from dispatch.solver.timing import State, work

type Parts = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A row with the task in it."""

    cost: int  #: what the task adds
    place: int
    stops: tuple[Stop, ...]
    parts: Parts  #: of what it adds


class Row:
    """The row of one person, with the state before each of its tasks, so that only what follows is timed again.

    `bounds`: task -> a moment before which it does not begin, for what is tied to other rows.
    """

    def __init__(self, ground: Ground, who: int, route: Sequence[int], bounds: Mapping[int, int]) -> None:
        self.ground, self.who, self.route, self.bounds = ground, who, tuple(route), bounds
        self.states, self.stops = [State(who)], list[Stop]()
        for i in route:
            found = work(ground, who, i, self.states[-1], bounds.get(i, 0))
            if found is None:
                break
            self.stops.append(found[0])
            self.states.append(found[1])
        self.base = route_parts(ground, who, self.stops)

    def places(self, task: int) -> list[Place]:
        """Everywhere that the task fits, the cheapest first."""
        return sorted(self._found(task), key=lambda p: (p.cost, p.place))

    def fits(self, task: int) -> bool:
        """Whether it fits anywhere."""
        return next(self._found(task), None) is not None

    def _found(self, task: int) -> Iterator[Place]:
        if len(self.stops) < len(self.route):
            return
        first = min(self.ground.pinned[self.who], len(self.route))
        yield from (p for k in range(first, len(self.route) + 1) if (p := self.at(task, k)) is not None)

    def at(self, task: int, place: int) -> Place | None:
        """The task as the `place`-th of the row, if that holds."""
        if place > len(self.stops):
            return None
        stops, state = self.stops[:place], self.states[place]
        for i in (task, *self.route[place:]):
            found = work(self.ground, self.who, i, state, self.bounds.get(i, 0))
            if found is None or found[0].end > self.ground.limits[self.who]:
                return None
            stops.append(found[0])
            state = found[1]
        if not through(self.ground, self.who, stops):
            return None
        parts = split(self.ground, task, stops, route_parts(self.ground, self.who, stops), self.base)
        return Place(cost=sum(parts.values()), place=place, stops=tuple(stops), parts=parts)


def split(ground: Ground, task: int, stops: Sequence[Stop], after: Parts, before: Parts) -> dict[str, int]:
    """What is added, part by part; lateness of the task itself apart from that of others."""
    parts = {name: after.get(name, 0) - before.get(name, 0) for name in after.keys() | before.keys()}
    begin = next(s.begin for s in stops if s.task == task)
    own = ground.problem.tasks[task].weight * max(0, begin - ground.problem.tasks[task].target)
    return parts | {"late": own, "late_others": parts.get("late", 0) - own}


def alone(
    problem: Problem, person: Person, who: int, tasks: Sequence[Task], bounds: Mapping[int, int] | None = None
) -> Ground:
    """A problem of one person, who was `who`, with these tasks, tied to nothing but `bounds` (place -> moment)."""
    bounds = bounds or {}
    mine = [_own(t, who, bounds.get(k, 0)) for k, t in enumerate(tasks)]
    return Ground(
        Problem(
            people=(replace(person, area=None),),
            tasks=tuple(mine),
            travel=problem.travel,
            speeds=problem.speeds,
            fairness=problem.fairness,
        )
    )


def _own(task: Task, who: int, bound: int) -> Task:
    barred = {0: task.barred[who]} if who in task.barred else {}
    extra = {0: task.extra[who]} if who in task.extra else {}
    holder = None if task.holder is None else 0
    locked = None if task.locked is None else 0
    return replace(
        task,
        earliest=max(task.earliest, bound),
        barred=barred,
        extra=extra,
        holder=holder,
        hop=0 if task.holder in (None, who) else task.hop,
        locked=locked,
        after=(),
    )
