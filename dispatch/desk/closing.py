"""Closing roads and opening them again: what people at the desk say. The road engine follows it (`enforcing`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from dispatch import policy, shape, store
from dispatch.desk.room import Desk
from dispatch.errors import Invalid, NotNow, Stale
from dispatch.model import Deed, Event, User, UserId
from dispatch.store.keys import clock
from gis.database import Transaction
from gis.model import ClosureState, DistrictId, Mode, RoadClosure
from gis.store import closures, districts
from gis.store.closures import RoadState
from gis.travel import drawn

DESK: Final = "desk"  #: the source of what people draw
REMEMBERED: Final = timedelta(days=7)  #: what was closed so lately can still be looked at
LONGEST: Final = 300  #: characters of a reason
KEPT: Final = object()  #: a value that stays as it is


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What somebody wants closed."""

    district: DistrictId
    geometry: Mapping[str, Any]  #: GeoJSON
    radius_m: float | None = None  #: around a Point
    modes: frozenset[Mode] = frozenset(Mode)
    starts: datetime | None = None  #: None: now
    ends: datetime | None = None  #: None: until somebody lifts it
    reason: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is to be different; KEPT stays."""

    starts: Any = KEPT
    ends: Any = KEPT
    reason: Any = KEPT
    modes: Any = KEPT

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not KEPT}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The closures of a district, and what its road engine goes by."""

    now: datetime
    closures: tuple[RoadClosure, ...]
    state: RoadState
    live: int = 0  #: that should be in force
    in_force: int = 0
    busy: bool = False  #: some are neither in force nor in trouble yet


def close(desk: Desk, *, who: User, wanted: Closing, key: str) -> RoadClosure:
    """Close roads. Raises BadShape, Invalid, Forbidden, NotFound."""

    def deed(tx: Transaction) -> int:
        now = clock(tx)
        within = districts.district(tx, wanted.district).clip
        made = RoadClosure(
            id=0,
            district=wanted.district,
            area=None,
            geometry=drawn.shape(wanted.geometry, radius_m=wanted.radius_m, within=within),
            modes=wanted.modes,
            starts=wanted.starts or now,
            ends=wanted.ends,
            reason=wanted.reason.strip(),
            source=DESK,
            source_key=f"{who.id}:{key}",
            created_by=who.id,
        )
        check(made)
        made = replace(made, area=closures.area_of(tx, wanted.district, made))
        policy.require(who, Deed.CLOSE_ROAD, made)
        return announce(tx, "road.closed", closures.add(tx, made), by=who.id).id

    policy.require(who, Deed.CLOSE_ROAD, wanted.district)
    return _again(desk, desk.once(int, deed, name="road.close", key=key, who=who, asked=_asked(vars(wanted))))


def change(desk: Desk, *, who: User, closure: int, version: int, wanted: Change, key: str) -> RoadClosure:
    """Other times, another reason, other modes. Raises Stale, NotNow where it is lifted, Invalid, Forbidden."""

    def deed(tx: Transaction) -> int:
        before = _mine(tx, who, closure)
        if before.lifted_at is not None:
            raise NotNow(deed=Deed.CLOSE_ROAD, stage=str(ClosureState.LIFTED))
        after = replace(before, **wanted.given())
        check(after)
        save(tx, before, after, version)
        return announce(tx, "road.changed", before.id, by=who.id).id

    asked = {"closure": closure, "version": version, **_asked(wanted.given())}
    return _again(desk, desk.once(int, deed, name="road.change", key=key, who=who, asked=asked))


def lift(desk: Desk, *, who: User, closure: int, version: int, key: str) -> RoadClosure:
    """Open the roads again. Lifting twice is lifting once. Raises Stale, Forbidden."""

    def deed(tx: Transaction) -> int:
        before = _mine(tx, who, closure)
        if before.lifted_at is None:
            save(tx, before, replace(before, lifted_at=clock(tx)), version)
            announce(tx, "road.reopened", before.id, by=who.id)
        return before.id

    asked = {"closure": closure, "version": version}
    return _again(desk, desk.once(int, deed, name="road.lift", key=key, who=who, asked=asked))


def seen(desk: Desk, user: User, district: DistrictId, *, everything: bool = False) -> Seen:
    """What is closed now and later; `everything`: also what was, lately. Raises Forbidden."""
    policy.require(user, Deed.SEE_GROUND, district)
    with desk.begin() as tx:
        now = clock(tx)
        standing = closures.standing(tx, district, now)
        shown = closures.since(tx, district, now - REMEMBERED) if everything else standing
        state = closures.road_state(tx, district)
    live = [one for one in standing if one.state(now) is ClosureState.LIVE]
    waiting = [one for one in live if one.in_force_since is None and one.trouble is None]
    heeded = sum(one.in_force_since is not None for one in live)
    return Seen(now=now, closures=tuple(shown), state=state, live=len(live), in_force=heeded, busy=bool(waiting))


def check(closure: RoadClosure) -> None:
    """Raises Invalid for times, reason or modes that make no closure."""
    if closure.ends is not None and closure.ends <= closure.starts:
        raise Invalid(field="ends", value=closure.ends.isoformat(), allowed="after_start")
    if not closure.modes:
        raise Invalid(field="modes", value=[], allowed=[str(mode) for mode in Mode])
    if not 1 <= len(closure.reason) <= LONGEST or "\x00" in closure.reason:
        raise Invalid(field="reason", value=closure.reason[:40], allowed=f"1–{LONGEST}")


def save(tx: Transaction, before: RoadClosure, after: RoadClosure, version: int) -> None:
    """Raises Stale when somebody changed it since `version` was read."""
    if before.version != version or not closures.save(tx, before, after):
        raise Stale(what="closure", id=before.id, version=version, current=before.version)


def announce(tx: Transaction, kind: str, key: int, *, by: UserId | None) -> RoadClosure:
    """Tell what became of a closure, as it stands in this transaction."""
    found = closures.closure(tx, key)
    body = {"closure": shape.closure(found, clock(tx))}
    store.record(tx, Event(kind=kind, district=found.district, actor=by, reason=found.reason, body=body))
    return found


def _asked(given: Mapping[str, Any]) -> dict[str, Any]:
    """In an order that is the same in every process."""
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in given.items()}


def _mine(tx: Transaction, who: User, key: int) -> RoadClosure:
    found = closures.closure(tx, key, lock=True)
    policy.require(who, Deed.CLOSE_ROAD, found)
    return found


def _again(desk: Desk, key: int) -> RoadClosure:
    with desk.begin() as tx:
        return closures.closure(tx, key)
