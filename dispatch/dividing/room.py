"""What all the use cases of divisions share: reading with permission, the guard of the version, and telling."""

from __future__ import annotations

from typing import Any

from dispatch import policy, store
from dispatch.errors import NotNow, Stale
from dispatch.model import Deed, Event, User, UserId
from gis.database import Transaction
from gis.model import Division, DivisionState
from gis.store import divisions


def mine(tx: Transaction, who: User, deed: Deed, key: int, *, lock: bool = False) -> Division:
    """The division, which `who` may do `deed` to. Raises NotFound, Forbidden."""
    found = divisions.division(tx, key, lock=lock)
    policy.require(who, deed, found.district)
    return found


def check(
    division: Division, version: int, *states: DivisionState, deed: Deed = Deed.DRAW_GRID, cutting: bool = False
) -> None:
    """Raises Stale where somebody was faster, NotNow where it is in another state or still being cut."""
    if division.version != version:
        raise Stale(what="division", id=division.id, version=version, current=division.version)
    if division.state not in states:
        raise NotNow("work.not_now.division", deed=deed, stage=str(division.state))
    if division.share is not None and not cutting:
        raise NotNow("work.not_now.cutting", deed=deed, stage="cutting")


def tell(tx: Transaction, kind: str, division: Division, *, by: UserId | None, **body: Any) -> None:
    """Record what became of a division."""
    told = {"division": {"id": division.id, "state": str(division.state), "version": division.version}, **body}
    store.record(tx, Event(kind=kind, district=division.district, actor=by, reason=division.reason, body=told))
