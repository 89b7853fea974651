"""What a delivery came to, for people to look at: its lines in order, a map of them, the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import text

from gis.database import Transaction

AT_ONCE: Final = 2_000
COLUMNS: Final = (
    "line, verdict, source_key, reason, field, value, fields, was, ST_AsGeoJSON(geom, :digits)::json AS geometry"
)


def lines(
    tx: Transaction, batch: int, *, verdict: str | None, reason: str | None, after: int | None, limit: int
) -> list[Mapping[str, Any]]:
    """Up to `limit` lines behind line `after`. Lines that are not in the file (gone) have numbers below zero."""
    given = {"batch": batch, "verdict": verdict, "reason": reason, "after": after, "limit": limit, "digits": 7}
    return [dict(row) for row in tx.execute(text(LINES), given).mappings()]


def sampled(tx: Transaction, batch: int, *, most: int) -> tuple[list[Mapping[str, Any]], bool]:
    """At most `most` lines with a shape, evenly from each verdict, and whether that is fewer than there are."""
    rows: list[Mapping[str, Any]] = [
        dict(row) for row in tx.execute(text(SAMPLED), {"batch": batch, "most": most}).mappings()
    ]
    return rows, any(row["left_out"] for row in rows)


def named(tx: Transaction, batch: int) -> int:
    """How many lines bring a name that searches find."""
    return int(tx.execute(text(NAMED), {"batch": batch}).scalar_one())


def every(tx: Transaction, batch: int, *, digits: int = 7) -> Iterator[Mapping[str, Any]]:
    """All lines, without holding them; shapes with so many digits behind the point."""
    given = {"batch": batch, "digits": digits}
    found = tx.execution_options(stream_results=True, yield_per=AT_ONCE).execute(text(EVERY), given)
    for part in found.mappings().partitions():
        yield from (dict(row) for row in part)


LINES: Final = f"""
    SELECT {COLUMNS} FROM import_row
    WHERE batch = :batch AND (CAST(:verdict AS text) IS NULL OR verdict = :verdict)
        AND (CAST(:reason AS text) IS NULL OR reason = :reason)
        AND (CAST(:after AS bigint) IS NULL OR line > :after)
    ORDER BY line LIMIT :limit
"""  # noqa: S608 - constants
NAMED: Final = """
    SELECT count(*) FROM import_row WHERE batch = :batch AND fields ? 'name' AND geom IS NOT NULL
        AND (verdict IN ('added', 'changed', 'same') OR verdict = 'rejected' AND reason = 'no_address')
"""
EVERY: Final = f"SELECT {COLUMNS} FROM import_row WHERE batch = :batch ORDER BY line"  # noqa: S608 - constants
SAMPLED: Final = """
    WITH held AS (
        SELECT line, verdict, reason, geom, row_number() OVER (PARTITION BY verdict ORDER BY line) AS nth,
            count(*) OVER (PARTITION BY verdict) AS n, count(*) OVER () AS total
        FROM import_row WHERE batch = :batch AND geom IS NOT NULL)
    SELECT line, verdict, reason, total > :most AS left_out,
        ST_AsGeoJSON(CASE WHEN ST_NPoints(geom) > 200 THEN ST_PointOnSurface(geom) ELSE geom END, 6)::json AS geometry
    FROM held WHERE total <= :most OR nth % greatest(1, ceil(n * 1.0 * 6 / :most)::int) = 0 OR nth = 1
    ORDER BY line LIMIT :most
"""
