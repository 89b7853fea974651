"""PyVRP: shifts, windows, prizes; skills as a matrix for each set of them; routes without return; no lateness."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pyvrp

from tests.bench.rivals.windows import FIRST, Ends, Model, opened
from tests.bench.snapshot import bench

FAR = 10**7  #: seconds and cost: to whom one may not send


def solved(x: Any, model: Model, cpu: float) -> list[list[int]]:
    """Routes by PyVRP within `cpu` seconds of processor time (building the model does not count)."""
    matrices, vehicles = _crew(x)
    ends = model.ends(x)
    data = _data(x, ends, matrices, vehicles)
    began = time.process_time()
    routes = _search(x, data, None, FIRST * cpu)
    left = cpu - (time.process_time() - began)
    return _search(x, _data(x, opened(x, ends, routes), matrices, vehicles), routes, max(0.1 * cpu, left))


def _search(x: Any, data: pyvrp.ProblemData, before: list[list[int]] | None, cpu: float) -> list[list[int]]:
    start = None if before is None else _solution(data, before)
    began = time.process_time()
    result = pyvrp.solve(
        data,
        lambda _: time.process_time() - began >= cpu,
        seed=0,
        collect_stats=False,
        display=False,
        initial_solution=start,
    )
    if not result.is_feasible():
        return before or [[] for _ in range(x.responders)]
    routes: list[list[int]] = [[] for _ in range(x.responders)]
    for route in result.best.routes():
        routes[route.vehicle_type()] = [stop.idx for stop in route if stop.is_client()]
    return routes


def _solution(data: pyvrp.ProblemData, routes: list[list[int]]) -> pyvrp.Solution:
    return pyvrp.Solution(data, [pyvrp.Route(data, route, r) for r, route in enumerate(routes) if route])


def _crew(x: Any) -> tuple[list[np.ndarray], list[pyvrp.VehicleType]]:
    """One matrix for each set of skills, with a last node that is nowhere and costs nothing; one vehicle a person."""
    kinds = sorted({tuple(sorted(has)) for has in x.has})
    vehicles = [
        pyvrp.VehicleType(
            start_depot=r,
            end_depot=x.responders,
            tw_early=int(x.free[r]),
            tw_late=int(x.shift_end[r]),
            profile=kinds.index(tuple(sorted(x.has[r]))),
        )
        for r in range(x.responders)
    ]
    return [_matrix(x, set(kind)) for kind in kinds], vehicles


def _matrix(x: Any, has: set[int]) -> np.ndarray:
    nodes = x.responders + x.incidents + 1
    matrix = np.zeros((nodes, nodes), dtype=np.int64)
    matrix[:-1, :-1] = x.travel
    unable = [x.responders + i for i in range(x.incidents) if x.needs[i] not in has]
    matrix[unable, :] = matrix[:, unable] = FAR
    np.fill_diagonal(matrix, 0)
    return matrix


def _data(x: Any, ends: Ends, matrices: list[np.ndarray], vehicles: list[pyvrp.VehicleType]) -> pyvrp.ProblemData:
    nodes = x.responders + x.incidents + 1
    clients = [
        pyvrp.Client(
            x.responders + i,
            service_duration=int(x.service[i]),
            tw_late=int(ends[i]),
            prize=60 * bench().UNSERVED * int(x.weight[i]),
            required=False,
        )
        for i in range(x.incidents)
    ]
    depots = [pyvrp.Depot(r) for r in range(x.responders)] + [pyvrp.Depot(nodes - 1)]
    places = [pyvrp.Location(0, 0) for _ in range(nodes)]
    return pyvrp.ProblemData(places, clients, depots, vehicles, matrices, matrices)
