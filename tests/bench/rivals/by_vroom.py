"""VROOM through pyvroom: skills, shifts, windows, priorities; routes without return; no lateness."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import vroom

from tests.bench.rivals.windows import FIRST, Ends, Model, opened

LEVEL = 5  #: the most thorough search it has
TRIES = 2  #: it only knows the wall clock: on a busy machine ask again, for as much more as was missing


def solved(x: Any, model: Model, cpu: float) -> list[list[int]]:
    """Routes by VROOM within about `cpu` seconds of processor time, on one thread."""
    ends = model.ends(x)
    routes = _pass(x, ends, None, FIRST * cpu)
    return _pass(x, opened(x, ends, routes), routes, (1 - FIRST) * cpu)


def _pass(x: Any, ends: Ends, before: list[list[int]] | None, cpu: float) -> list[list[int]]:
    wall = cpu
    for _ in range(TRIES):
        began, clock = time.process_time(), time.monotonic()
        solution = _question(x, ends, before).solve(LEVEL, nb_threads=1, timeout=timedelta(seconds=wall))
        spent, lasted = time.process_time() - began, time.monotonic() - clock
        if spent > 0.85 * cpu or lasted < 0.9 * wall:
            break
        wall *= cpu / max(spent, 0.1)
    return _routes(x, solution)


def _question(x: Any, ends: Ends, before: list[list[int]] | None) -> vroom.Input:
    question = vroom.Input()
    question.set_durations_matrix("car", x.travel)
    for r in range(x.responders):
        steps = [vroom.VehicleStep("single", i) for i in before[r]] if before else []
        question.add_vehicle(
            vroom.Vehicle(
                r,
                start=r,
                skills={s + 1 for s in x.has[r]},
                time_window=(int(x.free[r]), int(x.shift_end[r])),
                steps=[vroom.VehicleStep("start"), *steps] if steps else [],
            )
        )
    for i in range(x.incidents):
        question.add_job(
            vroom.Job(
                i,
                location=x.responders + i,
                default_service=int(x.service[i]),
                skills={x.needs[i] + 1},
                priority=12 * int(x.weight[i]),
                time_windows=[(0, int(ends[i]))],
            )
        )
    return question


def _routes(x: Any, solution: Any) -> list[list[int]]:
    routes: list[list[int]] = [[] for _ in range(x.responders)]
    table = solution.routes
    for who, kind, job in zip(table["vehicle_id"], table["type"], table["id"], strict=True):
        if kind == "job":
            routes[int(who)].append(int(job))
    return routes
