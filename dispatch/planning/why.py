"""Why this person, why not the next, or why nobody: one case in the plan that stands."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from dispatch import policy, store
from dispatch.candidates import Candidate, candidates
from dispatch.model import Assignment, Deed, Incident, IncidentId, PlanSummary, Purpose, ResponderId, User, Waiting
from dispatch.once import begin
from dispatch.planning.posing import Posed, pose
from dispatch.planning.snapshot import Snapshot, read
from dispatch.solver.explaining import Explanation, explain
from dispatch.solver.ground import Ground
from dispatch.solver.kept import kept
from dispatch.store import plans
from gis.travel.engine import TravelEngine


@dataclass(frozen=True, kw_only=True)
class Price:
    """What giving somebody the case would cost the plan, by part; or the first hard rule of the plan against it."""

    total: int | None
    parts: Mapping[str, int]
    hurdle: str | None
    params: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """What would change it, as a code and parameters in the words of the work (people, cases, moments)."""

    code: str
    params: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Why:
    """Everybody with rules, ways and price; who is chosen, who is next, or why nobody and what would help."""

    incident: Incident
    purpose: Purpose
    now: datetime
    zone: ZoneInfo
    live: Assignment | None
    plan: PlanSummary | None
    candidates: tuple[Candidate, ...]  #: everybody, the cheapest for the plan first
    prices: Mapping[ResponderId, Price]
    chosen: ResponderId | None
    next: ResponderId | None
    unserved: Waiting | None
    remedies: tuple[Remedy, ...]
    seconds: float


def why(engine: Engine, travel: TravelEngine, *, who: User, incident: IncidentId) -> Why:
    """Explain one case in the plan that stands. Raises Unknown, Forbidden; NotNow where nobody has to go."""
    started = time.monotonic()
    with begin(engine) as tx:
        case = store.incident(tx, incident)
        policy.require(who, Deed.ASSIGN, case)
        plan = plans.latest_plan(tx, case.district)
    seen = read(engine, case.district)
    found = candidates(engine, travel, incident, now=seen.now, everybody=True)
    posed = pose(seen, travel)
    task = next((k for k, key in enumerate(posed.keys()) if key == (incident, 0)), None)
    told = None if task is None else explain(posed.problem, kept(Ground(posed.problem)), task)
    prices = {} if told is None else _prices(posed, told)
    return Why(
        incident=case,
        purpose=found.purpose,
        now=seen.now,
        zone=seen.zone,
        live=seen.live.get(incident),
        plan=plan,
        candidates=tuple(sorted(found.candidates, key=lambda c: _order(c, prices, seen, incident))),
        prices=prices,
        chosen=_who(posed, told.chosen) if told else None,
        next=_who(posed, told.next) if told else None,
        unserved=_unserved(seen, posed, told, incident),
        remedies=tuple(Remedy(code=one.code, params=posed.named(one.params)) for one in told.remedies) if told else (),
        seconds=round(time.monotonic() - started, 3),
    )


def _prices(posed: Posed, told: Explanation) -> dict[ResponderId, Price]:
    return {
        person.id: Price(total=offer.price, parts=offer.parts, hurdle=offer.hurdle, params=posed.named(offer.params))
        for person, offer in zip(posed.people, told.offers, strict=True)
    }


def _order(
    c: Candidate, prices: Mapping[ResponderId, Price], seen: Snapshot, case: IncidentId
) -> tuple[bool, int, bool]:
    """The cheapest first; among equals whoever has it; then who cannot, in the order of the candidates."""
    price = prices.get(c.responder.id)
    live = seen.live.get(case)
    total = price.total if price else None
    return total is None, total or 0, live is None or live.responder != c.responder.id


def _unserved(seen: Snapshot, posed: Posed, told: Explanation | None, case: IncidentId) -> Waiting | None:
    if any(c.id == case for c in posed.unlocated):
        return Waiting(incident=case, reason="not_located")
    if any(c.id == case for c in posed.blocked):
        return Waiting(incident=case, reason="waits_for_another")
    if told is None or told.reason is None or case in seen.live:
        return None
    return Waiting(incident=case, reason=told.reason, params=posed.named(told.params))


def _who(posed: Posed, who: int | None) -> ResponderId | None:
    return None if who is None else posed.people[who].id
