"""The lines of a delivery, poured in as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, text

from gis.database import Transaction
from gis.store.copying import copy, ewkb
from gis.tables import import_row as t

SRID: Final = 4326
COLUMNS: Final = ("batch", "line", "verdict", "source_key", "digest", "reason", "field", "value", "fields", "geom")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line: `new`, or `rejected` with field, value and the code of the reason."""

    line: int
    verdict: str
    source_key: str | None
    digest: int | None
    fields: dict[str, Any]
    geom: BaseGeometry | None
    reason: str | None = None
    field: str | None = None
    value: str | None = None


def put(tx: Transaction, batch: int, lines: Sequence[Line]) -> None:
    """Append lines."""
    shapes = iter(ewkb([line.geom for line in lines if line.geom is not None], SRID))
    copy(tx, t, COLUMNS, (_row(batch, line, shapes) for line in lines))


def clear(tx: Transaction, batch: int) -> None:
    """Take all lines of a delivery out again."""
    tx.execute(delete(t).where(t.c.batch == batch))


def count(tx: Transaction, batch: int) -> dict[str, Any]:
    """added, changed, same, gone, and rejected by reason."""
    found: dict[str, Any] = {"added": 0, "changed": 0, "same": 0, "gone": 0, "rejected": {}}
    for verdict, reason, number in tx.execute(text(COUNTS), {"batch": batch}):
        if verdict == "rejected":
            found["rejected"][reason] = number
        else:
            found[verdict] = found.get(verdict, 0) + number
    return found


COUNTS: Final = """
    SELECT verdict, CASE verdict WHEN 'rejected' THEN coalesce(reason, '') END AS why, count(*)
    FROM import_row WHERE batch = :batch GROUP BY verdict, why ORDER BY verdict, why
"""


def _row(batch: int, line: Line, shapes: Iterable[str]) -> tuple[object, ...]:
    shape = next(iter(shapes)) if line.geom is not None else None
    said = (line.source_key, line.digest, line.reason, line.field, line.value)
    return (batch, line.line, line.verdict, *said, line.fields, shape)
