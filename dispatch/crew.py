"""Who there is: responders, their shifts, the cells they answer for, and what happens when one leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from dispatch import policy, steps, store
from dispatch.errors import Invalid, Stale
from dispatch.lifecycle import Work
from dispatch.model import Deed, Duty, Event, Interval, Pause, Responder, ResponderId, ResponderKind, User, UserId
from dispatch.once import begin, once
from dispatch.store import shifts as shift_store
from dispatch.store import users
from dispatch.store.keys import clock
from dispatch.store.places import code_and_zone
from dispatch.store.responders import replace_pauses, replace_shifts
from dispatch.store.shifts import Pattern
from gis.database import Transaction
from gis.model import AreaId, CellId, DistrictId, Mode, Point

AHEAD_DAYS = 14
DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Recruit:
    """Somebody new."""

    district: DistrictId
    area: AreaId | None
    name: str
    kind: ResponderKind
    mode: Mode
    skills: frozenset[str]
    home: Point
    home_cell: CellId | None = None
    user: UserId | None = None
    radius_m: float | None = None
    max_tasks: int = 8
    duty: Duty = Duty.OFF
    patterns: tuple[Pattern, ...] = ()


def add(engine: Engine, recruit: Recruit, *, by: User | None = None) -> Responder:
    """A new responder, with shifts written out for the next two weeks. `by` None: the set-up."""
    if by is not None:
        policy.require(by, Deed.MANAGE_CREW, recruit.district)
    if recruit.max_tasks < 1:
        raise Invalid(field="max_tasks", value=recruit.max_tasks, allowed="≥ 1")
    with begin(engine) as tx:
        key = store.add_responder(tx, _responder(recruit))
        shift_store.replace_patterns(tx, key, recruit.patterns)
        _write_out(tx, key, code_and_zone(tx, recruit.district)[1], AHEAD_DAYS)
        added = store.responder(tx, key)
        _announce(tx, "responder.added", added, by.id if by else None, None)
        return added


def set_patterns(
    engine: Engine,
    responder: ResponderId,
    patterns: Sequence[Pattern],
    *,
    by: User | None = None,
    version: int | None = None,
    key: str | None = None,
) -> Responder:
    """Other shifts from today on. Raises Invalid where a pattern cannot be, Stale where `version` is not the newest."""

    def deed(tx: Transaction) -> Responder:
        before = store.responder(tx, responder, lock=True)
        if by is not None:
            policy.require(by, Deed.MANAGE_CREW, before)
        if version is not None and before.version != version:
            raise Stale(what="responder", id=responder, version=version, current=before.version)
        for pattern in patterns:
            check(pattern)
        shift_store.replace_patterns(tx, responder, patterns)
        _write_out(tx, responder, code_and_zone(tx, before.district)[1], AHEAD_DAYS)
        after = replace(store.responder(tx, responder), version=before.version + 1)
        store.save_responder(tx, before, after)
        _announce(tx, "responder.changed", after, by.id if by else None, None)
        return after

    asked = {"responder": responder, "version": version, "patterns": [str(p) for p in patterns]}
    return once(engine, Responder, deed, name=Deed.MANAGE_CREW, key=key, who=by, asked=asked)


def check(pattern: Pattern) -> None:
    """Raises Invalid for a pattern without days, with half a break, or with a break that does not lie in the shift."""
    if not pattern.weekdays or not pattern.weekdays <= set(range(1, 8)):
        raise Invalid(field="weekdays", value=sorted(pattern.weekdays), allowed="1..7")
    parts = (pattern.break_from, pattern.break_until, pattern.break_seconds)
    if None in parts and any(part is not None for part in parts):
        raise Invalid(field="break", value=None, allowed="whole_break")
    if pattern.break_from is None or pattern.break_until is None or pattern.break_seconds is None:
        return
    length = _since(pattern.starts, pattern.ends) or DAY
    earliest, latest = _since(pattern.starts, pattern.break_from), _since(pattern.starts, pattern.break_until)
    if not 0 < pattern.break_seconds <= length or not earliest <= latest <= length - pattern.break_seconds:
        raise Invalid(field="break", value=str(pattern.break_from), allowed="in_shift")


def _since(start: time, end: time) -> int:
    """Seconds of wall time from one to the next time it is the other."""
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    return (minutes * 60 + end.second - start.second) % DAY


def extend_shifts(engine: Engine, district: DistrictId, *, days: int = AHEAD_DAYS) -> int:
    """Write out everybody's shifts for the days ahead; how many people. To be called at start and daily."""
    with begin(engine) as tx:
        _, zone = code_and_zone(tx, district)
        people = shift_store.with_patterns(tx, district)
        for key in people:
            _write_out(tx, key, zone, days)
        return len(people)


