"""Promises: what was offered to somebody, and is theirs until somebody decides otherwise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from dispatch.solver import Problem
from dispatch.solver.ground import Ground
from dispatch.solver.kept import kept

LATER = "later"  #: why nobody may have a task yet: the search that follows will see to it


def changed(problem: Problem, routes: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The tasks that are promised to one person and given to another, or to nobody."""
    served = {task: who for who, route in enumerate(routes) for task in route}
    return tuple(k for k, t in enumerate(problem.tasks) if t.holder is not None and served.get(k) != t.holder)


def keeping(problem: Problem) -> Problem:
    """The same problem, where every promise that can hold, holds. What cannot (gone, off duty, barred) is made good."""
    return replace(problem, most_changes=0)


def only(problem: Problem, new: Collection[int]) -> Problem:
    """The same problem where nothing is promised anew but `new`, and every promise holds."""
    everybody = dict.fromkeys(range(len(problem.people)), LATER)
    tasks = tuple(
        replace(t, barred=everybody) if t.locked is t.holder is None and k not in new else t
        for k, t in enumerate(problem.tasks)
    )
    return replace(problem, tasks=tasks, most_changes=0)


def breakable(problem: Problem, routes: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Of the promises that routes change, those that could hold: a person's word is asked for these alone."""
    standing = {task for row in kept(Ground(problem)) for task in row}
    return tuple(k for k in changed(problem, routes) if k in standing)


def fixed(problem: Problem) -> Problem:
    """The same problem with everything that stands, and holds, locked to whom it is promised: for who cannot search."""
    whose = {task: who for who, row in enumerate(kept(Ground(problem))) for task in row}
    tasks = tuple(
        replace(t, locked=whose[k], holder=None, hop=0) if k in whose and t.locked is None else t
        for k, t in enumerate(problem.tasks)
    )
    crews = tuple(c for c in problem.crews if not any(k in whose for k in c.tasks))
    return replace(problem, tasks=tasks, crews=crews, most_changes=None)


def rearranged(problem: Problem, rows: Sequence[Sequence[int]]) -> Problem:
    """The same problem as if these rows had been promised: its plan keeps them as far as that is legal."""
    whose = {task: who for who, row in enumerate(rows) for task in row}
    tasks = tuple(t if t.locked is not None else replace(t, holder=whose.get(k)) for k, t in enumerate(problem.tasks))
    return replace(problem, tasks=tasks, standing=tuple(map(tuple, rows)), most_changes=0)
