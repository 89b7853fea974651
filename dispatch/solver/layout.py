"""A problem laid out for speed: one row for every person's start and every task, so that row and task are one thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dispatch.solver.driving import drive
from dispatch.solver.problem import FOREVER, NO_WAY, Person, Problem, Seconds, Task

FORCED_WAY = 3600  #: seconds counted for a way to (or home from) locked work where no road leads: gone all the same

type Needs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Layout:
    """Rows 0..P-1 are the people's starts, rows P..P+T-1 the tasks."""

    problem: Problem

    @cached_property
    def people(self) -> int:
        return len(self.problem.people)

    @cached_property
    def tasks(self) -> int:
        return len(self.problem.tasks)

    @cached_property
    def nodes(self) -> npt.NDArray[np.int64]:
        """(P+T,) the node of every row."""
        return np.array([p.node for p in self.problem.people] + [t.node for t in self.problem.tasks], dtype=np.int64)

    @cached_property
    def travel(self) -> tuple[Seconds, ...]:
        """One (P+T, P+T) matrix a mode: the problem's own where that is laid out so already. Not to be written to."""
        locked = [self.people + i for i, t in enumerate(self.problem.tasks) if t.locked is not None]
        return tuple(self._laid_out(matrix, locked) for matrix in self.problem.travel)

    def _laid_out(self, matrix: Seconds, locked: list[int]) -> Seconds:
        same = len(self.nodes) == len(matrix) and bool((self.nodes == np.arange(len(matrix))).all())
        own = matrix if same else matrix[np.ix_(self.nodes, self.nodes)]
        far = own >= NO_WAY
        if not far.any():
            return own
        own = np.where(far, NO_WAY, own)
        own[:, locked] = np.where(far[:, locked], FORCED_WAY, own[:, locked])
        return own

    @cached_property
    def kinds(self) -> tuple[Needs, ...]:
        """The different needs that occur among the tasks."""
        return tuple(dict.fromkeys(_needs(t) for t in self.problem.tasks))

    @cached_property
    def kind(self) -> npt.NDArray[np.int64]:
        """(T,) index into `kinds`."""
        number = {needs: k for k, needs in enumerate(self.kinds)}
        return np.array([number[_needs(t)] for t in self.problem.tasks], dtype=np.int64)

    @cached_property
    def until(self) -> npt.NDArray[np.int64]:
        """(P, kinds): when the last certificate that this kind of work needs runs out; -1: not qualified."""
        rows = [[good_until(p, needs) for needs in self.kinds] for p in self.problem.people]
        return np.array(rows, dtype=np.int64).reshape(self.people, len(self.kinds))

    @cached_property
    def able(self) -> npt.NDArray[np.bool_]:
        """(P, T): may this person be given this task, time, ways and load apart."""
        on_duty = np.array([bool(p.windows) for p in self.problem.people], dtype=np.bool_)
        able: npt.NDArray[np.bool_] = (self.until[:, self.kind] >= 0) & on_duty[:, None]
        for i, task in enumerate(self.problem.tasks):
            if task.locked is not None:
                able[:, i] = False
                able[task.locked, i] = True
            elif task.barred:
                able[list(task.barred), i] = False
        return able

    @cached_property
    def locked(self) -> tuple[tuple[int, ...], ...]:
        """For every person the work that stays theirs: what is pinned, then the rest by target time.

        Where crews or precedence tie work together, all rows follow one order, so that nobody waits in a circle.
        """
        tasks, order = self.problem.tasks, self._order()
        mine: list[list[int]] = [[] for _ in self.problem.people]
        for i, t in enumerate(tasks):
            if t.locked is not None:
                mine[t.locked].append(i)
        return tuple(
            tuple(sorted(m, key=lambda i: (not tasks[i].pinned, (0, 0, i) if tasks[i].pinned else order[i])))
            for m in mine
        )

    def _order(self) -> Mapping[int, tuple[int, int, int]]:
        """When each task is due among the locked ones: a crew as its most urgent, nothing before what it waits for."""
        tasks, order = self.problem.tasks, dict[int, tuple[int, int, int]]()
        for group in self.problem.groups:
            first = (min(tasks[i].target for i in group), 0, min(group))
            for before in (order[j] for i in group for j in tasks[i].after):
                if before >= first:
                    first = (before[0], before[1] + 1, first[2])
            order.update(dict.fromkeys(group, first))
        return order

    @cached_property
    def pinned(self) -> tuple[int, ...]:
        """For every person how many tasks stand first and cannot be overtaken."""
        return tuple(sum(self.problem.tasks[i].pinned for i in mine) for mine in self.locked)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The tasks that anybody able may be given."""
        return tuple(i for i, t in enumerate(self.problem.tasks) if t.locked is None)

    @cached_property
    def tied(self) -> bool:
        """Whether the times of one route may depend on another."""
        return bool(self.problem.crews) or any(t.after for t in self.problem.tasks)

    @cached_property
    def crew(self) -> Mapping[int, int]:
        """Task -> index of its crew, for those that have one."""
        return {i: k for k, c in enumerate(self.problem.crews) for i in c.tasks}

    @cached_property
    def goods(self) -> npt.NDArray[np.int64]:
        """(T, goods) what each task takes."""
        wide = max((len(t.demand) for t in self.problem.tasks), default=0)
        rows = [t.demand or (0,) * wide for t in self.problem.tasks]
        return np.array(rows, dtype=np.int64).reshape(self.tasks, wide)

    def way(self, who: int, row: int, column: int, leave: int) -> int:
        """Seconds from row to column for this person who leaves then; NO_WAY where no road leads."""
        mode = self.problem.people[who].mode
        return self._driven(mode, int(self.travel[mode][row, column]), leave)

    def way_home(self, who: int, row: int, leave: int) -> int:
        """Seconds from a row to where the person's route has to end; 0 where it ends with the last task."""
        person = self.problem.people[who]
        if person.end is None:
            return 0
        base = int(self.problem.travel[person.mode][self.nodes[row], person.end])
        if base >= NO_WAY and row >= self.people and self.problem.tasks[row - self.people].locked is not None:
            base = FORCED_WAY
        return self._driven(person.mode, base, leave)

    def _driven(self, mode: int, base: int, leave: int) -> int:
        speeds = self.problem.speeds[mode] if self.problem.speeds else None
        return base if speeds is None or base >= NO_WAY else drive(speeds, base, leave)


def qualified(person: Person, task: Task) -> bool:
    """Whether the person holds every skill at the level the task asks for, the date of certificates apart."""
    return good_until(person, task.needs.items()) >= 0


def good_until(person: Person, needs: Iterable[tuple[int, int]]) -> int:
    """The last second of work for which every certificate is good; -1 where a skill or a level is missing."""
    until = FOREVER
    for skill, level in needs:
        held = person.skills.get(skill)
        if held is None or held.level < level:
            return -1
        until = min(until, held.until)
    return max(until, 0)


def _needs(task: Task) -> Needs:
    return tuple(sorted(task.needs.items()))
