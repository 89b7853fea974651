"""Divisions of a district, from draft to past, and who made, proposed and approved them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, select, update

from gis.database import Transaction
from gis.errors import NotFound
from gis.model import DistrictId, Division, DivisionState
from gis.tables import draft_cell
from gis.tables import grid_version as t

COLUMNS = [f.name for f in fields(Division)]


def division(tx: Transaction, key: int, *, lock: bool = False) -> Division:
    """One division; with `lock` nobody else changes it until the transaction ends. Raises NotFound."""
    question = _select().where(t.c.id == key)
    row = tx.execute(question.with_for_update() if lock else question).mappings().first()
    if row is None:
        raise NotFound(what="division", id=key)
    return _division(row)


def divisions(tx: Transaction, district: DistrictId) -> list[Division]:
    """All of a district: what stands first, then what is coming, the newest first, then what was."""
    rows = tx.execute(_select().where(t.c.district == district).order_by(t.c.id.desc())).mappings()
    order = [DivisionState.STANDING, DivisionState.PLANNED, DivisionState.PROPOSED, DivisionState.DRAFT]
    rank = {state: place for place, state in enumerate([*order, DivisionState.PAST])}
    return sorted((_division(row) for row in rows), key=lambda one: rank[one.state])


def standing(tx: Transaction, district: DistrictId, *, lock: bool = False) -> Division | None:
    """The division in force."""
    question = _select().where(t.c.district == district, t.c.state == DivisionState.STANDING)
    row = tx.execute(question.with_for_update() if lock else question).mappings().first()
    return None if row is None else _division(row)


def due(tx: Transaction, now: datetime, district: DistrictId | None = None) -> list[Division]:
    """What ought to be in force by now, the earliest first."""
    question = _select().where(t.c.state == DivisionState.PLANNED, t.c.starts <= now)
    question = question if district is None else question.where(t.c.district == district)
    return [_division(row) for row in tx.execute(question.order_by(t.c.starts, t.c.id)).mappings()]


def to_cut(tx: Transaction, district: DistrictId | None = None) -> list[tuple[int, DistrictId]]:
    """Drafts that wait to be cut, with their districts."""
    where = [t.c.state == DivisionState.DRAFT, t.c.share.is_not(None)]
    where += [] if district is None else [t.c.district == district]
    return [
        (int(row[0]), int(row[1])) for row in tx.execute(select(t.c.id, t.c.district).where(*where).order_by(t.c.id))
    ]


def waits_for_cut(tx: Transaction, key: int) -> bool:
    """Whether this draft is there and waits to be cut."""
    return any(draft == key for draft, _ in to_cut(tx))


def next_start(tx: Transaction, district: DistrictId) -> datetime | None:
    """When the next planned division begins."""
    where: list[ColumnElement[bool]] = [t.c.district == district, t.c.state == DivisionState.PLANNED]
    found: datetime | None = tx.scalar(select(func.min(t.c.starts)).where(*where))
    return found


def add(tx: Transaction, district: DistrictId, **values: Any) -> int:
    """A new draft; its number."""
    row = {"district": district, "state": DivisionState.DRAFT, "starts": None} | values
    return int(tx.execute(insert(t).values(row).returning(t.c.id)).scalar_one())


def save(tx: Transaction, before: Division, **values: Any) -> Division:
    """The division with other values, one version on. `before` has to be locked."""
    tx.execute(update(t).where(t.c.id == before.id).values(values | {"version": before.version + 1}))
    return division(tx, before.id)


def note_progress(tx: Transaction, key: int, values: Mapping[str, Any]) -> None:
    """How far the cut is, or why it failed; the version stays."""
    tx.execute(update(t).where(t.c.id == key).values(dict(values)))


def drop(tx: Transaction, key: int) -> None:
    """A division that never stood, with its cells and its history."""
    tx.execute(delete(t).where(t.c.id == key, t.c.turn.is_(None)))


def counts(tx: Transaction, district: DistrictId) -> dict[int, int]:
    """How many cells each division of a district has or had."""
    mine = select(draft_cell.c.division, func.count()).join(t, t.c.id == draft_cell.c.division)
    rows = tx.execute(mine.where(t.c.district == district).group_by(draft_cell.c.division))
    found = {int(row[0]): int(row[1]) for row in rows}
    return {key: int(n) for key, n in tx.exec_driver_sql(STOOD, {"district": district})} | found


STOOD = """
    SELECT v.id, count(c.id) FROM grid_version AS v JOIN cell AS c ON c.district = v.district
        JOIN grid_version AS f ON f.id = c.since JOIN grid_version AS l ON l.id = c.version
    WHERE v.district = %(district)s AND v.turn BETWEEN f.turn AND l.turn GROUP BY v.id
"""


def _select() -> Any:
    return select(*(t.c[name] for name in COLUMNS))


def _division(row: RowMapping) -> Division:
    return Division(**{**row, "state": DivisionState(row["state"])})
