"""One round of planning: look, pose, solve, save; once more where somebody was faster."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from dispatch.errors import Stale, Taken
from dispatch.model import PlanSummary, UserId, Waiting
from dispatch.once import begin
from dispatch.planning import saving, timing
from dispatch.planning.posing import Posed, pose
from dispatch.planning.saving import Saved
from dispatch.planning.snapshot import Snapshot, read
from dispatch.solver import Plan, solve
from gis.model import DistrictId
from gis.travel.engine import TravelEngine

ROUNDS = 4  #: people work on while the engine thinks; after so many rounds the next event tries again
SHORTEST, LONGEST, PER_CASE = 0.15, 1.0, 0.005  #: seconds of search: by the number of cases that are free

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Planner:
    """What a round needs. `seconds` overrides the time of search."""

    engine: Engine
    travel: TravelEngine
    seed: int = 0
    seconds: float | None = None


def plan_district(planner: Planner, district: DistrictId, *, asked_by: UserId | None = None) -> PlanSummary:
    """Offer every open case to whom it fits best, and say of the rest why it waits.

    Work that has begun and what a person placed stays with whom it is. Raises Taken or Stale when others were faster
    in every one of ROUNDS rounds: nothing of the last is written then.
    """
    placed = moved = 0
    for last in (False,) * (ROUNDS - 1) + (True,):
        try:
            saved = _round(planner, district, asked_by)
        except (Taken, Stale) as error:
            if last:
                raise
            log.info("district %s is planned again: %s", district, error)
            continue
        placed, moved = placed + saved.summary.placed, moved + saved.summary.moved
        if last or not saved.skipped:
            return replace(saved.summary, placed=placed, moved=moved)
        log.info("district %s is planned again: %d moves were overtaken", district, saved.skipped)
    raise AssertionError("unreachable")


def _round(planner: Planner, district: DistrictId, asked_by: UserId | None) -> Saved:
    seen = read(planner.engine, district)
    posed = pose(seen, planner.travel)
    plan = solve(posed.problem, seed=planner.seed, seconds=planner.seconds or _seconds(posed))
    for trouble in plan.trouble:
        log.warning("district %s: %s", district, trouble)
    rows = timing.rows(seen, posed, plan)
    with begin(planner.engine) as tx:
        return saving.save(tx, seen, rows, _summary(seen, posed, plan), asked_by=asked_by)


def _seconds(posed: Posed) -> float:
    free = sum(t.locked is None for t in posed.problem.tasks)
    return min(LONGEST, SHORTEST + PER_CASE * free)


def _summary(seen: Snapshot, posed: Posed, plan: Plan) -> PlanSummary:
    left = [
        Waiting(incident=posed.cases[u.task].id, reason=u.reason, params=_params(posed, u.params))
        for u in plan.unassigned
    ]
    unlocated = [Waiting(incident=c.id, reason="not_located") for c in posed.unlocated]
    return PlanSummary(
        id=0,
        district=seen.district,
        made_at=seen.now,
        engine=plan.found_by,
        seconds=plan.seconds,
        cost=plan.cost,
        estimated=any(posed.estimated.values()),
        placed=0,
        moved=0,
        unassigned=(*left, *unlocated),
    )


def _params(posed: Posed, params: object) -> dict[str, object]:
    known = dict(params) if isinstance(params, dict) else {}
    if "skill" in known:
        known["skill"] = posed.skills[known["skill"]]
    return known