def assign_cells(engine: Engine, district: DistrictId) -> int:
    """Make the nearest worker responsible for every cell; how many cells."""
    with begin(engine) as tx:
        return shift_store.give_cells_to_nearest(tx, district)


def release(engine: Engine, responder: ResponderId, *, reason: str, by: User | None = None) -> Responder:
    """Somebody has left: the account is closed, live work is withdrawn, and its cases wait again with the reason."""

    def deed(tx: Transaction) -> Responder:
        seen = store.responder(tx, responder)
        if by is not None:
            policy.require(by, Deed.MANAGE_CREW, seen)
        at, actor = clock(tx), by.id if by else None
        for case in sorted({a.incident for a in store.live_assignments(tx, responder)}):
            incident = store.incident(tx, case, lock=True)  # the case first, as everywhere
            mine = next((a for a in store.live_crew(tx, case, lock=True) if a.responder == responder), None)
            if mine is not None:
                steps.withdraw(tx, Work(incident=incident, assignment=mine), by=actor, reason=reason, at=at)
        before = store.responder(tx, responder, lock=True)
        after = replace(before, gone=True, duty=Duty.OFF, version=before.version + 1)
        store.save_responder(tx, before, after)
        if before.user is not None:
            users.change_user(tx, before.user, disabled=True)
            users.end_sessions(tx, before.user)
        _announce(tx, "responder.left", after, actor, reason)
        return after

    return once(engine, Responder, deed, name="release", key=None, who=by, asked={})


def expand(patterns: Iterable[Pattern], zone: ZoneInfo, first: date, last: date) -> list[Interval]:
    """The shifts that begin on the local days `first` to `last`, in UTC, earliest first, merged where they touch.

    Wall time counts: on the days the clocks change, a night shift from 22:00 to 06:00 has seven hours or nine. A time
    that the clocks leave out is read as the moment they jump to; one that comes twice is read as its first.
    """
    found = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        for p in patterns:
            if day.isoweekday() in p.weekdays:
                over = timedelta(days=0 if p.ends > p.starts else 1)
                found.append(Interval(start=_utc(day, p.starts, zone), end=_utc(day + over, p.ends, zone)))
    return _merged(i for i in found if i.start < i.end)


def pauses(patterns: Iterable[Pattern], zone: ZoneInfo, first: date, last: date) -> list[Pause]:
    """The breaks of the shifts that begin on the local days `first` to `last`, in UTC, earliest first.

    A time before the shift's own beginning is on the next day. Wall time counts, as for the shifts.
    """
    found = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        for p in patterns:
            if day.isoweekday() in p.weekdays and p.break_from and p.break_until and p.break_seconds:
                begins = day + timedelta(days=p.break_from < p.starts)
                ends = begins + timedelta(days=p.break_until < p.break_from)
                window = _utc(begins, p.break_from, zone), _utc(ends, p.break_until, zone)
                if window[0] <= window[1]:
                    found.append(Pause(earliest=window[0], latest=window[1], seconds=p.break_seconds))
    return sorted(found, key=lambda pause: (pause.earliest, pause.latest))


def _utc(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone).astimezone(UTC)


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for i in sorted(intervals, key=lambda i: i.start):
        if merged and i.start <= merged[-1].end:
            merged[-1] = Interval(start=merged[-1].start, end=max(merged[-1].end, i.end))
        else:
            merged.append(i)
    return merged


def _write_out(tx: Transaction, key: ResponderId, zone: ZoneInfo, days: int) -> None:
    patterns = shift_store.patterns_of(tx, key)
    today = clock(tx).astimezone(zone).date()
    first, last = today - timedelta(days=1), today + timedelta(days=days)  # last night's shift may still run
    shifts = expand(patterns, zone, first, last)
    replace_shifts(tx, key, _utc(first, time(), zone), shifts)
    replace_pauses(tx, key, _utc(first, time(), zone), pauses(patterns, zone, first, last))
    shift_store.expanded(tx, key, last)


def _responder(recruit: Recruit) -> Responder:
    return Responder(
        id=0,
        district=recruit.district,
        area=recruit.area,
        user=recruit.user,
        name=recruit.name,
        kind=recruit.kind,
        mode=recruit.mode,
        skills=recruit.skills,
        duty=recruit.duty,
        home=recruit.home,
        home_cell=recruit.home_cell,
        point=None,
        point_at=None,
        heading=None,
        speed=None,
        radius_m=recruit.radius_m,
        max_tasks=recruit.max_tasks,
        version=1,
    )


def _announce(tx: Transaction, kind: str, person: Responder, actor: UserId | None, reason: str | None) -> None:
    event = Event(
        kind=kind,
        district=person.district,
        area=person.area,
        responder=person.id,
        actor=actor,
        reason=reason,
        body=store.changes(responder=person),
    )
    store.record(tx, event)
