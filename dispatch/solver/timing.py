"""When people do what: one step of a route, one route, and all routes where crews and precedence tie them together.

The state of a person is the moment they are `at` liberty, the row where that is, the breaks taken so far, when their
last work was `done` and in which window. One more task i of person p with travel t, service s:

1. Breaks. While the next one has earliest <= at: it begins at once, at += its seconds. If that is after its `latest`
   the task can not be done, unless the person is `excused`: nothing yet done, or what was done last heeds no breaks.
2. Windows, the first in which all this holds. leave = max(at, start), in a later window than that of the last work
   also >= done + rest. begin = max(leave + t(leave), earliest, what i is tied to), then the first moment from there on
   that lies in an appointment window. end = begin + s is not after the window (the last: plus overtime) nor after any
   certificate that i needs.
3. If a break is still to come and end is after its `latest`, it is taken first: at = max(at, its earliest) + its
   seconds, and back to 1.

Pinned work, and locked work for which there is no such window, is left for at once: begin = max(at + t, earliest),
pinned work without heeding ties. It belongs to the last window that starts by then, and the person is excused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dispatch.solver.layout import Layout
from dispatch.solver.problem import NO_WAY, Person, Stop, Task

ROUNDS = 1000  #: of agreeing on a moment for a crew; each one moves it to another window or appointment of somebody


class State(NamedTuple):
    """Where and when somebody is free: the module's docstring says what the fields mean."""

    row: int
    at: int = 0
    breaks: int = 0
    done: int = 0
    window: int = 0
    excused: bool = True


class Slot(NamedTuple):
    """One way with its work in one window."""

    window: int
    leave: int
    travel: int
    begin: int
    end: int


def work(lay: Layout, who: int, i: int, state: State, bound: int = 0) -> tuple[Stop, State] | None:
    """One task more, not begun before `bound`; None where it can not be done."""
    task = lay.problem.tasks[i]
    if not task.pinned:
        found = _planned(lay, who, i, state, bound)
        if found is not None or task.locked is None:
            return found
    return _forced(lay, who, i, state, 0 if task.pinned else bound)


def walk(lay: Layout, who: int, route: Sequence[int]) -> list[Stop] | None:
    """One route by itself: limits and ties apart. None where a window, a break, an appointment or a way forbids it."""
    state, stops = State(who), []
    for i in route:
        found = work(lay, who, i, state)
        if found is None:
            return None
        stop, state = found
        stops.append(stop)
    return stops


def schedule(lay: Layout, routes: Sequence[Sequence[int]]) -> list[list[Stop]] | None:
    """All routes together, everything as early as it can be; None where that is never."""
    return _Schedule(lay, routes).run() if lay.tied else _apart(lay, routes)


def _apart(lay: Layout, routes: Sequence[Sequence[int]]) -> list[list[Stop]] | None:
    timed = []
    for who, route in enumerate(routes):
        stops = walk(lay, who, route)
        if stops is None:
            return None
        timed.append(stops)
    return timed


