"""What is given and what comes back. Times are whole seconds from the moment of planning, costs weighted seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np
import numpy.typing as npt

type Seconds = npt.NDArray[np.int64]  #: (nodes, nodes) seconds from row to column
type Routes = tuple[tuple[int, ...], ...]  #: for every person the tasks in order
type Finder = str  #: who found a plan: nearest, insertion, recreate, ortools, standing

NO_WAY = 10**8  #: seconds; no road leads there in this mode
FOREVER = 10**8  #: seconds; what does not expire


@dataclass(frozen=True, kw_only=True)
class Held:
    """A skill that somebody holds: how well, and until when the certificate is good (work has to end by then)."""

    level: int = 1
    until: int = FOREVER


@dataclass(frozen=True, kw_only=True)
class Break:
    """A pause that begins within [earliest, latest] between two tasks, where the person is by then."""

    earliest: int
    latest: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be sent. Every way and its work lie inside one of `windows` ([start, end), ascending, apart)."""

    node: int  #: row of the travel matrix where the next way starts
    mode: int  #: index into Problem.travel
    windows: tuple[tuple[int, int], ...]
    skills: Mapping[int, Held] = field(default_factory=dict)
    cost_per_task: int = 0  #: makes one kind of person the second choice
    max_tasks: int = 10**6
    end: int | None = None  #: node to return to inside the last window; None: the route ends with the last task
    overtime: int = 0  #: seconds beyond the last window that are allowed
    overtime_cost: int = 0  #: for every second of it
    rest: int = 0  #: seconds, at least, from the end of work in one window to the first way in the next
    breaks: tuple[Break, ...] = ()  #: ascending
    capacity: tuple[int, ...] = ()  #: of each good, for what the tasks take from it; empty: no limit
    max_work: int = FOREVER  #: seconds of service, at most
    worked: int = 0  #: seconds of service already done in the period over which load is to be fair
    area: int | None = None  #: index into Problem.standby: where the person counts as left while they have no task


