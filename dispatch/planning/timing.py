"""From a plan to windows: who is bound when, as little changed as can be.

A row that a screen shows does not move for less than three minutes, or every second would make every row stale for
the phone that is about to answer it. Where the task before ends a little later, the next one begins that much later
and ends when it was to end: a delay of seconds does not run down the whole row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.model import UNDER_WAY, Assignment, Incident, Interval, Purpose, ResponderId
from dispatch.planning.posing import Posed
from dispatch.planning.snapshot import Snapshot
from dispatch.solver import Plan, Stop

TOLERANCE = timedelta(minutes=3)
MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One task in somebody's row: the assignment that holds it already, if that is theirs, and the new times."""

    case: Incident
    part: int = 0
    purpose: Purpose
    responder: ResponderId
    held: Assignment | None
    during: Interval
    seq: int
    eta: datetime
    travel_seconds: float
    travel_metres: float
    estimated: bool

    @property
    def shifted(self) -> bool:
        """Whether the row that holds it has to change."""
        return self.held is not None and (self.held.during != self.during or self.held.seq != self.seq)


def rows(seen: Snapshot, posed: Posed, plan: Plan) -> dict[ResponderId, tuple[Slot, ...]]:
    """For every person the slots in order: apart from one another, each as it was wherever that still fits."""
    return {posed.people[who].id: _row(seen, posed, who, stops) for who, stops in enumerate(plan.routes)}


def _row(seen: Snapshot, posed: Posed, who: int, stops: Sequence[Stop]) -> tuple[Slot, ...]:
    person = posed.people[who]
    slots: list[Slot] = []
    free, seq, before = datetime.min.replace(tzinfo=seen.now.tzinfo), 0, None
    for stop in stops:
        item = posed.items[stop.task]
        case, live = item.case, seen.held(*item.key)
        held = live if live and live.responder == person.id else None
        during, eta = times(seen.now, stop, held, free)
        seq = held.seq if held and held.seq > seq else seq + 1
        slots.append(
            Slot(
                case=case,
                part=item.part,
                purpose=seen.purpose(case),
                responder=person.id,
                held=held,
                during=during,
                seq=seq,
                eta=eta,
                travel_seconds=float(stop.travel),
                travel_metres=posed.leg(who, before, stop.task),
                estimated=posed.guessed(who, before, stop.task),
            )
        )
        free, before = during.end, stop.task
    return tuple(slots)


def times(now: datetime, stop: Stop, held: Assignment | None, free: datetime) -> tuple[Interval, datetime]:
    """The window and the arrival; those that stand, where they are near enough and overlap nothing."""
    start, end = now + timedelta(seconds=stop.leave), now + timedelta(seconds=stop.end)
    eta = now + timedelta(seconds=stop.begin)
    if held and held.state in UNDER_WAY:
        start, eta = held.during.start, held.arrived_at or eta
    if held and _near(held.during, start, end) and held.during.end > max(now, free):
        return Interval(start=max(held.during.start, free), end=held.during.end), held.eta
    late = max(timedelta(), free - start)
    start, end = start + late, max(end + late, start + late + MOMENT)
    return Interval(start=start, end=end), eta + late


def _near(standing: Interval, start: datetime, end: datetime) -> bool:
    return abs(standing.start - start) <= TOLERANCE and abs(standing.end - end) <= TOLERANCE
