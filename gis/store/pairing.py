"""The same thing under another number: a house that was drawn anew, a road whose way was split, an extract renumbered.

What an extract brings under a number that is not stored, and what is stored under a number that it does not bring, are
paired by what they are and where they lie. A pair is one row that goes on: `ready_*.match` is the key it is stored by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from gis.database import Transaction
from gis.model import DistrictId
from gis.store.kinds import KINDS


@dataclass(frozen=True, kw_only=True)
class _Likeness:
    """SQL over `t` (stored) and `r` (brought). `near` finds candidates, `score` (0..1) must reach `least`."""

    near: str
    score: str
    least: float


METRES: Final = 9e-6  #: degrees of latitude, about
SHARED_LENGTH: Final = """
    least(ST_Length(ST_Intersection(r.geom, ST_Buffer(t.geom, 1e-4, 2))) / ST_Length(r.geom),
          ST_Length(ST_Intersection(t.geom, ST_Buffer(r.geom, 1e-4, 2))) / ST_Length(t.geom))"""
NAMED: Final = "t.kind = r.kind AND (t.name IS NOT DISTINCT FROM r.name OR t.name IS NULL OR r.name IS NULL)"
LIKE: Final[Mapping[str, _Likeness]] = {
    "building": _Likeness(
        near="ST_Intersects(t.geom, r.geom)",
        score="ST_Area(ST_Intersection(t.geom, r.geom)) / nullif(ST_Area(ST_Union(t.geom, r.geom)), 0)",
        least=0.5,
    ),
    "address": _Likeness(
        near=f"lower(t.number) = lower(r.number) AND ST_DWithin(t.point, r.point, {100 * METRES})"
        " AND lower(t.street) IS NOT DISTINCT FROM lower(r.street)",
        score=f"1 - ST_Distance(t.point, r.point) / {100 * METRES}",
        least=0.0,
    ),
    "facility": _Likeness(
        near=f"{NAMED} AND ST_DWithin(t.point, r.point, {100 * METRES})",
        score=f"1 - ST_Distance(t.point, r.point) / {100 * METRES}",
        least=0.0,
    ),
    "road": _Likeness(
        near="t.geom && r.geom AND ST_DWithin(t.geom, ST_LineInterpolatePoint(r.geom, 0.5), 1e-4)"
        " AND ST_DWithin(r.geom, ST_LineInterpolatePoint(t.geom, 0.5), 1e-4)",
        score=SHARED_LENGTH,
        least=0.6,
    ),
    "landmark": _Likeness(
        near=f"t.kind = r.kind AND t.name = r.name AND ST_DWithin(t.point, r.point, {300 * METRES})",
        score=f"1 - ST_Distance(t.point, r.point) / {300 * METRES}",
        least=0.0,
    ),
}


def pair(tx: Transaction, district: DistrictId, source: int) -> int:
    """Pair what lost its number, and say so in `ready_*.match`; returns how many pairs."""
    pairs = 0
    for name, likeness in LIKE.items():
        given = {"district": district, "source": source}
        for question in _lone(name):
            tx.execute(text(question), given)
        pairs += tx.execute(text(_paired(name, likeness))).rowcount
    return pairs


def _lone(name: str) -> tuple[str, ...]:
    kind = KINDS[name]
    columns = ", ".join(dict.fromkeys((*kind.said, "source_key", kind.shape)))
    mine = "source = :source" if kind.sourced else "district = :district AND source_key IS NOT NULL"
    return (
        "DROP TABLE IF EXISTS lone_stored, lone_brought",
        f"""CREATE TEMP TABLE lone_stored AS SELECT {columns} FROM {name} AS t WHERE {mine}
            AND NOT EXISTS (SELECT FROM ready_{name} AS r WHERE r.source_key = t.source_key)""",  # noqa: S608 - constants
        f"""CREATE TEMP TABLE lone_brought AS SELECT {columns} FROM ready_{name} AS r WHERE NOT EXISTS (
            SELECT FROM {name} AS t WHERE t.source_key = r.source_key AND {mine})""",  # noqa: S608 - constants
        f"CREATE INDEX ON lone_brought USING gist ({kind.shape})",
        "ANALYZE lone_stored",
        "ANALYZE lone_brought",
    )


def _paired(name: str, likeness: _Likeness) -> str:
    """Each stored row takes the likest that is brought; of two that take the same one, the liker."""
    return f"""
        WITH scored AS (
            SELECT t.source_key AS stored, r.source_key AS brought, {likeness.score} AS score
            FROM lone_stored AS t JOIN lone_brought AS r ON {likeness.near}),
        best AS (
            SELECT DISTINCT ON (stored) * FROM scored WHERE score >= {likeness.least}
            ORDER BY stored, score DESC, brought),
        chosen AS (SELECT DISTINCT ON (brought) * FROM best ORDER BY brought, score DESC, stored)
        UPDATE ready_{name} AS r SET match = chosen.stored FROM chosen WHERE chosen.brought = r.source_key"""  # noqa: S608
