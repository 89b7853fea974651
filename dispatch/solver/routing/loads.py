"""Who may have what, how much of it, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.solver.kept import kept
from dispatch.solver.routing.model import Model
from dispatch.solver.scoring import changes


def add_who(model: Model, i: int) -> None:
    """Who may have the task, and what leaving it out costs. Begun work: the first successors are fixed."""
    ground, task, at = model.ground, model.ground.problem.tasks[i], model.at(i)
    if task.locked is None:
        able = [who for who in range(ground.people) if ground.able[who, i]]
        model.routing.AddDisjunction([at], task.unserved)
        model.routing.VehicleVar(at).SetValues([-1, *able])
        return
    model.routing.VehicleVar(at).SetValues([task.locked])
    begun = ground.locked[task.locked][: ground.pinned[task.locked]]
    if i in begun:
        place = begun.index(i)
        before = model.at(begun[place - 1]) if place else model.routing.Start(task.locked)
        model.routing.NextVar(before).SetValue(at)


def add_loads(model: Model) -> None:
    """Tasks, work and goods, at most; a dimension only where it can bind. What is locked may be more by itself."""
    people, tasks = model.ground.problem.people, model.ground.problem.tasks
    _load(model, [1] * len(tasks), [p.max_tasks for p in people], "tasks")
    _load(model, [t.service for t in tasks], [p.max_work for p in people], "work")
    for good in range(model.ground.goods.shape[1]):
        each = [int(n) for n in model.ground.goods[:, good]]
        most = [p.capacity[good] if p.capacity else sum(each) for p in people]
        _load(model, each, most, f"good {good}")


def _load(model: Model, each: Sequence[int], most: Sequence[int], name: str) -> None:
    whole = sum(each)
    if min(most) >= whole:
        return
    locked = [sum(each[i] for i in mine) for mine in model.ground.locked]
    bounds = [min(max(m, own), whole) for m, own in zip(most, locked, strict=True)]
    evaluator = model.routing.RegisterUnaryTransitVector(model.by_node(list(each)))
    model.routing.AddDimensionWithVehicleCapacity(evaluator, 0, bounds, True, name)


def add_promises(model: Model) -> None:
    """No more of them broken than may be."""
    ground, solver, most = model.ground, model.routing.solver(), model.ground.problem.most_changes
    if most is None:
        return
    promised = [(i, who) for i in ground.free if (who := ground.problem.tasks[i].holder) is not None]
    broken = [
        solver.IsDifferentCstVar(model.routing.VehicleVar(model.at(i)), who)
        for i, who in promised
        if ground.able[who, i]
    ]
    if broken:
        solver.Add(solver.Sum(broken) <= max(most, changes(ground, kept(ground))))
