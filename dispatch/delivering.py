"""Deliveries as people deal with them: who may bring, look at, plan, apply and give up files of the ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dispatch import policy
from dispatch.errors import Forbidden
from dispatch.model import Deed, Role, User
from dispatch.once import begin, once
from gis.database import Transaction
from gis.importing import deliveries
from gis.importing.deliveries import Plan
from gis.importing.deliveries.sampling import Sample, sample
from gis.model import District, DistrictId
from gis.store import districts
from gis.store.deliveries import asking, batches
from gis.store.deliveries.batches import Delivery


def receive(
    engine: Engine, *, who: User, district: DistrictId | None, file: Path, name: str, stored: str, key: str | None
) -> Delivery:
    """Look into an uploaded file and write it down. Raises BadSource, Forbidden, NotFound.

    Sent again with the same key the first delivery is told: its `stored` differs then, and this file is one too many.
    """
    _check(who, district)
    place = _place(engine, district)
    received = deliveries.inspect(engine, file, name=name, district=place)

    def deed(tx: Transaction) -> Delivery:
        return deliveries.store(tx, received, district=district, stored=stored, by=who.id)

    asked = {"district": district, "sha256": received.sha256}
    return once(engine, Delivery, deed, name="import.receive", key=key, who=who, asked=asked)


def plan(engine: Engine, *, who: User, batch: int, version: int, given: Plan, key: str | None) -> Delivery:
    """Say how a delivery is to be read; the worker reads and compares it. Raises BadPlan, NotInThisState."""
    asked = {"batch": batch, "version": version, "plan": repr(given)}
    return _once(engine, who, batch, lambda tx: deliveries.plan(tx, batch, version, given), "plan", key, asked)


def agree(engine: Engine, *, who: User, batch: int, version: int, key: str | None) -> Delivery:
    """Have a compared delivery written into the ground by the worker. Raises NotInThisState."""
    asked = {"batch": batch, "version": version}
    return _once(engine, who, batch, lambda tx: deliveries.agree(tx, batch, version), "apply", key, asked)


def cancel(engine: Engine, *, who: User, batch: int, version: int, key: str | None) -> Delivery:
    """Give a delivery up, also while it is read. Raises NotInThisState."""
    asked = {"batch": batch, "version": version}
    return _once(engine, who, batch, lambda tx: deliveries.cancel(tx, batch, version), "cancel", key, asked)


def of_district(engine: Engine, *, who: User, district: DistrictId | None) -> list[Delivery]:
    """The deliveries of a district, the newest first; for None those that make places, as far as `who` may see them."""
    if district is None and Role.ADMINISTRATOR not in who.roles():
        return []
    _check(who, district)
    with begin(engine) as tx:
        return batches.of_district(tx, district)


def seen(engine: Engine, *, who: User, batch: int) -> Delivery:
    """One delivery."""
    with begin(engine) as tx:
        return _mine(tx, who, batch)


def tried(engine: Engine, *, who: User, batch: int, folder: Path, **how: Any) -> Sample:
    """How its first rows would land; `how` is what a person tries. Raises BadPlan, BadSource, NotFound."""
    known = seen(engine, who=who, batch=batch)
    file = folder / (known.stored or f"gone-{batch}")
    return sample(engine, known, file, **how)


def lines(
    engine: Engine, *, who: User, batch: int, verdict: str | None, reason: str | None, after: int | None, limit: int
) -> list[Mapping[str, Any]]:
    """Its lines in order."""
    with begin(engine) as tx:
        _mine(tx, who, batch)
        return asking.lines(tx, batch, verdict=verdict, reason=reason, after=after, limit=limit)


def mapped(engine: Engine, *, who: User, batch: int, most: int) -> tuple[list[Mapping[str, Any]], bool]:
    """Lines with shapes, evenly from each verdict, and whether some were left out."""
    with begin(engine) as tx:
        _mine(tx, who, batch)
        return asking.sampled(tx, batch, most=most)


def every(engine: Engine, batch: int) -> Iterator[Mapping[str, Any]]:
    """All lines, for the report of somebody who was let in by `seen`."""
    with begin(engine) as tx:
        yield from asking.every(tx, batch)


def _once(
    engine: Engine,
    who: User,
    batch: int,
    deed: Callable[[Transaction], Delivery],
    name: str,
    key: str | None,
    asked: Mapping[str, Any],
) -> Delivery:
    def permitted(tx: Transaction) -> Delivery:
        _mine(tx, who, batch)
        return deed(tx)

    return once(engine, Delivery, permitted, name=f"import.{name}", key=key, who=who, asked=asked)


def _mine(tx: Transaction, who: User, batch: int) -> Delivery:
    found = batches.get(tx, batch)
    _check(who, found.district)
    return found


def _check(who: User, district: DistrictId | None) -> None:
    """Places of their own are made by administrators."""
    if district is not None:
        policy.require(who, Deed.IMPORT, district)
    elif Role.ADMINISTRATOR not in who.roles():
        raise Forbidden(deed=Deed.IMPORT, role=", ".join(sorted(who.roles())))


def _place(engine: Engine, district: DistrictId | None) -> District | None:
    if district is None:
        return None
    with begin(engine) as tx:
        return districts.district(tx, district)
