"""A standing plan through the events of a day: what is new is placed at once, everything else is repaired and improved.

Times stay seconds from the moment at which the plan was begun.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from dispatch.solver.budget import Budget
from dispatch.solver.compiled import columns as c
from dispatch.solver.compiled import entries
from dispatch.solver.compiled.given import given, newcomer
from dispatch.solver.compiled.listed import END
from dispatch.solver.compiled.rows import routes as best_routes
from dispatch.solver.compiled.search import CHOICES, Search, Tuning
from dispatch.solver.ground import Ground
from dispatch.solver.kept import kept, sound
from dispatch.solver.problem import NO_WAY, Person, Problem, Routes, Seconds, Task

SPARE = 256  #: tasks that can come before everything is laid out anew
WARM = Tuning(hot=0.4, cold=0.03)  #: a good plan is not melted down
NOBODY = -1  #: a skill that nobody has
AWAY = Task(node=0, service=0, weight=0, target=0, unserved=0)  #: the row of a task to come


class Live:
    """One plan. Every event takes effect at once; `improve` looks for something better.

    changed: promises broken since the beginning, tasks that went from one person to another, or out, without their own
    event. A person is where the plan says they start until `move` or `finish` says otherwise.
    """

    def __init__(self, problem: Problem, routes: Routes, *, seed: int = 0) -> None:
        self.problem, self.seed, self.changed = problem, seed, 0
        self.routes: Routes = routes
        self._nodes: int = len(problem.travel[0])
        self._travel: tuple[Seconds, ...] = problem.travel
        self._spare: int = 0
        self._loose: bool = False  #: nothing tied, locked or bounded: what is laid out can be written over
        self._lay(routes)

    @property
    def cost(self) -> int:
        """As the search counts it: with crews or precedence the scorer may find less."""
        return self._search.cost

    def insert(self, task: Task, there: Seconds, back: Seconds) -> int | None:
        """A new task, at a place of its own: to whom it goes, None for nobody. Its number is the next one.

        there: (modes, nodes) seconds from every node to it; back: from it to every node. `task.node` is ignored.
        """
        node = self._nodes
        if self._spare == 0 or node >= len(self._travel[0]) or not self._plain(task):
            self._grow()
        for mode, matrix in enumerate(self._travel):
            matrix[:node, node], matrix[node, :node] = there[mode], back[mode]
            matrix[node, node] = 0
        self._nodes, i = node + 1, len(self.problem.tasks)
        task = replace(task, node=node)
        plain = self._plain(task)
        self._hold(replace_tasks(self.problem, (*self.problem.tasks, task)))
        if not plain:
            self._repair(self.routes)
            return self._whose(i)
        return self._placed(i, task)

    def cancel(self, task: int) -> None:
        """A task that is not wanted any more; its number stays."""
        self._edit_task(task, _gone)

    def finish(self, task: int, at: int) -> None:
        """A task that is done: whoever had it is there, and free from `at` on."""
        who, node = self._whose(task), self.problem.tasks[task].node
        if who is not None:
            self._edit_person(who, lambda p: replace(_from(p, at), node=node))
            self._start(who)
        self._edit_task(task, _gone)

    def delay(self, who: int, until: int) -> None:
        """A person who cannot leave before `until`."""
        self._edit_person(who, lambda p: _from(p, until))
        self._start(who)
        self._mend(self.routes, who)

    def drop(self, who: int) -> None:
        """A person who falls out: their work goes to others, also what was locked to them."""
        self._edit_person(who, lambda p: replace(p, windows=(), breaks=()))
        tasks = [replace(t, locked=None, pinned=False) if t.locked == who else t for t in self.problem.tasks]
        self._hold(replace_tasks(self.problem, tuple(tasks)))
        left = tuple(() if k == who else route for k, route in enumerate(self.routes))
        self._start(who)
        self._mend(left)

    def move(self, who: int, row: Seconds) -> None:
        """A person who is somewhere else. row: (modes, nodes) seconds from there to every node."""
        node = self._nodes
        if node >= len(self._travel[0]):
            self._grow()
        for mode, matrix in enumerate(self._travel):
            matrix[: node + 1, node], matrix[node, :node] = NO_WAY, row[mode]
            matrix[node, node] = 0
        self._nodes = node + 1
        self._edit_person(who, lambda p: replace(p, node=node))
        self._start(who)
        self._mend(self.routes, who)

    def roads(self, travel: tuple[Seconds, ...]) -> None:
        """Other times of travel between the nodes that there are."""
        for matrix, new in zip(self._travel, travel, strict=True):
            matrix[: self._nodes, : self._nodes] = new
        if self._loose:
            x, nodes = self._search.x, np.ix_(self._rows_nodes, self._rows_nodes)
            for mode, matrix in enumerate(self._travel):
                x.ways[mode, :, :, 0] = np.minimum(matrix[nodes], NO_WAY)
                x.ways[mode, :, :, 1] = x.ways[mode, :, :, 0].T
        self._mend(self.routes)

    def improve(self, seconds: float, *, cpu: bool = False) -> Routes:
        """Look for something better for so long."""
        budget = Budget(seconds=seconds, cpu=cpu)
        self.problem = self._plainly()
        search = Search(Ground(self.problem), self.seed)
        if search.start(self.routes):
            search.run(budget, seconds, None, WARM)
            self._take(search.routes)
        if self._ground.tied:
            self._lay(self.routes)
        else:
            self._search.start(self.routes)
        return self.routes

    def _placed(self, i: int, task: Task) -> int | None:
        """The quick way: the row is there, one call finds the place."""
        x, y = self._search.x, self._search.y
        self._rows_nodes[i] = task.node
        self._ways(i)
        newcomer(x, i, task, self._ground)
        y.task[i, [c.LOW, c.HIGH]] = x.task[i, [c.LO, c.HI]]
        y.price[i, :, 1] = -1
        y.fact[c.TOTAL] += task.unserved
        self._spare -= 1
        who = int(entries.insert(x, y, i))
        if who >= 0:
            row = tuple(int(k) for k in y.best[who] if k >= 0)
            self.routes = (*self.routes[:who], row, *self.routes[who + 1 :])
        return who if who >= 0 else None

    def _plain(self, task: Task) -> bool:
        """Whether the quick way may be taken."""
        known = tuple(sorted(task.needs.items())) in self._ground.kinds
        free = task.locked is None and task.holder is None and not task.after
        return known and free and len(task.windows) < 2 and len(task.demand) <= self._ground.goods.shape[1]

    def _whose(self, task: int) -> int | None:
        return next((who for who, route in enumerate(self.routes) if task in route), None)

    def _edit_task(self, task: int, edit: Callable[[Task], Task]) -> None:
        tasks = tuple(edit(t) if i == task else t for i, t in enumerate(self.problem.tasks))
        self._hold(replace_tasks(self.problem, tasks))
        if self._loose:
            x = self._search.x
            x.fixed[task], x.task[task, c.UNSERVED], x.task[task, c.HOLDER] = -1, 0, -1
            x.lists[x.task[task, c.ABLE]] = END
        self._mend(tuple(tuple(i for i in route if i != task) for route in self.routes))

    def _edit_person(self, who: int, edit: Callable[[Person], Person]) -> None:
        people = tuple(edit(p) if k == who else p for k, p in enumerate(self.problem.people))
        self._hold(_replaced(self.problem, people=people))

    def _hold(self, problem: Problem) -> None:
        self.problem = problem

    def _grow(self) -> None:
        self._lay(self.routes)

    def _ways(self, row: int) -> None:
        """Write the ways to and from one row of what is laid out."""
        x, node, nodes = self._search.x, self._rows_nodes[row], self._rows_nodes
        for mode, matrix in enumerate(self._travel):
            x.ways[mode, :, row, 0] = x.ways[mode, row, :, 1] = np.minimum(matrix[nodes, node], NO_WAY)
            x.ways[mode, row, :, 0] = x.ways[mode, :, row, 1] = np.minimum(matrix[node, nodes], NO_WAY)

    def _start(self, who: int) -> None:
        """Write where and when a person starts; nobody who is not on duty any more gets anything."""
        if not self._loose:
            return
        x, p, row = self._search.x, self.problem.people[who], self._search.x.person[who]
        self._rows_nodes[row[c.START]] = p.node
        self._ways(int(row[c.START]))
        row[c.WINDOWS], row[c.FIRST_START] = len(p.windows), p.windows[0][0] if p.windows else 0
        for k, window in enumerate(p.windows):
            x.lists[row[c.SHIFT] + 2 * k : row[c.SHIFT] + 2 * k + 2] = window
        row[c.SIMPLE] = len(p.windows) == 1 and not p.breaks and row[c.PACE] < 0
        if not p.windows:
            x.fixed[:, who], row[c.AREA] = -1, -1

    def _mend(self, routes: Routes, who: int | None = None) -> None:
        """Keep what still holds and insert the rest: into what is laid out, else laid out anew.

        who: on whose row alone something may not hold any more; None: on any.
        """
        if not self._loose or not (self._search.start(routes) or self._search.start(self._kept(routes, who))):
            self._repair(routes)
            return
        self._search.fill(CHOICES[0])
        self._take(best_routes(self._search.y))
        self._hold(self._plainly())

    def _kept(self, routes: Routes, who: int | None = None) -> Routes:
        ground = Ground(_replaced(self._plainly(), standing=routes))
        if who is None:
            return kept(ground)
        return (*routes[:who], sound(ground, who, routes[who]), *routes[who + 1 :])

    def _repair(self, routes: Routes) -> None:
        """Lay everything out anew, keep what still holds, and insert the rest."""
        before = self.routes
        self._lay(routes)
        self._search.fill(CHOICES[0])
        self.routes = before
        self._take(best_routes(self._search.y))

    def _lay(self, routes: Routes) -> None:
        nodes = self._nodes
        self._travel = tuple(_roomier(m[:nodes, :nodes]) for m in self._travel)
        plain, held = self._plainly(), self._kept(routes)
        self.problem = plain
        self._ground = Ground(replace(plain, tasks=(*plain.tasks, *(AWAY,) * SPARE)))
        bounded = plain.most_changes is not None or any(t.locked is not None for t in plain.tasks)
        self._loose = not self._ground.tied and not bounded
        self._rows_nodes = np.array(
            [t.node for t in self._ground.problem.tasks]
            + [p.node for p in plain.people]
            + sorted({p.end for p in plain.people if p.end is not None}),
            dtype=np.int64,
        )
        x = given(self._ground)
        for i in range(len(plain.tasks), len(plain.tasks) + SPARE):
            x.task[i, c.ABLES], x.lists[x.task[i, c.ABLE]] = 0, -1
        self._search, self._spare = Search(self._ground, self.seed, x), SPARE
        self._search.start(held)
        self.routes = held

    def _plainly(self) -> Problem:
        """The problem as it is now, with the ways to what is new."""
        return _replaced(self.problem, travel=tuple(m[: self._nodes, : self._nodes].copy() for m in self._travel))

    def _take(self, routes: Routes) -> None:
        now = {i: who for who, route in enumerate(routes) for i in route}
        was = {i: who for who, route in enumerate(self.routes) for i in route}
        gone = {i for i, t in enumerate(self.problem.tasks) if NOBODY in t.needs}
        self.changed += sum(now.get(i) != who for i, who in was.items() if i not in gone)
        self.routes = routes


def replace_tasks(problem: Problem, tasks: tuple[Task, ...]) -> Problem:
    """The same problem with other tasks."""
    return _replaced(problem, tasks=tasks)


def _replaced(problem: Problem, **changes: object) -> Problem:
    """`dataclasses.replace` without looking at everything again: an event concerns one thing, and the plan waits."""
    new = object.__new__(Problem)
    for name in Problem.__dataclass_fields__:
        object.__setattr__(new, name, changes.get(name, getattr(problem, name)))
    return new


def _roomier(matrix: Seconds) -> Seconds:
    wide = np.zeros((len(matrix) + 2 * SPARE, len(matrix) + 2 * SPARE), dtype=np.int64)
    wide[: len(matrix), : len(matrix)] = matrix
    return wide


def _gone(task: Task) -> Task:
    return replace(task, unserved=0, needs={NOBODY: 1}, locked=None, pinned=False, holder=None)


def _from(person: Person, moment: int) -> Person:
    windows = tuple((max(start, moment), end) for start, end in person.windows if end > moment)
    return replace(person, windows=windows)
