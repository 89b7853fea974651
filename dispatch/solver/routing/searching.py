"""Build the model, start it from a plan, read the routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from dispatch.solver.ground import Ground
from dispatch.solver.problem import Routes
from dispatch.solver.routing.clock import add_clock
from dispatch.solver.routing.loads import add_loads, add_promises, add_who
from dispatch.solver.routing.model import Model, new
from dispatch.solver.routing.ties import add_ties


@dataclass(frozen=True)
class Ready:
    """A model that is closed, and the plan to start from where the model takes it."""

    model: Model
    parameters: Any
    warm: Any


def found(ground: Ground, start: Routes | None, *, seed: int, seconds: float, repeatable: bool) -> Routes | None:
    """The routes of the best solution; None where there is none."""
    at = ready(ground, start, seed=seed, seconds=seconds, repeatable=repeatable)
    if at.warm is not None:
        best = at.model.routing.SolveFromAssignmentWithParameters(at.warm, at.parameters)
    else:
        best = at.model.routing.SolveWithParameters(at.parameters)
    return _routes(at.model, best) if best is not None else None


def ready(ground: Ground, start: Routes | None, *, seed: int, seconds: float, repeatable: bool) -> Ready:
    """Everything that comes before the search."""
    model, parameters = _whole(ground), _parameters(seconds, repeatable)
    model.routing.solver().ReSeed(seed)
    model.routing.CloseModelWithParameters(parameters)
    nodes = [[model.at(i) for i in route] for route in start] if start else None
    return Ready(model, parameters, model.routing.ReadAssignmentFromRoutes(nodes, True) if nodes else None)


def _whole(ground: Ground) -> Model:
    model = new(ground)
    add_clock(model)
    add_loads(model)
    for i in range(ground.tasks):
        add_who(model, i)
    add_promises(model)
    add_ties(model)
    return model


def _parameters(seconds: float, repeatable: bool) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = how.GREEDY_DESCENT if repeatable else how.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(int(seconds * 1000))
    return parameters


def _routes(model: Model, best: Any) -> Routes:
    routes = []
    for who in range(model.ground.people):
        route, at = [], best.Value(model.routing.NextVar(model.routing.Start(who)))
        while not model.routing.IsEnd(at):
            route.append(model.index.IndexToNode(at) - model.ground.people)
            at = best.Value(model.routing.NextVar(at))
        routes.append(tuple(route))
    return tuple(routes)
