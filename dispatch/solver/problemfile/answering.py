"""The answer to a problem file: routes, cost as the file counts it, and why something is left over."""

from __future__ import annotations

from typing import Any

from dispatch.solver.problem import Plan, Stop, Unassigned
from dispatch.solver.problemfile.reading import Posed
from dispatch.solver.scoring import score


def answer(posed: Posed, plan: Plan, *, times: bool = False) -> dict[str, Any]:
    """Plain JSON values. Costs in minutes with one decimal: late and road are parts of `cost`.

    `times`: with leave, travel, begin and end of every stop, in seconds from now.
    """
    found = score(posed.problem, plan.tasks())
    said: dict[str, Any] = {
        "routes": [list(route) for route in plan.tasks()],
        "cost": round(found.late / 60 + found.road / 60 + (found.cost - found.late - found.road) / 60, 1),
        "late": round(found.late / 60, 1),
        "road": round(found.road / 60, 1),
        "found_by": plan.found_by,
        "seconds": plan.seconds,
        "unserved": [_left(posed, one) for one in plan.unassigned],
    }
    if times:
        said["times"] = [[_stop(s) for s in route] for route in plan.routes]
    return said | ({"trouble": list(plan.trouble)} if plan.trouble else {})


def _left(posed: Posed, left: Unassigned) -> dict[str, Any]:
    params: dict[str, Any] = dict(left.params)
    if "skill" in params:
        params["skill"] = posed.skills[params["skill"]]
    return {"incident": left.task, "reason": left.reason} | ({"params": params} if params else {})


def _stop(stop: Stop) -> dict[str, int]:
    times = {"leave": stop.leave, "travel": stop.travel, "begin": stop.begin, "end": stop.end}
    return {"incident": stop.task} | times
