"""A problem as flat arrays. Nodes: the tasks, then the starts of the people, then the places where routes end.

Few arrays with many columns, and one list of lists: every array that a compiled function takes costs time, both when it
is compiled and when it is called.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.solver.compiled import columns as c
from dispatch.solver.compiled.listed import END, Lists
from dispatch.solver.ground import FORCED_WAY, Ground
from dispatch.solver.kept import kept
from dispatch.solver.layout import good_until
from dispatch.solver.problem import NO_WAY, Person, Task
from dispatch.solver.scoring import changes

type Whole = npt.NDArray[np.int64]
type Small = npt.NDArray[np.int32]

NEIGHBOURS = 120  #: of each task


class Given(NamedTuple):
    """What the search reads and never writes. T tasks, P people, M modes, N nodes."""

    ways: Small  #: (M, N, N, 2) seconds from row to column, and from column to row: the ways of one node lie together
    task: Whole  #: (T, TASK_COLUMNS + goods)
    person: Whole  #: (P, PERSON_COLUMNS + goods + kinds of need)
    fixed: Whole  #: (T, P) cost of giving the task to the person whenever it is; -1 where they may not have it
    near: Small  #: (T, K) the nearest tasks, nearest first
    lists: Whole  #: lists, end to end; most of them end with -1
    whole: Whole  #: what concerns all


def given(ground: Ground) -> Given:
    """Lay a problem out for the search."""
    ways, fixed, lists = _ways(ground), _fixed(ground), Lists()
    return Given(
        ways=ways,
        task=_tasks(ground, fixed, lists),
        person=_people(ground, fixed, lists),
        fixed=fixed,
        near=_near(ways[..., 0], ground.tasks),
        whole=_whole(ground, lists),
        lists=lists.array(),
    )


def _ways(ground: Ground) -> Small:
    people, tasks = ground.problem.people, ground.problem.tasks
    nodes = [t.node for t in tasks] + [p.node for p in people] + _ends(ground)
    rows = np.array(nodes, dtype=np.int64)
    locked = np.array([i for i, t in enumerate(tasks) if t.locked is not None], dtype=np.int64)
    ways = np.empty((len(ground.problem.travel), len(rows), len(rows), 2), dtype=np.int32)
    for mode, matrix in enumerate(ground.problem.travel):
        own = ways[mode, :, :, 0]
        own[:] = np.minimum(matrix[np.ix_(rows, rows)], NO_WAY)
        own[:, locked] = np.where(own[:, locked] >= NO_WAY, FORCED_WAY, own[:, locked])
        home = own[locked, len(tasks) + len(people) :]
        own[locked, len(tasks) + len(people) :] = np.where(home >= NO_WAY, FORCED_WAY, home)
        ways[mode, :, :, 1] = own.T
    return ways


def _ends(ground: Ground) -> list[int]:
    return sorted({p.end for p in ground.problem.people if p.end is not None})


def _fixed(ground: Ground) -> Whole:
    fixed = np.zeros((ground.tasks, ground.people), dtype=np.int64)
    fixed[:] = [p.cost_per_task for p in ground.problem.people]
    for i, t in enumerate(ground.problem.tasks):
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


def _tasks(ground: Ground, fixed: Whole, lists: Lists) -> Whole:
    tasks, goods = ground.problem.tasks, ground.goods.shape[1]
    rows = np.zeros((len(tasks), c.TASK_COLUMNS + goods), dtype=np.int64)
    rows[:, c.TASK_COLUMNS :] = ground.goods
    mates = [lists.add(crew.tasks) for crew in ground.problem.crews]
    between = _between(ground, lists)
    waits: list[list[int]] = [[] for _ in tasks]
    for i, t in enumerate(tasks):
        for j in t.after:
            waits[j].append(i)
    for i, (row, task) in enumerate(zip(rows, tasks, strict=True)):
        crew = ground.crew.get(i, -1)
        _task(row, task)
        row[c.NEED] = c.PERSON_COLUMNS + goods + ground.kind[i]
        able = task.holder is not None and task.locked is None and bool(ground.able[task.holder, i])
        row[c.HOLDER] = task.holder if able and task.holder is not None else -1
        people = np.flatnonzero(fixed[i] >= 0)
        row[c.ABLES], row[c.ABLE], row[c.SLOT] = len(people), lists.add(people), lists.flat(task.windows)
        row[c.AFTER], row[c.WAITS], row[c.CREW] = lists.add(task.after), lists.add(waits[i]), crew
        row[c.MATES], row[c.BETWEEN] = (mates[crew], between[crew]) if crew >= 0 else (-1, -1)
        free = (j for j in ground.problem.crews[crew].tasks if tasks[j].locked is None) if crew >= 0 else iter(())
        row[c.LEAD], row[c.TIE] = next(free, i), crew >= 0 or bool(task.after) or bool(waits[i])
    return rows


def newcomer(x: Given, i: int, task: Task, ground: Ground) -> None:
    """Write a task that is tied to nothing, with at most one appointment, over the row of one that is not there.

    Its needs are of a kind that others have; ways are the caller's. The list of who may have it has room for everybody.
    """
    row, until = x.task[i], ground.until[:, ground.kinds.index(tuple(sorted(task.needs.items())))]
    _task(row, task)
    row[c.NEED] = c.PERSON_COLUMNS + ground.goods.shape[1] + ground.kinds.index(tuple(sorted(task.needs.items())))
    row[c.TASK_COLUMNS : c.TASK_COLUMNS + len(task.demand)] = task.demand
    x.fixed[i] = [p.cost_per_task + task.extra.get(who, 0) for who, p in enumerate(ground.problem.people)]
    on_duty = x.person[:, c.WINDOWS] > 0
    on_duty[list(task.barred)] = False
    x.fixed[i, (until < 0) | ~on_duty] = -1
    people = np.flatnonzero(x.fixed[i] >= 0)
    row[c.HOLDER], row[c.ABLES] = -1, len(people)
    x.lists[row[c.ABLE] : row[c.ABLE] + len(people) + 1] = [*people, END]


def _task(row: Whole, task: Task) -> None:
    row[c.SERVICE], row[c.WEIGHT], row[c.TARGET] = task.service, task.weight, task.target
    row[c.DONE_WEIGHT], row[c.DONE_TARGET] = task.done_weight, task.done_target
    row[c.UNSERVED] = task.unserved if task.locked is None else c.HUGE
    row[c.LO], row[c.HI] = task.earliest, c.OPEN
    if task.windows and task.locked is None:  # one appointment of free work is a bound; others are looked up
        row[c.LO], row[c.HI] = max(task.earliest, task.windows[0][0]), task.windows[-1][1]
    row[c.LOCKED], row[c.PINNED] = -1 if task.locked is None else task.locked, task.pinned
    row[c.ODD] = (task.locked is not None and not task.pinned) or len(task.windows) > 1
    row[c.SLOTS] = len(task.windows)


def _people(ground: Ground, fixed: Whole, lists: Lists) -> Whole:
    people, kinds, goods = ground.problem.people, len(ground.kinds), ground.goods.shape[1]
    rows = np.zeros((len(people), c.PERSON_COLUMNS + goods + kinds), dtype=np.int64)
    rows[:, c.PERSON_COLUMNS + goods :] = ground.until
    alike: dict[object, int] = {}
    for who, (row, p) in enumerate(zip(rows, people, strict=True)):
        _person(row, p, ground, who)
        locked = list(ground.locked[who])
        own = ground.goods[locked].sum(axis=0)
        bound = np.maximum(p.capacity, own) if p.capacity and goods else c.OPEN
        row[c.PERSON_COLUMNS : c.PERSON_COLUMNS + goods] = bound
        row[c.SHIFT] = lists.flat(p.windows)
        row[c.PAUSE] = lists.flat([(b.earliest, b.latest, b.seconds) for b in p.breaks])
        speeds = ground.problem.speeds[p.mode] if ground.problem.speeds else None
        row[c.PACE] = -1
        if speeds is not None:
            row[c.PACE] = lists.add([speeds.start, speeds.slot, len(speeds.permille) - 1, *speeds.permille])
        row[c.SIMPLE] = len(p.windows) == 1 and not p.breaks and speeds is None
        own_rows = (row[: c.KIND].tobytes(), row[c.LIMIT : c.SHIFT].tobytes(), row[c.PERSON_COLUMNS :].tobytes())
        same = (*own_rows, p.node, p.windows, p.breaks, fixed[:, who].tobytes(), tuple(locked))
        row[c.KIND] = alike.setdefault(same, len(alike))
    return rows


def _person(row: Whole, p: Person, ground: Ground, who: int) -> None:
    mine, tasks = ground.locked[who], ground.problem.tasks
    last = p.windows[-1][1] if p.windows else 0
    row[c.MODE], row[c.START] = p.mode, len(tasks) + who
    row[c.END_NODE] = -1 if p.end is None else len(tasks) + ground.people + _ends(ground).index(p.end)
    row[c.WINDOWS], row[c.FIRST_START] = len(p.windows), p.windows[0][0] if p.windows else 0
    row[c.LAST_END], row[c.OVERTIME], row[c.OVERTIME_COST] = last, p.overtime, p.overtime_cost if p.windows else 0
    row[c.REST], row[c.BREAKS], row[c.WORKED] = p.rest, len(p.breaks), p.worked
    row[c.MAX_TASKS] = max(p.max_tasks, len(mine))
    row[c.MAX_WORK] = max(p.max_work, sum(tasks[i].service for i in mine))
    row[c.AREA] = -1 if p.area is None or not p.windows else p.area
    row[c.BEGUN], row[c.LIMIT], row[c.HOME] = ground.pinned[who], ground.limits[who], ground.home[who]


def _between(ground: Ground, lists: Lists) -> list[int]:
    """For every crew the rows of `cover` that it asks for."""
    starts, row = [], 0
    for crew in ground.problem.crews:
        starts.append(lists.add(range(row, row + len(crew.between))))
        row += len(crew.between)
    return starts


def _whole(ground: Ground, lists: Lists) -> Whole:
    problem, whole = ground.problem, np.zeros(c.DUTY + 1, dtype=np.int64)
    most = problem.most_changes
    whole[c.FAIRNESS], whole[c.TIED], whole[c.GOODS] = problem.fairness, ground.tied, ground.goods.shape[1]
    whole[c.MOST_CHANGES] = c.OPEN if most is None else max(most, changes(ground, kept(ground)))
    whole[c.AREA_COUNT], whole[c.AREAS] = len(problem.standby), lists.flat([(a.least, a.cost) for a in problem.standby])
    asked = [need for crew in problem.crews for need in crew.between.items()]
    whole[c.COVER] = lists.flat([[good_until(p, [need]) for p in problem.people] for need in asked])
    whole[c.COVERS] = len(asked)
    whole[c.DUTY] = c.FACTS + len(problem.standby)
    return whole


def _near(ways: Small, tasks: int) -> Small:
    """By the mean of the ways there and back in the mode that is quickest."""
    most = min(NEIGHBOURS, tasks)
    near = np.empty((tasks, most), dtype=np.int32)
    for i in range(tasks):
        both = (ways[:, i, :tasks].astype(np.int64) + ways[:, :tasks, i]).min(axis=0)
        both[i] = -1
        near[i] = np.argsort(both, kind="stable")[:most]
    return near
