"""One round of planning: look, pose, solve, save; once more where somebody was faster.

What is urgent and new goes out first, by insertion alone, before the engine thinks. Where a district wants to be asked,
a plan that breaks promises that could hold is kept as a proposal; everything else is written at once, in both modes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from dispatch.errors import Stale, Taken
from dispatch.model import PlanMode, PlanSummary, Priority, UserId
from dispatch.once import begin
from dispatch.planning import promises, proposing, saving, timing
from dispatch.planning.posing import Posed, pose
from dispatch.planning.saving import Saved
from dispatch.planning.snapshot import Snapshot, read
from dispatch.planning.solving import Solve, Solved, solved
from dispatch.planning.summing import summary
from dispatch.solver import Problem, solve
from gis.model import DistrictId
from gis.travel.engine import TravelEngine

ROUNDS = 5  #: people work on while the engine thinks; after so many rounds the next event tries again
SHORTEST, LONGEST, PER_NEW = 0.2, 4.0, 0.02  #: seconds of search: what is new is placed once, and stays a promise
AT_ONCE = 0.05  #: seconds of search for what is urgent: the cheapest place in the rows that stand

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Planner:
    """What a round needs. `seconds` overrides the time of search, `solve` the engine."""

    engine: Engine
    travel: TravelEngine
    seed: int = 0
    seconds: float | None = None
    solve: Solve = solve


def plan_district(planner: Planner, district: DistrictId, *, asked_by: UserId | None = None) -> PlanSummary:
    """Offer every open case to whom it fits best, and say of the rest why it waits.

    Work that has begun and what a person placed stays with whom it is. Raises Taken or Stale when others were faster
    in every one of ROUNDS rounds: nothing of the last is written then.
    """
    placed = moved = changes = 0
    first = True
    for last in (False,) * (ROUNDS - 1) + (True,):
        try:
            saved = _round(planner, district, asked_by, first=first)
            first = False
        except (Taken, Stale) as error:
            if last:
                raise
            log.info("district %s is planned again: %s", district, error)
            continue
        placed, moved = placed + saved.summary.placed, moved + saved.summary.moved
        changes += saved.summary.changes
        if not saved.again and (last or not saved.skipped):
            return replace(saved.summary, placed=placed, moved=moved, changes=changes)
        log.info("district %s is planned again: %d moves were overtaken", district, saved.skipped)
    return replace(saved.summary, placed=placed, moved=moved, changes=changes)


def _round(planner: Planner, district: DistrictId, asked_by: UserId | None, *, first: bool) -> Saved:
    seen = read(planner.engine, district)
    posed = pose(seen, planner.travel)
    if first and (urgent := _urgent(seen, posed)):
        found = _solved(planner, promises.only(posed.problem, urgent), AT_ONCE)
        if found.degraded is None:
            return replace(_save(planner, seen, posed, found, asked_by=None), again=True)
    if seen.setting.plan_mode is PlanMode.ASK:
        return _asking(planner, seen, posed, asked_by)
    return _save(planner, seen, posed, _solved(planner, posed.problem, _seconds(planner, posed)), asked_by=asked_by)


def _asking(planner: Planner, seen: Snapshot, posed: Posed, asked_by: UserId | None) -> Saved:
    """Write what breaks no promise that can hold; then, on what stands, look for something better to propose."""
    seconds = _seconds(planner, posed)
    saved = _save(planner, seen, posed, _solved(planner, promises.keeping(posed.problem), seconds), asked_by=asked_by)
    if not saved.skipped:
        now = read(planner.engine, seen.district)
        again = pose(now, planner.travel)
        proposing.propose(planner.engine, now, again, _solved(planner, again.problem, seconds).plan)
    return saved


def _urgent(seen: Snapshot, posed: Posed) -> frozenset[int]:
    """The tasks that are urgent and new, and that nobody has been offered yet."""
    return frozenset(
        k
        for k, (item, task) in enumerate(zip(posed.items, posed.problem.tasks, strict=True))
        if task.locked is task.holder is None
        and item.case.priority <= Priority.URGENT
        and item.case.id not in seen.waiting
    )


def _solved(planner: Planner, problem: Problem, seconds: float) -> Solved:
    found = solved(problem, seed=planner.seed, seconds=seconds, engine=planner.solve)
    for trouble in found.plan.trouble:
        log.warning("a way of solving broke: %s", trouble)
    return found


def _save(planner: Planner, seen: Snapshot, posed: Posed, found: Solved, *, asked_by: UserId | None) -> Saved:
    rows = timing.rows(seen, posed, found.plan)
    with begin(planner.engine) as tx:
        return saving.save(tx, seen, rows, summary(seen, posed, found), asked_by=asked_by)


def _seconds(planner: Planner, posed: Posed) -> float:
    new = sum(t.locked is t.holder is None for t in posed.problem.tasks)
    return planner.seconds or min(LONGEST, SHORTEST + PER_NEW * new)
