"""Deliveries and the states they pass through. Every step is guarded by the version that was read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, delete, func, insert, select, text, update

from gis.database import Transaction
from gis.errors import NotFound, NotInThisState
from gis.model import DistrictId
from gis.tables import import_batch as t
from gis.tables import source as s

UPLOADED, READING, COMPARED, APPLYING = "uploaded", "reading", "compared", "applying"
APPLIED, CANCELLED, FAILED = "applied", "cancelled", "failed"
AT_WORK: Final = (READING, APPLYING)
OPEN: Final = (UPLOADED, READING, COMPARED, APPLYING, FAILED)
REGISTER, DRAWN, OSM = "register", "drawn", "osm"

type Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One file on its way in."""

    id: int
    district: DistrictId | None  #: None: it makes a place of its own
    source: int | None
    target: str | None
    file: str  #: what the person calls it
    sha256: str
    bytes: int
    format: str | None
    layer: str | None
    encoding: str | None
    crs: str | None
    mapping: Json  #: column -> {"field": name} or {"value": constant}
    state: str
    step: str
    share: float
    cancel: bool
    counts: Json  #: added, changed, same, gone; rejected: {reason: n}
    error: Json | None  #: code, params
    created_by: int | None
    created_at: datetime
    changed_at: datetime
    version: int
    inspected: Json
    plan: Json
    stored: str | None
    tries: int


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Whose data it is. `kind`: register, drawn, osm, service."""

    id: int | None = None
    kind: str = REGISTER
    name: str
    licence: str = ""
    attribution: str = ""
    accuracy_m: float | None = None


def add(tx: Transaction, **row: object) -> Delivery:
    """A new delivery: district, file, sha256, bytes, format, stored, inspected, created_by and what is proposed."""
    return _delivery(tx.execute(insert(t).values(**row).returning(*t.c)).mappings().one())


def get(tx: Transaction, batch: int, *, lock: bool = False) -> Delivery:
    """One delivery. Raises NotFound."""
    question = select(t).where(t.c.id == batch)
    row = tx.execute(question.with_for_update() if lock else question).mappings().first()
    if row is None:
        raise NotFound(what="import", id=batch)
    return _delivery(row)


def of_district(tx: Transaction, district: DistrictId | None, *, most: int = 100) -> list[Delivery]:
    """The deliveries of a district, those that make places of their own for None; the newest first."""
    mine = t.c.district == district if district is not None else t.c.district.is_(None)
    question = select(t).where(mine).order_by(t.c.created_at.desc(), t.c.id.desc()).limit(most)
    return [_delivery(row) for row in tx.execute(question).mappings()]


def at_work(tx: Transaction) -> list[Delivery]:
    """Those for which a job should be under way."""
    return [_delivery(row) for row in tx.execute(select(t).where(t.c.state.in_(AT_WORK)).order_by(t.c.id)).mappings()]


def move(
    tx: Transaction, batch: int, to: str, *, among: Collection[str], version: int | None = None, **changes: object
) -> Delivery:
    """Take a delivery from one of the states `among` to `to`. Raises NotFound, NotInThisState.

    `version` is what the person saw; None where the machine goes on by itself.
    """
    known = get(tx, batch, lock=True)
    if version is not None and known.version != version:
        raise NotInThisState(id=batch, state=known.state, reason="version")
    if known.state not in among:
        raise NotInThisState(id=batch, state=known.state, reason="state")
    values = {"state": to, "version": t.c.version + 1, "changed_at": func.now(), **changes}
    row = tx.execute(update(t).where(t.c.id == batch).values(**values).returning(*t.c)).mappings().one()
    return _delivery(row)


def tell(tx: Transaction, batch: int, step: str, share: float) -> bool:
    """Write down how far a job is; whether somebody wants it to stop."""
    values = {"step": step, "share": min(max(share, 0.0), 1.0), "changed_at": func.now()}
    found = tx.execute(update(t).where(t.c.id == batch).values(**values).returning(t.c.cancel)).scalar_one_or_none()
    return found is None or bool(found)


def ask_to_stop(tx: Transaction, batch: int) -> None:
    """Have the job of a delivery stop at its next look."""
    tx.execute(update(t).where(t.c.id == batch).values(cancel=True, changed_at=func.now()))


def begin_again(tx: Transaction, batch: int) -> int:
    """A job begins; how often one began since a person last asked for it."""
    question = update(t).where(t.c.id == batch).values(tries=t.c.tries + 1, changed_at=func.now())
    return int(tx.execute(question.returning(t.c.tries)).scalar_one())


def belongs(tx: Transaction, batch: int, district: DistrictId) -> None:
    """Write down the place that a delivery made."""
    tx.execute(update(t).where(t.c.id == batch).values(district=district))


def origin(tx: Transaction, source: int | None) -> Origin | None:
    """What is known of a source."""
    row = tx.execute(select(s).where(s.c.id == source)).mappings().first() if source is not None else None
    return None if row is None else Origin(**{one.name: row[one.name] for one in fields(Origin)})


def keep_origin(tx: Transaction, district: DistrictId, given: Origin, mapping: Json) -> int:
    """The source of this kind and name, made or brought up to date; its id. `mapping` is remembered for next time."""
    said = {"licence": given.licence, "attribution": given.attribution, "accuracy_m": given.accuracy_m}
    known = select(s.c.id, s.c.mapping).where(s.c.district == district, s.c.kind == given.kind, s.c.name == given.name)
    row = tx.execute(known.with_for_update()).first()
    if row is None:
        made = insert(s).values(district=district, kind=given.kind, name=given.name, mapping=dict(mapping), **said)
        return int(tx.execute(made.returning(s.c.id)).scalar_one())
    tx.execute(update(s).where(s.c.id == row[0]).values(mapping={**row[1], **mapping}, **said))
    return int(row[0])


def remembered(tx: Transaction, district: DistrictId, columns: str) -> tuple[Origin, Json] | None:
    """The source that last brought a file with these columns (`columns` is their key), and what was said of it."""
    row = tx.execute(text(REMEMBERED), {"district": district, "columns": columns}).mappings().first()
    if row is None:
        return None
    return Origin(**{one.name: row[one.name] for one in fields(Origin)}), row["plan"]


def forget_files(tx: Transaction, before: datetime) -> list[str]:
    """The stored files of deliveries that nobody touched since: they may go. The lines of what is over go at once."""
    old = t.c.changed_at < before
    found = list(tx.scalars(select(t.c.stored).where(old, t.c.stored.is_not(None), t.c.state.not_in(AT_WORK))))
    tx.execute(update(t).where(old, t.c.stored.is_not(None), t.c.state.not_in(AT_WORK)).values(stored=None))
    tx.execute(text(OLD_ROWS), {"before": before})
    return found


def forget_rows(tx: Transaction, batch: int) -> None:
    """Drop the lines of a delivery whose report is elsewhere."""
    tx.execute(text("DELETE FROM import_row WHERE batch = :batch"), {"batch": batch})


def drop(tx: Transaction, batch: int) -> None:
    """Forget a delivery."""
    tx.execute(delete(t).where(t.c.id == batch))


REMEMBERED: Final = """
    SELECT id, kind, name, licence, attribution, accuracy_m, mapping -> :columns AS plan FROM source
    WHERE district = :district AND mapping ? :columns ORDER BY id DESC LIMIT 1
"""
OLD_ROWS: Final = """
    DELETE FROM import_row AS r USING import_batch AS b
    WHERE b.id = r.batch AND b.changed_at < :before AND b.state IN ('applied', 'cancelled', 'failed')
"""


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(**{one.name: row[one.name] for one in fields(Delivery)})
