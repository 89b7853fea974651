"""What is kept of a plan: who found it, what it costs, why every case waits that nobody is sent to."""

from __future__ import annotations

from dispatch.model import PlanSummary, Waiting
from dispatch.planning.posing import Posed
from dispatch.planning.promises import LATER
from dispatch.planning.snapshot import Snapshot
from dispatch.planning.solving import Solved


def summary(seen: Snapshot, posed: Posed, found: Solved) -> PlanSummary:
    """What is kept of a plan, before it is known what of it can be written."""
    plan = found.plan
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
        unassigned=waiting(seen, posed, found),
        degraded=found.degraded,
    )


def waiting(seen: Snapshot, posed: Posed, found: Solved) -> tuple[Waiting, ...]:
    """Why every case waits that nobody is sent to: one reason a case. What is kept for later keeps its reason."""
    left: dict[int, Waiting | None] = {}
    for u in found.plan.unassigned:
        case = posed.items[u.task].case.id
        now = Waiting(incident=case, reason=u.reason, params=posed.named(u.params))
        left.setdefault(case, seen.waiting.get(case) if u.reason == LATER else now)
    unlocated = [Waiting(incident=c.id, reason="not_located") for c in posed.unlocated]
    blocked = [Waiting(incident=c.id, reason="waits_for_another") for c in posed.blocked]
    return (*(one for one in left.values() if one is not None), *unlocated, *blocked)
