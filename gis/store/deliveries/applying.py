"""A compared delivery, written into the ground: added, changed, taken out, joined with what stands around it.

What a row was before is kept by the trigger `keep_past`. The statements are put together from the names of our own
tables in `kept`, never from what somebody sent.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from gis.database import Transaction
from gis.model import DistrictId
from gis.spelling import letters
from gis.store import register
from gis.store.assigning import assign_cells
from gis.store.copying import copy
from gis.store.deliveries.kept import OSM, Kept
from gis.tables import register_alias

ALIAS: Final = ("district", "name", "key", "source", "point", "origin", "origin_key")


def apply(
    tx: Transaction, batch: int, kept: Kept, *, district: DistrictId, source: int, accuracy_m: float | None
) -> None:
    """Carry out the verdicts of a delivery."""
    given: dict[str, object] = {"batch": batch, "district": district, "source": source, "accuracy": accuracy_m}
    tx.execute(text("SET LOCAL statement_timeout = 0"))
    tx.execute(text("CREATE TEMP TABLE touched_cell (id integer PRIMARY KEY) ON COMMIT DROP"))
    _touch(tx, kept, given)
    tx.execute(text(DELETE.format(table=kept.table)), given)
    tx.execute(text(_update(kept)), given)
    tx.execute(text(_insert(kept)), given)
    assign_cells(tx, district, kept.table, where=f"source = {int(source)}")
    if kept.table == "address":
        tx.execute(text(IN_BUILDING), given)
        _names(tx, given)
    if kept.table == "building":
        tx.execute(text(HOLDING), given)
    if kept.table == "sensor":
        tx.execute(text(SENSOR_IN), given)
    _touch(tx, kept, given)
    if kept.table == "building":
        tx.execute(text(TOTALS))
    if kept.register:
        register.changed(tx, district)


def _touch(tx: Transaction, kept: Kept, given: dict[str, object]) -> None:
    """Remember the cells in which something of this delivery lies."""
    tx.execute(text(TOUCHED.format(table=kept.table)), given)


def _insert(kept: Kept) -> str:
    columns = {**kept.columns, **(OSM if kept.table in ("building", "address", "facility") else {})}
    return INSERT.format(table=kept.table, names=", ".join(columns), values=", ".join(columns.values()))


def _update(kept: Kept) -> str:
    return UPDATE.format(table=kept.table, sets=", ".join(f"{name} = {made}" for name, made in kept.columns.items()))


def _names(tx: Transaction, given: dict[str, object]) -> None:
    """Names that addresses of a register have lead to them. A line without an address may still bring a name."""
    tx.execute(text(NAMES_OUT), given)
    rows = tx.execute(text(NAMES), given).all()
    named = (
        (given["district"], name, letters.key(name), "register", point, given["source"], key)
        for name, key, point in rows
        if letters.key(name)
    )
    copy(tx, register_alias, ALIAS, named)


LINES: Final = "import_row AS r, jsonb_populate_record(NULL::{table}, r.fields) AS p"
TOUCHED: Final = """
    INSERT INTO touched_cell SELECT DISTINCT t.cell FROM import_row AS r JOIN {table} AS t
        ON t.source = :source AND t.source_key = r.source_key
    WHERE r.batch = :batch AND r.verdict IN ('added', 'changed', 'gone') AND t.cell IS NOT NULL
    ON CONFLICT DO NOTHING
"""
DELETE: Final = """
    DELETE FROM {table} AS t USING import_row AS r WHERE r.batch = :batch AND r.verdict = 'gone' AND t.id = r.row_id
"""
UPDATE: Final = """
    UPDATE {table} AS t SET {sets}, digest = r.digest, valid_from = now(),
        accuracy_m = coalesce(p.accuracy_m, CAST(:accuracy AS float8))
    FROM import_row AS r, jsonb_populate_record(NULL::{table}, r.fields) AS p
    WHERE r.batch = :batch AND r.verdict = 'changed' AND t.id = r.row_id
"""
INSERT: Final = """
    INSERT INTO {table} (district, source, source_key, digest, accuracy_m, {names})
    SELECT :district, :source, r.source_key, r.digest, coalesce(p.accuracy_m, CAST(:accuracy AS float8)), {values}
    FROM import_row AS r, jsonb_populate_record(NULL::{table}, r.fields) AS p
    WHERE r.batch = :batch AND r.verdict = 'added' ORDER BY r.line
"""
IN_BUILDING: Final = """
    UPDATE address AS a SET building = found.id FROM (
        SELECT own.id AS address, min(b.id) AS id FROM address AS own
        LEFT JOIN building AS b ON b.district = :district AND ST_Covers(b.geom, own.point)
        WHERE own.source = :source GROUP BY own.id) AS found
    WHERE a.id = found.address AND a.building IS DISTINCT FROM found.id
"""
SENSOR_IN: Final = IN_BUILDING.replace("UPDATE address", "UPDATE sensor").replace("FROM address", "FROM sensor")
#: Addresses that nobody's building held before may lie in one of these.
HOLDING: Final = """
    UPDATE address AS a SET building = b.id FROM building AS b
    WHERE b.source = :source AND a.district = :district AND a.building IS NULL AND ST_Covers(b.geom, a.point)
"""
TOTALS: Final = """
    UPDATE cell AS c SET buildings = held.buildings, people = held.people FROM (
        SELECT o.id, count(b.id) AS buildings, coalesce(sum(b.people), 0) AS people
        FROM touched_cell AS o LEFT JOIN building AS b ON b.cell = o.id GROUP BY o.id) AS held
    WHERE c.id = held.id
"""
NAMES_OUT: Final = """
    DELETE FROM register_alias AS n WHERE n.origin = :source AND n.origin_key IN (
        SELECT source_key FROM import_row WHERE batch = :batch AND source_key IS NOT NULL)
"""
NAMES: Final = """
    SELECT fields ->> 'name', source_key, ST_PointOnSurface(geom)::text FROM import_row
    WHERE batch = :batch AND fields ? 'name' AND geom IS NOT NULL
        AND (verdict IN ('added', 'changed', 'same') OR verdict = 'rejected' AND reason = 'no_address') ORDER BY line
"""
