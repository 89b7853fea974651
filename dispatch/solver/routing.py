"""The model of record in OR-Tools routing. The mathematics stands in `solving`; what differs in the model stands here.

- Nodes: the people's starts, the tasks, one end that costs nothing to reach (routes are open).
- Lateness: a soft upper bound on the time of arrival. Leaving a task out: a disjunction; locked work has none.
- Who may: `VehicleVar(i).SetValues([-1, ...])`. Begun work: the first successors are fixed.
- What a person or a change of person costs: the span of a second dimension whose transits depend on the task alone.
- Gaps between windows are breaks, which OR-Tools lets fall into a way; the scorer does not. Routes that come back are
  therefore timed again by the caller, and what does not hold is taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from dispatch.solver.ground import Ground
from dispatch.solver.problem import NO_WAY, Routes

FEWEST_MS = 20  #: below this a search is not worth its model


@dataclass(frozen=True)
class Model:
    ground: Ground
    index: Any
    routing: Any

    def at(self, task: int) -> int:
        """Index of a task in the model."""
        return int(self.index.NodeToIndex(self.ground.people + task))


def search(
    ground: Ground, start: Routes | None, *, seed: int, seconds: float, repeatable: bool = False
) -> Routes | None:
    """Guided local search from `start`, or from parallel cheapest insertion where it is None or does not fit the model.

    Uses all of `seconds`; `repeatable` goes downhill only and ends by itself, as a rule sooner. None: nothing found.
    """
    if not ground.people or not ground.tasks or seconds * 1000 < FEWEST_MS:
        return None
    model = _model(ground)
    model.routing.solver().ReSeed(seed)
    parameters = _parameters(seconds, repeatable)
    model.routing.CloseModelWithParameters(parameters)
    warm = model.routing.ReadAssignmentFromRoutes(_nodes(model, start), True) if start else None
    if warm is not None:
        found = model.routing.SolveFromAssignmentWithParameters(warm, parameters)
    else:
        found = model.routing.SolveWithParameters(parameters)
    return _routes(model, found) if found is not None else None


def _model(ground: Ground) -> Model:
    end = ground.people + ground.tasks
    index = pywrapcp.RoutingIndexManager(end + 1, ground.people, list(range(ground.people)), [end] * ground.people)
    model = Model(ground, index, pywrapcp.RoutingModel(index))
    _ways(model)
    _clock(model)
    _dues(model)
    _loads(model)
    for i in range(ground.tasks):
        _who(model, i)
    return model


def _ways(model: Model) -> None:
    """Time on the road is what an arc costs."""
    for mode, matrix in enumerate(model.ground.travel):
        evaluator = model.routing.RegisterTransitMatrix(_open(matrix).tolist())
        for who, person in enumerate(model.ground.problem.people):
            if person.mode == mode:
                model.routing.SetArcCostEvaluatorOfVehicle(evaluator, who)


def _clock(model: Model) -> None:
    ground, routing = model.ground, model.routing
    stay = _stay(ground)
    by_mode = [routing.RegisterTransitMatrix((_open(m) + stay[:, None]).tolist()) for m in ground.travel]
    people, tasks = ground.problem.people, ground.problem.tasks
    horizon = max([1, *ground.limits])
    slack = horizon if any(t.earliest > 0 for t in tasks) or any(len(p.windows) > 1 for p in people) else 0
    routing.AddDimensionWithVehicleTransits([by_mode[p.mode] for p in people], slack, horizon, False, "clock")
    clock = routing.GetDimensionOrDie("clock")
    for who, person in enumerate(people):
        begins = 0 if ground.pinned[who] or not person.windows else person.windows[0][0]
        clock.CumulVar(routing.Start(who)).SetValue(begins)
        clock.CumulVar(routing.End(who)).SetMax(max(begins, ground.limits[who]))
        _breaks(model, clock, who, stay)
    for i, task in enumerate(tasks):
        clock.SetCumulVarSoftUpperBound(model.at(i), max(0, task.target), task.weight)
        if task.earliest > 0:
            clock.CumulVar(model.at(i)).SetMin(min(task.earliest, horizon))


def _breaks(model: Model, clock: Any, who: int, stay: np.ndarray[Any, np.dtype[np.int64]]) -> None:
    windows = model.ground.problem.people[who].windows
    solver = model.routing.solver()
    gaps = [
        solver.FixedDurationIntervalVar(end, end, start - end, False, "gap")
        for (_, end), (start, _) in pairwise(windows)
    ]
    if gaps:
        by_index = [int(stay[model.index.IndexToNode(i)]) for i in range(model.routing.Size())]
        clock.SetBreakIntervalsOfVehicle(gaps, who, by_index)


def _dues(model: Model) -> None:
    """Cost per task of the person, and of taking a task from whom it was offered to, as the span of a dimension."""
    ground, routing = model.ground, model.routing
    rows = [_due(ground, who) for who in range(ground.people)]
    if not any(any(row) for row in rows):
        return
    evaluators = [routing.RegisterUnaryTransitVector(row) for row in rows]
    routing.AddDimensionWithVehicleTransits(evaluators, 0, sum(map(max, zip(*rows, strict=True))), True, "dues")
    dues = routing.GetDimensionOrDie("dues")
    for who in range(ground.people):
        dues.SetSpanCostCoefficientForVehicle(1, who)


def _due(ground: Ground, who: int) -> list[int]:
    cost = ground.problem.people[who].cost_per_task
    own = [
        0 if t.locked is not None else cost + (t.hop if t.holder not in (None, who) else 0)
        for t in ground.problem.tasks
    ]
    return [0] * ground.people + own + [0]


def _loads(model: Model) -> None:
    """At most `max_tasks` each; a dimension only where it binds."""
    ground = model.ground
    most = [max(p.max_tasks, len(mine)) for p, mine in zip(ground.problem.people, ground.locked, strict=True)]
    if min(most) >= ground.tasks:
        return
    ones = model.routing.RegisterUnaryTransitVector([0] * ground.people + [1] * ground.tasks + [0])
    model.routing.AddDimensionWithVehicleCapacity(ones, 0, [min(m, ground.tasks) for m in most], True, "load")


def _who(model: Model, i: int) -> None:
    """Who may have the task, and what leaving it out costs."""
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


def _parameters(seconds: float, repeatable: bool) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = how.GREEDY_DESCENT if repeatable else how.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(seconds * 1000))
    return parameters


def _open(matrix: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """With one row and column more: the end, reached from anywhere for nothing."""
    rows = len(matrix)
    wide = np.zeros((rows + 1, rows + 1), dtype=np.int64)
    wide[:rows, :rows] = np.minimum(matrix, NO_WAY)
    return wide


def _stay(ground: Ground) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Seconds of work at each node."""
    stay = np.zeros(ground.people + ground.tasks + 1, dtype=np.int64)
    stay[ground.people : -1] = [t.service for t in ground.problem.tasks]
    return stay


def _nodes(model: Model, routes: Routes) -> list[list[int]]:
    return [[model.at(i) for i in route] for route in routes]


def _routes(model: Model, found: Any) -> Routes:
    routes = []
    for who in range(model.ground.people):
        route, at = [], found.Value(model.routing.NextVar(model.routing.Start(who)))
        while not model.routing.IsEnd(at):
            route.append(model.index.IndexToNode(at) - model.ground.people)
            at = found.Value(model.routing.NextVar(at))
        routes.append(tuple(route))
    return tuple(routes)
