"""What a delivery changes, worked out set-wise: by the key of the source and the digest of the content.

The statements are put together from the names of our own tables in `kept`, never from what somebody sent.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from gis.database import Transaction
from gis.model import DistrictId
from gis.store.deliveries.kept import Kept

MADE: Final = "~"  #: how a key begins that was made up for want of one


def compare(
    tx: Transaction, batch: int, kept: Kept, *, district: DistrictId, source: int, whole: bool, key: str
) -> None:
    """Give every line that was read its verdict. `whole`: what the file does not hold is gone.

    `key` is the field of the file that holds the key, for telling which value stands in several lines.
    """
    given = {"batch": batch, "district": district, "source": source, "key": key}
    tx.execute(text("SET LOCAL statement_timeout = 0"))
    tx.execute(text("ANALYZE import_row"))
    for statement in (NUMBERED, TWICE, DOUBLE):
        tx.execute(text(statement), given)
    if kept.code:
        tx.execute(text(TAKEN.format(table=kept.table)), given)
    parts = {"table": kept.table, "own": _own(kept)}
    tx.execute(text(KNOWN.format(**parts)), given)
    tx.execute(text(ADDED), given)
    if whole:
        tx.execute(text(GONE.format(**parts, shape=kept.shape)), given)


def all_new(tx: Transaction, batch: int) -> None:
    """For what is never compared: every line that was read is added."""
    tx.execute(text(ADDED), {"batch": batch})


def _own(kept: Kept) -> str:
    """The former values of a row as JSON."""
    pairs = ", ".join(f"'{name}', t.{name}" for name in kept.own())
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"


#: Lines whose key was made up and comes several times are told apart by their content, whatever their order.
NUMBERED: Final = f"""
    UPDATE import_row AS r SET source_key = r.source_key || '#' || n.nth
    FROM (SELECT line, row_number() OVER (PARTITION BY source_key ORDER BY digest, line) AS nth FROM import_row
        WHERE batch = :batch AND verdict = 'new' AND source_key LIKE '{MADE}%') AS n
    WHERE r.batch = :batch AND r.line = n.line AND n.nth > 1
"""  # noqa: S608 - a constant
#: The same line again: the first one will do.
TWICE: Final = """
    UPDATE import_row AS r SET verdict = 'rejected', reason = 'double_key', field = :key,
        value = left(r.source_key, 80) || ' (' || n.first || ', ' || r.line || ')'
    FROM (SELECT line, first_value(line) OVER w AS first, row_number() OVER w AS nth FROM import_row
        WHERE batch = :batch AND verdict = 'new' WINDOW w AS (PARTITION BY source_key, digest ORDER BY line)) AS n
    WHERE r.batch = :batch AND r.line = n.line AND n.nth > 1
"""
#: Two different things under one key: neither is taken, since nobody can say which is meant.
DOUBLE: Final = """
    UPDATE import_row AS r SET verdict = 'rejected', reason = 'double_key', field = :key,
        value = left(r.source_key, 80) || ' (' || d.lines || ')'
    FROM (SELECT source_key, array_to_string((array_agg(line ORDER BY line))[1:10], ', ') AS lines FROM import_row
        WHERE batch = :batch AND verdict = 'new' GROUP BY source_key HAVING count(*) > 1) AS d
    WHERE r.batch = :batch AND r.verdict = 'new' AND r.source_key = d.source_key
"""
TAKEN: Final = """
    UPDATE import_row AS r SET verdict = 'rejected', reason = 'other_source', field = :key, value = r.fields ->> 'code'
    FROM {table} AS t WHERE r.batch = :batch AND r.verdict = 'new' AND t.district = :district
        AND t.code = r.fields ->> 'code' AND t.source IS DISTINCT FROM :source
"""
KNOWN: Final = """
    UPDATE import_row AS r SET row_id = t.id, verdict = CASE WHEN t.digest = r.digest THEN 'same' ELSE 'changed' END,
        was = CASE WHEN t.digest IS DISTINCT FROM r.digest THEN {own} END
    FROM {table} AS t
    WHERE r.batch = :batch AND r.verdict = 'new' AND t.source = :source AND t.source_key = r.source_key
"""
ADDED: Final = "UPDATE import_row SET verdict = 'added' WHERE batch = :batch AND verdict = 'new'"
#: Lines that are not in the file count downwards. A key that was read and refused is not gone.
GONE: Final = """
    INSERT INTO import_row (batch, line, verdict, source_key, digest, row_id, was, geom)
    SELECT :batch, -row_number() OVER (ORDER BY t.id), 'gone', t.source_key, t.digest, t.id, {own}, t.{shape}
    FROM {table} AS t WHERE t.source = :source
        AND NOT EXISTS (SELECT FROM import_row AS r WHERE r.batch = :batch AND r.source_key = t.source_key)
"""
