"""A problem as flat arrays. Nodes: the tasks, then the starts of the people, then the places where routes end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.solver.compiled import columns as c
from dispatch.solver.ground import FORCED_WAY, Ground
from dispatch.solver.kept import kept
from dispatch.solver.problem import NO_WAY, Person, Task
from dispatch.solver.scoring import changes

type Whole = npt.NDArray[np.int64]
type Small = npt.NDArray[np.int32]

NEIGHBOURS = 120  #: of each task


class Given(NamedTuple):
    """What the search reads and never writes. T tasks, P people, M modes, N nodes, G goods, C kinds of need."""

    ways: Small  #: (M, N, N) seconds
    back: Small  #: (M, N, N) the same, from column to row: all ways to one node lie side by side
    task: Whole  #: (T, TASK_COLUMNS)
    person: Whole  #: (P, PERSON_COLUMNS)
    fixed: Whole  #: (T, P) cost of giving the task to the person whenever it is; -1 where they may not have it
    first: Whole  #: (T + 1,) where the people of each task begin in `able`
    able: Small  #: the people that may have each task
    shift: Whole  #: (P, windows, 2)
    pause: Whole  #: (P, breaks, 3) earliest, latest, seconds
    until: Whole  #: (P, C) by when work of this kind has to end
    demand: Whole  #: (T, G)
    capacity: Whole  #: (P, G)
    slots: Whole  #: (T, appointments, 2)
    bound: Whole  #: (T, 2) the first and the last moment at which the work may begin
    near: Small  #: (T, K) the nearest tasks, nearest first
    area: Whole  #: (A, 2) people that should be left in each area, cost of every one short
    paces: Whole  #: (M, 2 + slots) start, seconds of a slot, thousandths in each; a mode without speeds has 0 seconds
    whole: Whole  #: FAIRNESS, MOST_CHANGES, TIED


def given(ground: Ground) -> Given:
    """Lay a problem out for the search."""
    problem = ground.problem
    ways = _ways(ground)
    fixed = _fixed(ground)
    first, able = _able(fixed)
    return Given(
        ways=ways,
        back=np.ascontiguousarray(ways.transpose(0, 2, 1)),
        task=_tasks(ground),
        person=_people(ground, fixed),
        fixed=fixed,
        first=first,
        able=able,
        shift=_padded([p.windows for p in problem.people], 2),
        pause=_padded([[(b.earliest, b.latest, b.seconds) for b in p.breaks] for p in problem.people], 3),
        until=ground.until,
        demand=ground.goods,
        capacity=_capacity(ground),
        slots=_padded([t.windows for t in problem.tasks], 2),
        bound=np.array([_bound(t) for t in problem.tasks], dtype=np.int64).reshape(-1, 2),
        near=_near(ways, ground.tasks),
        area=np.array([(a.least, a.cost) for a in problem.standby], dtype=np.int64).reshape(-1, 2),
        paces=_paces(ground),
        whole=np.array([problem.fairness, _most_changes(ground), ground.tied], dtype=np.int64),
    )


def _ways(ground: Ground) -> Small:
    people, tasks = ground.problem.people, ground.problem.tasks
    nodes = [t.node for t in tasks] + [p.node for p in people] + _ends(people)
    rows = np.array(nodes, dtype=np.int64)
    locked = np.array([i for i, t in enumerate(tasks) if t.locked is not None], dtype=np.int64)
    ways = np.empty((len(ground.problem.travel), len(rows), len(rows)), dtype=np.int32)
    for mode, matrix in enumerate(ground.problem.travel):
        own = ways[mode]
        own[:] = np.minimum(matrix[np.ix_(rows, rows)], NO_WAY)
        own[:, locked] = np.where(own[:, locked] >= NO_WAY, FORCED_WAY, own[:, locked])
        home = own[locked, len(tasks) + len(people) :]
        own[locked, len(tasks) + len(people) :] = np.where(home >= NO_WAY, FORCED_WAY, home)
    return ways


def _ends(people: Sequence[Person]) -> list[int]:
    return sorted({p.end for p in people if p.end is not None})


def _tasks(ground: Ground) -> Whole:
    rows = [_task(t, int(kind)) for t, kind in zip(ground.problem.tasks, ground.kind, strict=True)]
    return np.array(rows, dtype=np.int64).reshape(-1, c.TASK_COLUMNS)


def _task(task: Task, kind: int) -> list[int]:
    row = [0] * c.TASK_COLUMNS
    row[c.SERVICE], row[c.WEIGHT], row[c.TARGET] = task.service, task.weight, task.target
    row[c.DONE_WEIGHT], row[c.DONE_TARGET] = task.done_weight, task.done_target
    row[c.UNSERVED] = task.unserved if task.locked is None else c.HUGE
    row[c.NEED] = kind
    row[c.HOLDER] = -1 if task.holder is None else task.holder
    row[c.LOCKED] = -1 if task.locked is None else task.locked
    row[c.PINNED] = task.pinned
    row[c.ODD] = (task.locked is not None and not task.pinned) or len(task.windows) > 1
    row[c.SLOTS] = len(task.windows)
    return row


def _bound(task: Task) -> tuple[int, int]:
    """A single appointment of free work is a bound; several, or those of locked work, are looked up."""
    if not task.windows or task.locked is not None:
        return task.earliest, c.OPEN
    return max(task.earliest, task.windows[0][0]), task.windows[-1][1]


def _fixed(ground: Ground) -> Whole:
    tasks = ground.problem.tasks
    fixed = np.zeros((ground.tasks, ground.people), dtype=np.int64)
    fixed[:] = [p.cost_per_task for p in ground.problem.people]
    for i, t in enumerate(tasks):
        if t.locked is not None:
            fixed[i] = 0
            continue
        if t.holder is not None and t.hop:
            fixed[i] += t.hop
            fixed[i, t.holder] -= t.hop
        for who, cost in t.extra.items():
            fixed[i, who] += cost
    fixed[~ground.able.T] = -1
    return fixed


def _able(fixed: Whole) -> tuple[Whole, Small]:
    tasks, people = np.nonzero(fixed >= 0)
    first = np.searchsorted(tasks, np.arange(len(fixed) + 1))
    return first.astype(np.int64), people.astype(np.int32)


def _people(ground: Ground, fixed: Whole) -> Whole:
    people, tasks = ground.problem.people, ground.problem.tasks
    ends = _ends(people)
    rows = np.zeros((len(people), c.PERSON_COLUMNS), dtype=np.int64)
    kinds: dict[object, int] = {}
    for who, p in enumerate(people):
        row, mine = rows[who], ground.locked[who]
        last = p.windows[-1][1] if p.windows else 0
        row[c.MODE], row[c.START] = p.mode, len(tasks) + who
        row[c.END_NODE] = -1 if p.end is None else len(tasks) + len(people) + ends.index(p.end)
        row[c.WINDOWS], row[c.FIRST_START] = len(p.windows), p.windows[0][0] if p.windows else 0
        row[c.LAST_END], row[c.OVERTIME], row[c.OVERTIME_COST] = last, p.overtime, p.overtime_cost
        row[c.REST], row[c.BREAKS] = p.rest, len(p.breaks)
        own = sum(tasks[i].service for i in mine)
        row[c.MAX_TASKS], row[c.MAX_WORK], row[c.WORKED] = max(p.max_tasks, len(mine)), max(p.max_work, own), p.worked
        row[c.AREA] = -1 if p.area is None else p.area
        row[c.BEGUN], row[c.LIMIT], row[c.HOME] = ground.pinned[who], ground.limits[who], ground.home[who]
        speeds = ground.problem.speeds[p.mode] if ground.problem.speeds else None
        row[c.SIMPLE] = len(p.windows) == 1 and not p.breaks and speeds is None
        alike = (p.node, p.mode, p.windows, p.end, p.overtime, p.overtime_cost, p.rest, p.breaks, p.capacity)
        key = (*alike, p.max_tasks, p.max_work, p.worked, p.area, fixed[:, who].tobytes(), _skills(p), mine)
        row[c.KIND] = kinds.setdefault(key, len(kinds))
    return rows


def _skills(person: Person) -> tuple[tuple[int, int, int], ...]:
    return tuple(sorted((skill, held.level, held.until) for skill, held in person.skills.items()))


def _padded(rows: Sequence[Sequence[Sequence[int]]], width: int) -> Whole:
    """Lists of unequal length as one block."""
    block = np.zeros((len(rows), max([1, *map(len, rows)]), width), dtype=np.int64)
    for n, row in enumerate(rows):
        if row:
            block[n, : len(row)] = row
    return block


def _capacity(ground: Ground) -> Whole:
    """(P, goods); who has none stated carries anything, locked work may go beyond."""
    goods = ground.goods.shape[1]
    block = np.full((ground.people, goods), c.OPEN, dtype=np.int64)
    for who, p in enumerate(ground.problem.people):
        if p.capacity and goods:
            block[who] = np.maximum(p.capacity, ground.goods[list(ground.locked[who])].sum(axis=0))
    return block


def _most_changes(ground: Ground) -> int:
    most = ground.problem.most_changes
    return c.OPEN if most is None else max(most, changes(ground, kept(ground)))


def _paces(ground: Ground) -> Whole:
    problem = ground.problem
    slots = max([1, *(len(s.permille) for s in problem.speeds if s is not None)])
    rows = np.zeros((len(problem.travel), 2 + slots), dtype=np.int64)
    for mode, s in enumerate(problem.speeds):
        if s is not None:
            rows[mode] = [s.start, s.slot, *s.permille, *[s.permille[-1]] * (slots - len(s.permille))]
    return rows


def _near(ways: Small, tasks: int) -> Small:
    """By the mean of the ways there and back in the mode that is quickest."""
    most = min(NEIGHBOURS, tasks)
    near = np.empty((tasks, most), dtype=np.int32)
    for i in range(tasks):
        both = (ways[:, i, :tasks].astype(np.int64) + ways[:, :tasks, i]).min(axis=0)
        both[i] = -1
        near[i] = np.argsort(both, kind="stable")[:most]
    return near