@dataclass(frozen=True, kw_only=True)
class Task:
    """One piece of work. `locked` work stays with its person whatever the rules; `pinned` work also comes first."""

    node: int
    service: int
    weight: int  #: cost of one second of lateness at the beginning
    target: int  #: a beginning after this is late; negative: late already
    unserved: int  #: cost of leaving it out
    done_target: int = 0  #: an end after this is late too
    done_weight: int = 0  #: cost of one second of that
    needs: Mapping[int, int] = field(default_factory=dict)  #: skill -> least level; one person needs all of them
    earliest: int = 0  #: the work does not begin before
    windows: tuple[tuple[int, int], ...] = ()  #: appointments, ascending: it begins inside [first, last] of one
    demand: tuple[int, ...] = ()  #: taken from the person's capacity, good by good
    barred: Mapping[int, str] = field(default_factory=dict)  #: person -> the code of the rule that keeps them out
    extra: Mapping[int, int] = field(default_factory=dict)  #: person -> cost of giving it to them (not their home cell)
    after: tuple[int, ...] = ()  #: tasks that have to end before this begins; without them this is not served
    locked: int | None = None  #: person
    pinned: bool = False  #: begun: first on the route; several keep the order in which they stand
    holder: int | None = None  #: person to whom it is promised already
    hop: int = 0  #: cost of giving it to anybody but the holder


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Tasks of one incident that begin at the same moment with different people; all are served or none.

    `between`: skill -> level that at least one of the people has to hold, whoever it is.
    """

    tasks: tuple[int, ...]
    between: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Standby:
    """One area: every person short of `least` who are on duty there and have no task costs `cost`."""

    least: int
    cost: int


@dataclass(frozen=True, kw_only=True)
class Speeds:
    """How much longer ways take by the hour: from `start` on, every `slot` seconds, thousandths of the matrix.

    Before the first slot its value holds, after the last one its own. A way that crosses a boundary is driven at both
    speeds, each on its part, so that who leaves earlier never arrives later.
    """

    start: int
    slot: int
    permille: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One snapshot. Raises ValueError where the parts do not fit together."""

    people: tuple[Person, ...]
    tasks: tuple[Task, ...]
    travel: tuple[Seconds, ...]  #: one matrix a mode, NO_WAY where no road leads
    crews: tuple[Crew, ...] = ()
    standby: tuple[Standby, ...] = ()
    speeds: tuple[Speeds | None, ...] = ()  #: one a mode, or none at all
    fairness: int = 0  #: thousandths of a second, for every person and every second of work times hours of work
    standing: Routes = ()  #: the rows that people look at now, one for each person; empty: there are none
    patience: int = 0  #: cost that a row keeps its standing order for
    most_changes: int | None = None  #: promises (holder) that a plan may break, beyond those that cannot hold

    def __post_init__(self) -> None:
        nodes = len(self.travel[0]) if self.travel else 0
        if any(m.shape != (nodes, nodes) or m.dtype != np.int64 for m in self.travel):
            raise ValueError("travel matrices are square int64 of one size")
        ends = [p.end for p in self.people if p.end is not None]
        if any(not 0 <= node < nodes for node in [p.node for p in self.people] + [t.node for t in self.tasks] + ends):
            raise ValueError("a node outside the travel matrices")
        if any(not 0 <= p.mode < len(self.travel) for p in self.people):
            raise ValueError("a mode without a travel matrix")
        if self.standing and len(self.standing) != len(self.people):
            raise ValueError("standing rows for other people than these")
        if self.speeds and len(self.speeds) != len(self.travel):
            raise ValueError("speeds for other modes than these")
        if any(t.locked is None and t.pinned for t in self.tasks):
            raise ValueError("pinned work is locked to somebody")
        if any(not 0 <= who < len(self.people) for t in self.tasks for who in (t.locked, t.holder) if who is not None):
            raise ValueError("work locked to or held by nobody here")
        self._check_ties()

    def _check_ties(self) -> None:
        crew = [i for c in self.crews for i in c.tasks]
        if len(set(crew)) != len(crew) or any(not 0 <= i < len(self.tasks) for i in crew):
            raise ValueError("a task in two crews, or a crew with a task that is not there")
        if any(not 0 <= i < len(self.tasks) for t in self.tasks for i in t.after):
            raise ValueError("work after a task that is not there")
        if any(p.area is not None and not 0 <= p.area < len(self.standby) for p in self.people):
            raise ValueError("an area without a standby")
        goods = {len(p.capacity) for p in self.people} | {len(t.demand) for t in self.tasks}
        if len(goods - {0}) > 1:
            raise ValueError("capacities and demands of different goods")
        for c in self.crews:
            locked = [self.tasks[i].locked for i in c.tasks if self.tasks[i].locked is not None]
            if len(set(locked)) != len(locked):
                raise ValueError("two tasks of one crew locked to the same person")
        if any(s is not None and (s.slot < 1 or not s.permille or min(s.permille) < 1) for s in self.speeds):
            raise ValueError("speeds without slots, or at which nobody moves")
        if len(self.groups) > len(self.tasks):
            raise ValueError("more groups of tasks than tasks")

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The tasks, those of a crew together, none before what it waits for. Raises ValueError for a circle."""
        whole = {i: c.tasks for c in self.crews for i in c.tasks}
        group = [whole.get(i, (i,)) for i in range(len(self.tasks))]
        waits = {g: {group[j] for i in g for j in self.tasks[i].after} for g in dict.fromkeys(group)}
        try:
            return tuple(TopologicalSorter(waits).static_order())
        except CycleError as error:
            raise ValueError("work that waits for itself") from error


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One task on a route: leave, travel, wait if too early, begin, end. Seconds from now."""

    task: int
    leave: int
    travel: int
    begin: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Unassigned:
    """A task left out, and the code of the reason with its parameters."""

    task: int
    reason: str
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """For every person the stops in order, what is left over, the cost under `scoring` and who found it."""

    routes: tuple[tuple[Stop, ...], ...]
    unassigned: tuple[Unassigned, ...]
    cost: int
    found_by: Finder
    seconds: float
    trouble: tuple[str, ...] = ()  #: ways of solving that broke, by name and error; the plan stands without them

    def tasks(self) -> Routes:
        """The routes as tasks alone."""
        return tuple(tuple(s.task for s in route) for route in self.routes)
