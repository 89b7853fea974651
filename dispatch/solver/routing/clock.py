"""Time in the model: shifts, lateness, appointments, certificates, breaks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from dispatch.solver.problem import FOREVER, Person
from dispatch.solver.routing.model import Model, Whole


def add_clock(model: Model) -> None:
    """The dimension "clock", and "done" beside it where the end of work may be late."""
    stay = np.array(model.by_node([t.service for t in model.ground.problem.tasks]), dtype=np.int64)
    transits = _transits(model, stay)
    clock = _dimension(model, transits, "clock")
    for who in range(model.ground.people):
        _shift(model, clock, who, stay)
    for i, task in enumerate(model.ground.problem.tasks):
        clock.SetCumulVarSoftUpperBound(model.at(i), max(0, task.target), task.weight)
        _when(model, clock, i)
    _done(model, clock, transits)


def horizon(model: Model) -> int:
    """A time by which everything is over."""
    return max([1, *model.ground.limits, *model.ground.home])


def _transits(model: Model, stay: Whole) -> list[int]:
    by_mode = [model.routing.RegisterTransitMatrix((ways + stay[:, None]).tolist()) for ways in model.ways]
    return [by_mode[p.mode] for p in model.ground.problem.people]


def _dimension(model: Model, transits: list[int], name: str) -> Any:
    problem, most = model.ground.problem, horizon(model)
    waits = model.ground.tied or any(t.earliest > 0 or t.windows for t in problem.tasks)
    slack = most if waits or any(len(p.windows) > 1 or p.breaks for p in problem.people) else 0
    model.routing.AddDimensionWithVehicleTransits(transits, slack, most, False, name)
    return model.routing.GetDimensionOrDie(name)


def _shift(model: Model, clock: Any, who: int, stay: Whole) -> None:
    ground, person = model.ground, model.ground.problem.people[who]
    begins = 0 if ground.pinned[who] or not person.windows else min(person.windows[0][0], horizon(model))
    clock.CumulVar(model.routing.Start(who)).SetValue(begins)
    end = model.routing.End(who)
    clock.CumulVar(end).SetMax(max(begins, ground.limits[who] if person.end is None else ground.home[who]))
    if person.overtime_cost and person.windows:
        clock.SetCumulVarSoftUpperBound(end, max(begins, person.windows[-1][1]), person.overtime_cost)
    pauses = _pauses(model, person)
    if pauses:
        by_index = [int(stay[model.index.IndexToNode(i)]) for i in range(model.routing.Size())]
        clock.SetBreakIntervalsOfVehicle(pauses, who, by_index)


def _pauses(model: Model, person: Person) -> list[Any]:
    """Gaps between windows, and breaks; one that nobody could still take in time is left to the scorer."""
    new = model.routing.solver().FixedDurationIntervalVar
    gaps = [new(end, end, start - end, False, "gap") for (_, end), (start, _) in pairwise(person.windows)]
    breaks = [b for b in person.breaks if b.latest >= 0]
    return gaps + [new(max(0, b.earliest), b.latest, b.seconds, False, "break") for b in breaks]


def _when(model: Model, clock: Any, i: int) -> None:
    """Not before `earliest`, inside an appointment, before certificates run out. Locked work may have to break that."""
    task, begin, most = model.ground.problem.tasks[i], clock.CumulVar(model.at(i)), horizon(model)
    if task.earliest > 0:
        begin.SetMin(min(task.earliest, most))
    if task.locked is not None:
        return
    if task.windows:
        begin.SetRange(min(max(0, task.windows[0][0]), most), max(0, min(task.windows[-1][1], most)))
        for (_, last), (first, _) in pairwise(task.windows):
            if first - last > 1:
                begin.RemoveInterval(last + 1, first - 1)
    _certificates(model, begin, i)


def _certificates(model: Model, begin: Any, i: int) -> None:
    """The latest begin depends on who it is: an element of a list, one further on, since nobody is -1."""
    ground, solver = model.ground, model.routing.solver()
    until = ground.until[:, ground.kind[i]]
    if not (ground.able[:, i] & (until < FOREVER)).any():
        return
    latest = [FOREVER, *(max(0, int(u) - ground.problem.tasks[i].service) for u in until)]
    solver.Add(begin <= solver.Element(latest, model.routing.VehicleVar(model.at(i)) + 1))


def _done(model: Model, clock: Any, transits: list[int]) -> None:
    """Lateness of the end: a second bound needs a second clock that shows the same."""
    late = [(i, t) for i, t in enumerate(model.ground.problem.tasks) if t.done_weight]
    if not late:
        return
    done = _dimension(model, transits, "done")
    for i, task in late:
        at = model.at(i)
        model.routing.solver().Add(done.CumulVar(at) == clock.CumulVar(at))
        done.SetCumulVarSoftUpperBound(at, max(0, task.done_target - task.service), task.done_weight)
