"""The cells of a division as they are shown, be it a draft or one that stands or stood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from gis.database import Transaction
from gis.model import AreaId, CellId, DraftCell


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A cell with its facts; `geometry` is GeoJSON."""

    key: str
    cell: CellId | None
    code: str | None
    seq: int | None
    area: AreaId | None
    area_name: str | None
    area_m2: float
    buildings: int
    people: float
    households: int
    geometry: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Called:
    """What areas and cells in force are called."""

    areas: Mapping[AreaId, str]
    cells: Mapping[CellId, tuple[str, int]]  #: code and number


def called(tx: Transaction, rows: Iterable[DraftCell]) -> Called:
    """What the communities of `rows` are called, and the cells whose ground they have."""
    known = list(rows)
    areas = {"ids": [row.area for row in known if row.area is not None]}
    cells = {"ids": [row.cell for row in known if row.cell is not None]}
    return Called(
        areas={row[0]: row[1] for row in tx.execute(text("SELECT id, name FROM area WHERE id = ANY (:ids)"), areas)},
        cells={
            row[0]: (row[1], row[2])
            for row in tx.execute(text("SELECT id, code, seq FROM cell WHERE id = ANY (:ids)"), cells)
        },
    )


def shown(tx: Transaction, division: int, keys: Sequence[str] | None = None) -> list[Shown]:
    """The cells of a division, by community and number; those of a draft without a number last."""
    rows = tx.execute(text(SHOWN), {"division": division, "keys": None if keys is None else list(keys)}).mappings()
    return [Shown(**row) for row in rows]


SHOWN = """
    WITH v AS (SELECT * FROM grid_version WHERE id = :division), found AS (
        SELECT d.key, d.cell, coalesce(c.code, d.code) AS code, c.seq, d.area, d.area_m2, d.buildings, d.people,
            d.households, d.geom
        FROM draft_cell AS d LEFT JOIN cell AS c ON c.id = d.cell
        WHERE d.division = :division AND (SELECT turn FROM v) IS NULL
            AND (CAST(:keys AS text[]) IS NULL OR d.key = ANY (CAST(:keys AS text[])))
        UNION ALL
        SELECT 'c' || c.id, c.id, c.code, c.seq, c.area, c.area_m2, c.buildings, c.people,
            (SELECT coalesce(sum(b.households), 0) FROM building AS b WHERE b.cell = c.id), c.geom
        FROM cell AS c
        WHERE c.district = (SELECT district FROM v) AND (SELECT turn FROM v) IS NOT NULL
            AND cell_stands(c.since, c.version, :division)
            AND (CAST(:keys AS text[]) IS NULL OR 'c' || c.id = ANY (CAST(:keys AS text[])))
    )
    SELECT found.key, found.cell, found.code, found.seq, found.area, a.name AS area_name, found.area_m2,
        found.buildings, found.people, found.households, CAST(ST_AsGeoJSON(found.geom, 9) AS json) AS geometry
    FROM found LEFT JOIN area AS a ON a.id = found.area ORDER BY found.area, found.seq, found.key
"""
