"""The solver behind a deadline: late, broken or not, there is a plan, and it says what became of the engine."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from dispatch.planning import promises
from dispatch.solver import Plan, Problem, Unassigned, solve
from dispatch.solver.ground import Ground
from dispatch.solver.nearest import nearest
from dispatch.solver.reasons import unassigned
from dispatch.solver.scoring import judge, timetables

DEADLINE = 5.0  #: seconds beyond the time of search after which nobody waits for the engine any longer
LATE, BROKEN = "late", "broken"

log = logging.getLogger(__name__)
type Solve = Callable[..., Plan]


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A plan, and why it is not what the engine can do: late, broken; None as a rule."""

    plan: Plan
    degraded: str | None = None


def solved(problem: Problem, *, seed: int, seconds: float, deadline: float = DEADLINE, engine: Solve = solve) -> Solved:
    """A plan within `seconds` + `deadline`, whatever becomes of the engine: then what stands, and the nearest suitable.

    A search that hangs is left behind in its thread; the next plan tries anew.
    """
    answer: queue.SimpleQueue[Plan | Exception] = queue.SimpleQueue()

    def search() -> None:
        try:
            answer.put(engine(problem, seed=seed, seconds=seconds))
        except Exception as error:
            answer.put(error)

    threading.Thread(target=search, name="solve", daemon=True).start()
    try:
        found = answer.get(timeout=seconds + deadline)
    except queue.Empty:
        log.error("the engine has not answered for %.0f s", seconds + deadline)
        return Solved(plan=fallback(problem), degraded=LATE)
    if isinstance(found, Exception):
        log.error("the engine broke: %s: %s", type(found).__name__, found, exc_info=found)
        return Solved(plan=fallback(problem), degraded=BROKEN)
    return Solved(plan=found)


def fallback(problem: Problem) -> Plan:
    """What stands, and the rest to the nearest suitable in priority order; where even that fails, what stands."""
    started = time.monotonic()
    ground = Ground(promises.fixed(problem))
    try:
        routes = nearest(ground)
        cost, timed = judge(ground, routes).cost, timetables(ground, routes)
    except Exception as error:
        log.error("even the nearest person cannot be found: %s", error, exc_info=error)
        routes, cost, timed = ground.locked, 0, timetables(ground, ground.locked)
    served = {i for route in routes for i in route}
    return Plan(
        routes=timed or ((),) * len(problem.people),
        unassigned=tuple(_reason(ground, i) for i in ground.free if i not in served),
        cost=cost,
        found_by="nearest",
        seconds=round(time.monotonic() - started, 3),
    )


def _reason(ground: Ground, task: int) -> Unassigned:
    try:
        return unassigned(ground, task)
    except Exception:
        log.exception("no reason is known for a case that waits")
        return Unassigned(task=task, reason="too_busy")
