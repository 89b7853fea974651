"""Shifts as they are agreed, in local wall time, and who answers for a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import delete, insert, select, text, update

from dispatch.model import ResponderId
from dispatch.tables import cell_duty, responder, shift_break, shift_pattern
from gis.database import Transaction
from gis.model import CellId, DistrictId


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """On these days (ISO: 1 Monday .. 7 Sunday), local wall time; `ends` not after `starts` is on the next day."""

    weekdays: frozenset[int]
    starts: time
    ends: time
    break_from: time | None = None  #: a pause of `break_seconds` begins between these, in local wall time
    break_until: time | None = None
    break_seconds: int | None = None


def replace_patterns(tx: Transaction, key: ResponderId, patterns: Sequence[Pattern]) -> None:
    """What is agreed with this responder from now on."""
    tx.execute(delete(shift_pattern).where(shift_pattern.c.responder == key))
    for p in patterns:
        row = asdict(p) | {"responder": key, "weekdays": sorted(p.weekdays)}
        tx.execute(insert(shift_pattern).values(**row))


def patterns_of(tx: Transaction, key: ResponderId) -> list[Pattern]:
    """What is agreed with this responder."""
    p = shift_pattern.c
    columns = [p[f.name] for f in fields(Pattern)]
    rows = tx.execute(select(*columns).where(p.responder == key).order_by(p.id)).mappings()
    return [Pattern(**{**row, "weekdays": frozenset(row["weekdays"])}) for row in rows]


def with_patterns(tx: Transaction, district: DistrictId) -> list[ResponderId]:
    """Everybody with an agreed pattern who has not left."""
    mine = select(shift_pattern.c.responder).distinct().join(responder, responder.c.id == shift_pattern.c.responder)
    here = mine.where(responder.c.district == district, responder.c.gone.is_(False))
    return list(tx.scalars(here.order_by(shift_pattern.c.responder)))


def expanded(tx: Transaction, key: ResponderId, until: date) -> None:
    """Note how far the patterns are written out."""
    tx.execute(update(shift_pattern).where(shift_pattern.c.responder == key).values(expanded_until=until))


_NEAREST = text(
    """
    INSERT INTO cell_duty (cell, responder)
    SELECT c.id, nearest.id
    FROM cell c
        CROSS JOIN LATERAL (
        SELECT r.id
        FROM responder r
        WHERE r.district = c.district AND r.kind = 'worker' AND NOT r.gone
        ORDER BY (r.area = c.area) IS NOT TRUE, r.home <-> c.centre, r.id
        LIMIT 1
    ) nearest
    WHERE c.district = :district AND c.version = current_grid(:district)
    ON CONFLICT (cell) DO UPDATE SET responder = EXCLUDED.responder
    """
)


def give_cells_to_nearest(tx: Transaction, district: DistrictId) -> int:
    """Every current cell to the nearest worker, those of its community first; how many."""
    return tx.execute(_NEAREST, {"district": district}).rowcount


def give_cell(tx: Transaction, cell: CellId, key: ResponderId) -> None:
    """This cell to this person."""
    tx.execute(delete(cell_duty).where(cell_duty.c.cell == cell))
    tx.execute(insert(cell_duty).values(cell=cell, responder=key))


def duties(tx: Transaction, district: DistrictId) -> dict[CellId, ResponderId]:
    """Who answers for which cell."""
    mine = select(cell_duty.c.cell, cell_duty.c.responder).join(responder, responder.c.id == cell_duty.c.responder)
    return {row.cell: row.responder for row in tx.execute(mine.where(responder.c.district == district))}


def take_pause(tx: Transaction, key: ResponderId, at: datetime) -> None:
    """The break that is due at that moment has been taken: it is not planned once more."""
    b = shift_break.c
    tx.execute(delete(shift_break).where(b.responder == key, b.earliest <= at, b.latest >= at))


def responsible_for(tx: Transaction, cell: CellId) -> ResponderId | None:
    """Who answers for this cell."""
    return tx.execute(select(cell_duty.c.responder).where(cell_duty.c.cell == cell)).scalar_one_or_none()


_HOMES = text(
    """
    UPDATE responder AS r SET home_cell = cell_of(current_grid(:district), r.home)
    FROM cell AS c WHERE r.district = :district AND c.id = r.home_cell AND c.version <> current_grid(:district)
    """
)


def move_homes(tx: Transaction, district: DistrictId) -> int:
    """Whoever is at home in a cell that has ended is at home in the one in its place; how many."""
    return tx.execute(_HOMES, {"district": district}).rowcount
