"""Closures from a feed of work zones: what it holds is closed, what is gone from it is opened again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dispatch import policy
from dispatch.desk.closing import DESK, announce, save
from dispatch.desk.room import Desk
from dispatch.errors import Invalid
from dispatch.model import Deed, User
from dispatch.store.keys import clock
from gis.database import Transaction
from gis.model import DistrictId, RoadClosure
from gis.store import closures, districts
from gis.travel import workzones
from gis.travel.workzones import Feed, WorkZone


@dataclass(frozen=True, kw_only=True)
class Unused:
    """A feature that closes nothing, and why."""

    index: int
    id: str | None
    reason: str
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a delivery of a feed changed."""

    source: str
    added: int
    changed: int
    unchanged: int
    lifted: int
    not_used: tuple[Unused, ...]
    refused: tuple[Unused, ...]


def take_feed(desk: Desk, *, who: User, district: DistrictId, source: str, feed: Mapping[str, Any], key: str) -> Taken:
    """Make the closures of `source` those of `feed`. The same feed again changes nothing.

    A feature that cannot be read leaves the closure that it once was: it is gone only when its id is gone.
    Raises BadShape for what is no feed, Invalid for the name of the desk, Forbidden.
    """
    policy.require(who, Deed.CLOSE_ROAD, district)
    if source == DESK:
        raise Invalid(field="source", value=source, allowed="feed_name")

    def deed(tx: Transaction) -> Taken:
        now = clock(tx)
        told = workzones.read(feed, within=districts.district(tx, district).clip, now=now)
        known = closures.of_source(tx, district, source)
        counts = [_put(tx, who, district, source, zone, known.get(zone.key)) for zone in told.zones]
        lifted = _lift_gone(tx, who, told, known, now)
        return Taken(
            source=source,
            added=counts.count("added"),
            changed=counts.count("changed"),
            unchanged=counts.count("unchanged"),
            lifted=lifted,
            not_used=_unused(told.not_used),
            refused=_unused(told.refused),
        )

    asked = {"district": district, "source": source, "feed": feed}
    return desk.once(Taken, deed, name="road.feed", key=key, who=who, asked=asked)


def _put(
    tx: Transaction, who: User, district: DistrictId, source: str, zone: WorkZone, before: RoadClosure | None
) -> str:
    wanted = RoadClosure(
        id=0 if before is None else before.id,
        district=district,
        area=None,
        geometry=zone.geometry,
        modes=workzones.MODES,
        starts=zone.starts,
        ends=zone.ends,
        reason=zone.reason,
        source=source,
        source_key=zone.key,
        created_by=who.id,
    )
    wanted = replace(wanted, area=closures.area_of(tx, district, wanted))
    policy.require(who, Deed.CLOSE_ROAD, wanted)
    if before is None:
        announce(tx, "road.closed", closures.add(tx, wanted), by=who.id)
        return "added"
    if _alike(before, wanted):
        return "unchanged"
    save(tx, before, replace(wanted, created_by=before.created_by), before.version)
    announce(tx, "road.closed" if before.lifted_at else "road.changed", before.id, by=who.id)
    return "changed"


def _lift_gone(tx: Transaction, who: User, told: Feed, known: Mapping[str, RoadClosure], now: datetime) -> int:
    """Open what the feed no longer names, and what it names as open."""
    kept = {zone.key for zone in told.zones} | {left.key for left in told.refused}
    gone = [one for key, one in known.items() if key not in kept and one.lifted_at is None]
    for one in gone:
        policy.require(who, Deed.CLOSE_ROAD, one)
        save(tx, one, replace(one, lifted_at=now), one.version)
        announce(tx, "road.reopened", one.id, by=who.id)
    return len(gone)


def _alike(before: RoadClosure, wanted: RoadClosure) -> bool:
    same = before.geometry.equals_exact(wanted.geometry, 1e-9) and before.lifted_at is None
    return same and (before.modes, before.starts, before.ends, before.reason) == (
        wanted.modes,
        wanted.starts,
        wanted.ends,
        wanted.reason,
    )


def _unused(left: Sequence[workzones.Left]) -> tuple[Unused, ...]:
    return tuple(
        Unused(index=one.index, id=one.key, reason=one.reason, field=one.field, value=one.value) for one in left
    )
