"""What a file may get wrong between its parts: said here with its place, before the Problem would refuse it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from dispatch.solver.problem import Crew, Person, Task
from dispatch.solver.problemfile.at import At


def check(
    keys: Mapping[str, At], people: Sequence[Person], tasks: Sequence[Task], crews: tuple[Crew, ...]
) -> dict[str, Any]:
    """The crews as the Problem takes them. Raises BadProblem for crews, precedence and goods that cannot hold."""
    _crews(keys, tasks, crews)
    _circle(keys, tasks, crews)
    _goods(keys, people, tasks)
    return {"crews": crews}


def _crews(keys: Mapping[str, At], tasks: Sequence[Task], crews: Sequence[Crew]) -> None:
    seen: set[int] = set()
    for k, crew in enumerate(crews):
        at = At(list(crew.tasks), f"{keys['crews'].path}[{k}].incidents")
        for i in crew.tasks:
            if i in seen:
                at.fail("twice", index=i)
            seen.add(i)
        locked = [who for i in crew.tasks if (who := tasks[i].locked) is not None]
        if len(set(locked)) < len(locked):
            at.fail("crew_of_one", responder=next(who for who in locked if locked.count(who) > 1))


def _circle(keys: Mapping[str, At], tasks: Sequence[Task], crews: Sequence[Crew]) -> None:
    group = {i: c.tasks for c in crews for i in c.tasks}
    waits = {group.get(i, (i,)): set[tuple[int, ...]]() for i in range(len(tasks))}
    for i, task in enumerate(tasks):
        waits[group.get(i, (i,))] |= {group.get(j, (j,)) for j in task.after}
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        first = min(error.args[1][0])
        At(list(tasks[first].after), f"{keys['incidents'].path}[{first}].after").fail("circle")


def _goods(keys: Mapping[str, At], people: Sequence[Person], tasks: Sequence[Task]) -> None:
    there = [(f"{keys['responders'].path}[{k}].capacity", p.capacity) for k, p in enumerate(people) if p.capacity]
    there += [(f"{keys['incidents'].path}[{k}].demand", t.demand) for k, t in enumerate(tasks) if t.demand]
    for path, found in there:
        if len(found) != len(there[0][1]):
            At(list(found), path).fail("wrong_length", expected=len(there[0][1]), found=len(found))
