"""A day that might be: somebody drops out or joins, a road closes. The same engine on a copy; nothing is written."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from dispatch import policy
from dispatch.errors import Unknown
from dispatch.model import Deed, Duty, Interval, Responder, ResponderId, ResponderKind, User, Waiting
from dispatch.planning import differing, promises
from dispatch.planning.differing import Diff, Side
from dispatch.planning.posing import Posed, pose
from dispatch.planning.snapshot import Snapshot, read
from dispatch.planning.solving import Solved, solved
from dispatch.planning.summing import waiting
from dispatch.solver import Problem
from dispatch.solver.problem import Routes
from gis.model import DistrictId, Mode, Point
from gis.travel.engine import TravelEngine

PATIENCE = 0.6  #: seconds beyond the search that somebody who asks waits for the engine
SHIFT = timedelta(hours=8)  #: for so long somebody stays who does not say


@dataclass(frozen=True, kw_only=True)
class Joining:
    """Somebody who might come."""

    kind: ResponderKind
    skills: frozenset[str]
    mode: Mode
    point: Point
    until: datetime | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Both days, and whose changes. Who joins has the number -1, -2, ... in the order asked."""

    diff: Diff
    posed: Posed
    waiting_before: tuple[Waiting, ...]
    waiting_after: tuple[Waiting, ...]
    seconds: float
    estimated: bool


def what_if(
    engine: Engine,
    travel: TravelEngine,
    *,
    who: User,
    district: DistrictId,
    out: Collection[ResponderId] = (),
    join: Sequence[Joining] = (),
    then: TravelEngine | None = None,
    seconds: float = 0.4,
) -> WhatIf:
    """Plan the day as it is and as it would be, `seconds` of search each. `then`: the roads of that other day.

    Raises Forbidden; Unknown for somebody who is not there. Writes nothing.
    """
    policy.require(who, Deed.SEE_DESK, district)
    started = time.monotonic()
    seen = read(engine, district)
    for key in out:
        if key not in seen.people:
            raise Unknown(what="responder", id=key)
    before = pose(_with(seen, join, there=False), travel)
    after = pose(_without(_with(seen, join, there=True), out), then or travel)
    now = _planned(before.problem, seconds)
    problem = after.problem
    if before.keys() == after.keys():
        problem = _from(problem, now.plan.tasks(), seen.weights["hop"])
    other = _planned(problem, seconds)
    sides = (
        differing.side(before.problem, now.plan.tasks(), before.due),
        differing.side(after.problem, other.plan.tasks(), after.due),
    )
    return WhatIf(
        diff=differing.diff(before, sides[0], _renumbered(sides[1], after, before)),
        posed=before,
        waiting_before=waiting(seen, before, now),
        waiting_after=waiting(seen, after, other),
        seconds=round(time.monotonic() - started, 3),
        estimated=any((*before.estimated.values(), *after.estimated.values())),
    )


def _planned(problem: Problem, seconds: float) -> Solved:
    return solved(replace(problem, patience=0), seed=0, seconds=seconds, deadline=PATIENCE)


def _from(problem: Problem, rows: Routes, hop: int) -> Problem:
    """The other day, begun from the plan of this one: what changes hands for nothing is nobody's changed day."""
    held = promises.rearranged(problem, rows)
    tasks = tuple(replace(t, hop=hop) if t.holder is not None else t for t in held.tasks)
    return replace(held, tasks=tasks, most_changes=None)


def _with(seen: Snapshot, join: Sequence[Joining], *, there: bool) -> Snapshot:
    """The same people and those who might come: without a shift while they are not `there`."""
    new = {-k: _joining(seen, -k, one, there=there) for k, one in enumerate(join, start=1)}
    return replace(seen, people={**seen.people, **new})


def _without(seen: Snapshot, out: Collection[ResponderId]) -> Snapshot:
    """The same day without these people: whatever they have waits for somebody else."""
    people: Mapping[ResponderId, Responder] = {
        key: replace(p, duty=Duty.OFF, shifts=()) if key in out else p for key, p in seen.people.items()
    }
    return replace(
        seen,
        people=people,
        live={key: a for key, a in seen.live.items() if a.responder not in out},
        helping={key: a for key, a in seen.helping.items() if a.responder not in out},
    )


def _joining(seen: Snapshot, key: ResponderId, one: Joining, *, there: bool) -> Responder:
    shift = Interval(start=seen.now, end=one.until or seen.now + SHIFT)
    return Responder(
        id=key,
        district=seen.district,
        area=None,
        user=None,
        name=one.name or "",
        kind=one.kind,
        mode=one.mode,
        skills=one.skills,
        duty=Duty.AVAILABLE,
        home=one.point,
        home_cell=None,
        point=one.point,
        point_at=seen.now,
        heading=None,
        speed=None,
        radius_m=None,
        max_tasks=8,
        version=1,
        shifts=(shift,) if there and shift.end > shift.start else (),
    )


def _renumbered(side: Side, own: Posed, other: Posed) -> Side:
    """The same plan with the tasks by the numbers of another problem."""
    number = {item.key: k for k, item in enumerate(other.items)}
    to = {k: number[item.key] for k, item in enumerate(own.items) if item.key in number}
    return replace(
        side,
        stops={to[k]: stop for k, stop in side.stops.items() if k in to},
        whose={to[k]: who for k, who in side.whose.items() if k in to},
    )
