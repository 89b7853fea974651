"""Our engine under a budget of processor time, judged by somebody else's scorer."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from dispatch.solver import Plan, Problem, solve
from dispatch.solver.warm import warm
from tests.bench.snapshot import bench


def planned(problem: Problem, cpu: float) -> tuple[Plan, float]:
    """The plan within `cpu` seconds of processor time, and the seconds that it took. Seed 0, one thread."""
    _loaded()
    began = time.process_time()
    plan = solve(problem, seed=0, seconds=cpu, cpu=cpu)
    return plan, time.process_time() - began


@cache
def _loaded() -> None:
    """Load what was compiled before: how long that takes is measured by `latency`, not here."""
    warm()


def figures(x: Any, problem: Problem, cpu: float) -> dict[str, Any]:
    """Cost and parts of our plan for an instance of the shared benchmark, by the benchmark's scorer.

    Raises RuntimeError where a way of solving broke: the plan stands then, but it is no figure to keep.
    """
    plan, spent = planned(problem, cpu)
    if plan.trouble:
        raise RuntimeError(plan.trouble[0])
    score = bench().score(x, [list(route) for route in plan.tasks()])
    return {**score, "cpu": round(spent, 2), "found_by": plan.found_by}
