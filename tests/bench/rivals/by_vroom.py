"""VROOM through pyvroom: skills, shifts, windows, priorities; routes without return; no lateness."""

from __future__ import annotations

from typing import Any

import vroom

from tests.bench.rivals.windows import Ends, Model, opened

LEVELS = ((100, 5), (400, 4), (10**9, 1))  #: up to so many cases this thorough, 5 being the most that it has
AGAIN = 2  #: the level of the second pass


def solved(x: Any, model: Model) -> list[list[int]]:
    """Routes by VROOM on one thread.

    It knows no processor time, and its wall clock would starve it on a busy machine, so it takes the time that its
    level takes: about twice the budget of the others at 300 cases.
    """
    level = next(level for most, level in LEVELS if x.incidents <= most)
    ends = model.ends(x)
    routes = _pass(x, ends, None, level)
    if sum(map(len, routes)) == x.incidents:
        return routes
    return _pass(x, opened(x, ends, routes), routes, min(AGAIN, level))


def _pass(x: Any, ends: Ends, before: list[list[int]] | None, level: int) -> list[list[int]]:
    return _routes(x, _question(x, ends, before).solve(level, nb_threads=1))


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
