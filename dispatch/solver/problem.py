"""What is given and what comes back. Times are whole seconds from the moment of planning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

type Seconds = npt.NDArray[np.int64]  #: (nodes, nodes) seconds from row to column
type Routes = tuple[tuple[int, ...], ...]  #: for every person the tasks in order
type Finder = Literal["nearest", "insertion", "ortools"]

NO_WAY = 10**8  #: seconds; no road leads there in this mode


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be sent. Every way and its work lie inside one of `windows` ([start, end), ascending, apart)."""

    node: int  #: row of the travel matrix where the next way starts
    mode: int  #: index into Problem.travel
    windows: tuple[tuple[int, int], ...]
    skills: frozenset[int] = frozenset()
    cost_per_task: int = 0  #: weighted seconds; makes one kind of person the second choice
    max_tasks: int = 10**6


@dataclass(frozen=True, kw_only=True)
class Task:
    """One piece of work. `locked` work stays with its person whatever the rules; `pinned` work also comes first."""

    node: int
    service: int
    weight: int  #: cost of one second of lateness
    target: int  #: arrival after this is late; negative: late already
    unserved: int  #: cost of leaving it out, weighted seconds
    skill: int | None = None
    earliest: int = 0  #: the work does not begin before
    barred: Mapping[int, str] = field(default_factory=dict)  #: person -> the code of the rule that keeps them out
    locked: int | None = None  #: person
    pinned: bool = False  #: begun: first on the route; several keep the order in which they stand
    holder: int | None = None  #: person to whom it is offered already
    hop: int = 0  #: cost of giving it to anybody but the holder


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One snapshot. Raises ValueError where the parts do not fit together."""

    people: tuple[Person, ...]
    tasks: tuple[Task, ...]
    travel: tuple[Seconds, ...]  #: one matrix a mode, NO_WAY where no road leads
    standing: Routes = ()  #: the rows that people look at now, one for each person; empty: there are none
    patience: int = 0  #: cost that a row keeps its standing order for

    def __post_init__(self) -> None:
        nodes = len(self.travel[0]) if self.travel else 0
        if any(m.shape != (nodes, nodes) or m.dtype != np.int64 for m in self.travel):
            raise ValueError("travel matrices are square int64 of one size")
        if any(not 0 <= node < nodes for node in [p.node for p in self.people] + [t.node for t in self.tasks]):
            raise ValueError("a node outside the travel matrices")
        if any(not 0 <= p.mode < len(self.travel) for p in self.people):
            raise ValueError("a mode without a travel matrix")
        if self.standing and len(self.standing) != len(self.people):
            raise ValueError("standing rows for other people than these")
        if any(t.locked is None and t.pinned for t in self.tasks):
            raise ValueError("pinned work is locked to somebody")
        if any(not 0 <= who < len(self.people) for t in self.tasks for who in (t.locked, t.holder) if who is not None):
            raise ValueError("work locked to or held by nobody here")


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
