"""A problem laid out for speed: one row for every person's start and every task, so that row and task are one thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dispatch.solver.problem import NO_WAY, Person, Problem, Seconds, Task

FORCED_WAY = 3600  #: seconds counted for a way to locked work where no road leads: it is gone to all the same


@dataclass(frozen=True)
class Ground:
    """Rows 0..P-1 are the people's starts, rows P..P+T-1 the tasks."""

    problem: Problem

    @cached_property
    def people(self) -> int:
        return len(self.problem.people)

    @cached_property
    def tasks(self) -> int:
        return len(self.problem.tasks)

    @cached_property
    def travel(self) -> tuple[Seconds, ...]:
        """One (P+T, P+T) matrix a mode."""
        nodes = [p.node for p in self.problem.people] + [t.node for t in self.problem.tasks]
        rows = np.array(nodes, dtype=np.int64)
        locked = [self.people + i for i, t in enumerate(self.problem.tasks) if t.locked is not None]
        dense = []
        for matrix in self.problem.travel:
            own = np.minimum(matrix[np.ix_(rows, rows)], NO_WAY)
            own[:, locked] = np.where(own[:, locked] >= NO_WAY, FORCED_WAY, own[:, locked])
            dense.append(own)
        return tuple(dense)

    @cached_property
    def able(self) -> npt.NDArray[np.bool_]:
        """(P, T): may this person be given this task, time and load apart."""
        rules = [[may(p, who, t) for t in self.problem.tasks] for who, p in enumerate(self.problem.people)]
        return np.array(rules, dtype=np.bool_).reshape(self.people, self.tasks)

    @cached_property
    def locked(self) -> tuple[tuple[int, ...], ...]:
        """For every person the work that stays theirs: what is pinned, then the rest by target time."""
        tasks = self.problem.tasks
        mine: list[list[int]] = [[] for _ in self.problem.people]
        for i, t in enumerate(tasks):
            if t.locked is not None:
                mine[t.locked].append(i)
        return tuple(
            tuple(sorted(m, key=lambda i: (not tasks[i].pinned, 0 if tasks[i].pinned else tasks[i].target, i)))
            for m in mine
        )

    @cached_property
    def pinned(self) -> tuple[int, ...]:
        """For every person how many tasks stand first and cannot be overtaken."""
        return tuple(sum(self.problem.tasks[i].pinned for i in mine) for mine in self.locked)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The tasks that anybody able may be given."""
        return tuple(i for i, t in enumerate(self.problem.tasks) if t.locked is None)

    @cached_property
    def limits(self) -> tuple[int, ...]:
        """For every person when all is over: the end of the last window, or later where locked work needs it."""
        return tuple(self._limit(who) for who in range(self.people))

    def _limit(self, who: int) -> int:
        person = self.problem.people[who]
        now, row = 0, who
        for i in self.locked[who]:
            _, _, now = step(
                self.problem.tasks[i], person.windows, now, int(self.travel[person.mode][row, self.people + i])
            )
            row = self.people + i
        return max([now, *(end for _, end in person.windows)])


def may(person: Person, who: int, task: Task) -> bool:
    """Whether the rules about the person alone let them have the task."""
    if task.locked is not None:
        return task.locked == who
    return bool(person.windows) and who not in task.barred and qualified(person, task)


def qualified(person: Person, task: Task) -> bool:
    """Whether the person holds every skill at the level the task asks for, the date of certificates apart."""
    return all(skill in person.skills and person.skills[skill].level >= level for skill, level in task.needs.items())


def step(task: Task, windows: tuple[tuple[int, int], ...], now: int, leg: int) -> tuple[int, int, int]:
    """Leave, begin, end of a task for somebody who is free at `now`; end is NO_WAY where it fits no window.

    Begun work heeds no window. Locked work that fits none is left for at once.
    """
    for start, end in () if task.pinned else windows:
        leave = max(now, start)
        begin = max(leave + leg, task.earliest)
        if begin + task.service <= end:
            return leave, begin, begin + task.service
    if task.locked is None:
        return now, now, NO_WAY
    begin = max(now + leg, task.earliest)
    return now, begin, begin + task.service
