"""Crews and precedence in the model."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

from dispatch.solver.routing.clock import horizon
from dispatch.solver.routing.model import Model


def add_ties(model: Model) -> None:
    """Needs the clock. Begun work heeds no ties; a crew with some of it begins not before it."""
    if not model.ground.tied:
        return
    clock = model.routing.GetDimensionOrDie("clock")
    for crew in model.ground.problem.crews:
        _crew(model, clock, crew.tasks)
    for i, task in enumerate(model.ground.problem.tasks):
        for before in () if task.pinned else task.after:
            _after(model, clock, i, before)


def _crew(model: Model, clock: Any, tasks: tuple[int, ...]) -> None:
    solver, routing = model.routing.solver(), model.routing
    pinned = [i for i in tasks if model.ground.problem.tasks[i].pinned]
    free = [i for i in tasks if model.ground.problem.tasks[i].locked is None]
    waiting = [i for i in tasks if i not in pinned]
    for a, b in pairwise(free):
        solver.Add(routing.ActiveVar(model.at(a)) == routing.ActiveVar(model.at(b)))
    for a, b in combinations(waiting, 2):
        solver.Add(clock.CumulVar(model.at(a)) == clock.CumulVar(model.at(b)))
    for i in waiting:
        for begun in pinned:
            solver.Add(clock.CumulVar(model.at(i)) >= clock.CumulVar(model.at(begun)))
    for a, b in combinations(tasks, 2):
        apart = solver.IsDifferentVar(routing.VehicleVar(model.at(a)), routing.VehicleVar(model.at(b)))
        solver.Add(apart >= routing.ActiveVar(model.at(a)))


def _after(model: Model, clock: Any, i: int, before: int) -> None:
    solver, routing, tasks = model.routing.solver(), model.routing, model.ground.problem.tasks
    here, there = routing.ActiveVar(model.at(i)), routing.ActiveVar(model.at(before))
    if tasks[i].locked is None:
        solver.Add(here <= there)
    never = horizon(model) + tasks[before].service
    begin, end = clock.CumulVar(model.at(i)), clock.CumulVar(model.at(before)) + tasks[before].service
    solver.Add(begin + never * (2 - here - there) >= end)
