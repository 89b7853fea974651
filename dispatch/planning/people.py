"""A responder as the solver's person: seconds from now, skills and goods by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model import Duty, Responder, ResponderKind
from dispatch.planning.snapshot import Snapshot
from dispatch.solver import FOREVER, Break, Held, Person, Standby
from gis.model import AreaId, Mode

SECOND_NATURE = {ResponderKind.WORKER: None, ResponderKind.VOLUNTEER: "volunteer"}


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What the solver's numbers stand for."""

    modes: tuple[Mode, ...]
    skills: tuple[str, ...]
    goods: tuple[str, ...]
    areas: tuple[AreaId, ...]  #: with people wanted on standby, the smallest first


def person(seen: Snapshot, one: Responder, node: int, numbers: Numbers) -> Person:
    """Where and when somebody can be sent, what they hold, what they cost."""
    weights, second = seen.weights, SECOND_NATURE[one.kind]
    overtime = weights[f"overtime_{one.kind}"] if one.overtime_seconds is None else one.overtime_seconds
    worked = seen.worked.get(one.id, 0)
    return Person(
        node=node,
        mode=numbers.modes.index(one.mode),
        windows=windows(seen, one) if one.duty is Duty.AVAILABLE else (),
        skills={numbers.skills.index(s): _held(one, s, seen.now) for s in one.skills},
        cost_per_task=weights[second] if second else 0,
        max_tasks=one.max_tasks,
        overtime=overtime,
        overtime_cost=weights["overtime_cost"] if overtime else 0,
        rest=_rest(seen, one),
        breaks=_breaks(seen, one),
        capacity=_capacity(one, numbers.goods),
        max_work=max(0, most - worked) if (most := one.max_seconds or weights["max_work"]) else FOREVER,
        worked=worked + seen.worked_before.get(one.id, 0) * weights["days_before"] // 1000,
        area=area_of(seen, one, numbers.areas),
    )


def windows(seen: Snapshot, one: Responder) -> tuple[tuple[int, int], ...]:
    """The shifts that hold now or begin soon; what adjoins is one; rest after the last work comes first."""
    joined: list[tuple[int, int]] = []
    ahead = timedelta(seconds=seen.weights["look_ahead"])
    for shift in sorted(one.shifts, key=lambda s: s.start):
        start, end = max(0, between(seen.now, _rested(seen, one, shift.start))), between(seen.now, shift.end)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start and shift.start <= seen.now + ahead:
            joined.append((start, end))
    return tuple(joined)


def standby(seen: Snapshot, areas: Sequence[AreaId]) -> tuple[Standby, ...]:
    """How many people without a task are wanted where."""
    return tuple(Standby(least=seen.standby[key], cost=seen.weights["standby"]) for key in areas)


def standby_areas(seen: Snapshot) -> tuple[AreaId, ...]:
    """The areas with people wanted on standby, the smallest first: there somebody counts."""
    return tuple(sorted(seen.standby, key=lambda key: (len(seen.below.get(key, ())), key)))


def area_of(seen: Snapshot, one: Responder, areas: Sequence[AreaId]) -> int | None:
    """Where somebody counts as left while they have no task: the smallest such area around their own."""
    own = one.area
    return next((k for k, key in enumerate(areas) if own in seen.below.get(key, ())), None)


def goods(needs: Sequence[Mapping[str, int]]) -> tuple[str, ...]:
    """Everything that any work takes along."""
    return tuple(sorted({name for each in needs for name in each}))


def between(start: datetime, end: datetime) -> int:
    """Whole seconds, negative when `end` is earlier."""
    return round((end - start).total_seconds())


def _held(one: Responder, skill: str, now: datetime) -> Held:
    found = one.certificate(skill)
    if found is None or found.valid_until is None:
        return Held(level=found.level if found else 1)
    return Held(level=found.level, until=min(FOREVER, between(now, found.valid_until)))


def _rest(seen: Snapshot, one: Responder) -> int:
    return seen.weights["rest"] if one.rest_seconds is None else one.rest_seconds


def _rested(seen: Snapshot, one: Responder, start: datetime) -> datetime:
    """When a shift may begin after work in an earlier one."""
    ended = seen.ended.get(one.id)
    if ended is None or ended > start:
        return start
    return max(start, ended + timedelta(seconds=_rest(seen, one)))


def _breaks(seen: Snapshot, one: Responder) -> tuple[Break, ...]:
    coming = [p for p in one.pauses if p.latest > seen.now]
    return tuple(
        Break(earliest=max(0, between(seen.now, p.earliest)), latest=between(seen.now, p.latest), seconds=p.seconds)
        for p in coming
    )


def _capacity(one: Responder, names: Sequence[str]) -> tuple[int, ...]:
    return tuple(one.vehicle.capacity.get(name, 0) if one.vehicle else 0 for name in names)