class _Schedule:
    """Every person does the next task as soon as what it is tied to allows. Forward only, so nothing is done twice."""

    def __init__(self, lay: Layout, routes: Sequence[Sequence[int]]) -> None:
        self.lay, self.routes = lay, routes
        self.states = [State(who) for who in range(lay.people)]
        self.stops: list[list[Stop]] = [[] for _ in routes]
        self.whose = {i: who for who, route in enumerate(routes) for i in route}
        self.done: dict[int, Stop] = {}

    def run(self) -> list[list[Stop]] | None:
        """None where somebody waits for ever, or what comes of the waiting does not fit."""
        moving = True
        while moving:
            moving = False
            for who in range(self.lay.people):
                while (group := self._ready(who)) is not None:
                    if not self._do(group):
                        return None
                    moving = True
        return self.stops if len(self.done) == len(self.whose) else None

    def _head(self, who: int) -> int | None:
        route, k = self.routes[who], len(self.stops[who])
        return route[k] if k < len(route) else None

    def _ready(self, who: int) -> tuple[int, ...] | None:
        """The next task of this person with those that begin with it, if nothing is missing."""
        i = self._head(who)
        if i is None:
            return None
        if self.lay.problem.tasks[i].pinned:
            return (i,)
        mates = self._mates(i)
        group = tuple(j for j in mates if not self.lay.problem.tasks[j].pinned)
        if any(j not in self.done for j in mates if self.lay.problem.tasks[j].pinned):
            return None
        return group if all(self._head(self.whose[j]) == j and self._freed(j) for j in group) else None

    def _mates(self, i: int) -> tuple[int, ...]:
        crew = self.lay.crew.get(i)
        return (i,) if crew is None else tuple(j for j in self.lay.problem.crews[crew].tasks if j in self.whose)

    def _freed(self, i: int) -> bool:
        return all(j in self.done for j in self.lay.problem.tasks[i].after if j in self.whose)

    def _do(self, group: Sequence[int]) -> bool:
        """Agree on the first moment that suits everybody."""
        bound = self._bound(group)
        for _ in range(ROUNDS):
            found = [work(self.lay, self.whose[i], i, self.states[self.whose[i]], bound) for i in group]
            steps = [f for f in found if f is not None]
            if len(steps) < len(group):
                return False
            begin = max(stop.begin for stop, _ in steps)
            if all(stop.begin == begin for stop, _ in steps):
                self._keep(steps)
                return True
            bound = begin
        return False

    def _bound(self, group: Sequence[int]) -> int:
        tasks = self.lay.problem.tasks
        before = [self.done[j].end for i in group if not tasks[i].pinned for j in tasks[i].after if j in self.done]
        begun = [self.done[j].begin for i in group for j in self._mates(i) if tasks[j].pinned and j in self.done]
        return max([0, *before, *begun])

    def _keep(self, steps: Sequence[tuple[Stop, State]]) -> None:
        for stop, state in steps:
            who = self.whose[stop.task]
            self.states[who], self.done[stop.task] = state, stop
            self.stops[who].append(stop)


def _planned(lay: Layout, who: int, i: int, state: State, bound: int) -> tuple[Stop, State] | None:
    breaks, at, taken = lay.problem.people[who].breaks, state.at, state.breaks
    while True:
        while taken < len(breaks) and breaks[taken].earliest <= at:
            if at > breaks[taken].latest and not state.excused:
                return None
            at, taken = at + breaks[taken].seconds, taken + 1
        slot = _slot(lay, who, i, state, at, bound)
        if slot is None:
            return None
        if taken == len(breaks) or slot.end <= breaks[taken].latest:
            window, leave, travel, begin, end = slot
            stop = Stop(task=i, leave=leave, travel=travel, begin=begin, end=end)
            return stop, State(lay.people + i, end, taken, end, window, False)
        at, taken = max(at, breaks[taken].earliest) + breaks[taken].seconds, taken + 1


def _slot(lay: Layout, who: int, i: int, state: State, at: int, bound: int) -> Slot | None:
    """The first window in which the way and the work fit."""
    person, task = lay.problem.people[who], lay.problem.tasks[i]
    column, latest = lay.people + i, int(lay.until[who, lay.kind[i]]) if task.needs else NO_WAY
    last = len(person.windows) - 1
    for window, (start, close) in enumerate(person.windows):
        leave = max(at, start, state.done + person.rest if window > state.window else 0)
        travel = lay.way(who, state.row, column, leave)
        begin = max(leave + travel, task.earliest, bound)
        if task.windows:
            begin = _admitted(task, begin)
        end = begin + task.service
        if travel >= NO_WAY or begin >= NO_WAY or end > latest:
            return None
        if end <= (close + person.overtime if window == last else close):
            return Slot(window, leave, travel, begin, end)
    return None


def _admitted(task: Task, begin: int) -> int:
    """The first moment from `begin` on that lies in an appointment; NO_WAY after the last."""
    for first, last in task.windows:
        if begin <= last:
            return max(begin, first)
    return NO_WAY


def _forced(lay: Layout, who: int, i: int, state: State, bound: int) -> tuple[Stop, State] | None:
    task = lay.problem.tasks[i]
    travel = lay.way(who, state.row, lay.people + i, state.at)
    if travel >= NO_WAY:
        return None
    begin = max(state.at + travel, task.earliest, bound)
    end, window = begin + task.service, _window(lay.problem.people[who], begin)
    stop = Stop(task=i, leave=state.at, travel=travel, begin=begin, end=end)
    return stop, State(lay.people + i, end, state.breaks, end, window, True)


def _window(person: Person, moment: int) -> int:
    """The last window that starts by then; the first where none does."""
    return max((k for k, (start, _) in enumerate(person.windows) if start <= moment), default=0)
