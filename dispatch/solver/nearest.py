"""What most dispatch rooms do, and the last resort: by priority, the nearest suitable person."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dispatch.solver.ground import Ground
from dispatch.solver.problem import NO_WAY, Routes
from dispatch.solver.rules import overloaded
from dispatch.solver.timing import State, schedule, work


def nearest(ground: Ground) -> Routes:
    """Every open task, most costly to leave out first, to the person with the shortest way who still has the time.

    Appends only, no search; crews and work that waits for other work stay out. It answers when nothing else does.
    """
    rows = _Rows(ground)
    tasks = ground.problem.tasks
    for i in sorted(ground.free, key=lambda i: (-tasks[i].unserved, tasks[i].target, i)):
        if i not in ground.crew and not tasks[i].after:
            rows.append(i)
    return tuple(tuple(route) for route in rows.routes)


class _Rows:
    """The routes so far: where everybody is, and from when on they are free."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.routes = [list(mine) for mine in ground.locked]
        self.states = [State(who) for who in range(ground.people)]
        for who, stops in enumerate(schedule(ground, ground.locked) or ()):
            for stop in stops:
                found = work(ground, who, stop.task, self.states[who], stop.begin)
                self.states[who] = found[1] if found is not None else self.states[who]
        self.mode = np.array([p.mode for p in ground.problem.people], dtype=np.int64)
        self.row = np.array([s.row for s in self.states], dtype=np.int64)
        self.free = np.array([s.at for s in self.states], dtype=np.int64)
        self.limit = np.array(ground.limits, dtype=np.int64)

    def append(self, i: int) -> None:
        """To the nearest person who can."""
        for who in self._by_way(i):
            found = work(self.ground, who, i, self.states[who])
            if found is None or found[0].end > self.ground.limits[who]:
                continue
            home = self.ground.way_home(who, found[1].row, found[0].end)
            if found[0].end + home > self.ground.home[who] or overloaded(self.ground, who, [*self.routes[who], i]):
                continue
            self.routes[who].append(i)
            self.states[who], self.row[who], self.free[who] = found[1], found[1].row, found[0].end
            return

    def _by_way(self, i: int) -> Iterator[int]:
        """Whoever may have the task and is not surely too late, the nearest first."""
        legs = self._legs(i)
        in_time = self.free + legs + self.ground.problem.tasks[i].service <= self.limit
        may = np.flatnonzero(self.ground.able[:, i] & (legs < NO_WAY) & in_time)
        return iter(may[np.argsort(legs[may], kind="stable")].tolist())

    def _legs(self, i: int) -> npt.NDArray[np.int64]:
        legs = np.empty(len(self.row), dtype=np.int64)
        for mode, matrix in enumerate(self.ground.travel):
            here = self.mode == mode
            legs[here] = matrix[self.row[here], self.ground.people + i]
        return legs
