"""Putting a draft in force: cells that go on, cells that begin and get a code, cells that end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from geoalchemy2.shape import from_shape
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, select, text, update

from gis import tables
from gis.database import Transaction
from gis.errors import BadQuestion
from gis.grid import CodePattern, Community, number
from gis.model import AreaId, CellId, Division, DraftCell
from gis.store import drafts, surroundings
from gis.store.blocks import plane_of
from gis.store.copying import ewkb

SRID = 4326
SAME = 3e-8  #: degrees: an outline that differs by less is the same ground, see `keep_cell` in data/sql


@dataclass(frozen=True, kw_only=True)
class Share:
    """What of a cell of one division lies in a cell of another."""

    from_key: str
    to_key: str
    from_code: str | None
    to_code: str | None
    from_cell: CellId | None
    to_cell: CellId | None
    area_m2: float
    buildings: int
    people: float


def same_ground(tx: Transaction, division: Division, rows: Sequence[DraftCell]) -> list[CellId | None]:
    """For each row the cell in force whose ground it is and that no other cell of the draft has."""
    given: dict[str, object] = {
        "division": division.id,
        "district": division.district,
        "same": SAME,
        "keys": [row.key for row in rows],
        "areas": [row.area for row in rows],
        "shapes": ewkb([row.geom for row in rows], SRID),
    }
    found = {row[0]: int(row[1]) for row in tx.execute(text(SAME_GROUND), given)}
    return [found.get(row.key) for row in rows]


def go_on(tx: Transaction, division: Division) -> list[CellId]:
    """Let every cell whose ground the draft keeps go on into `division`, which must stand; those."""
    return [int(key) for key in tx.scalars(text(GO_ON), {"division": division.id, "same": SAME})]


def begin_cells(tx: Transaction, division: Division) -> dict[str, CellId]:
    """Make cells of what is new in the draft, numbered after all numbers that ever were; ids by key.

    A code that somebody brought is kept where it never was in force. Raises SequenceFull, BadQuestion.
    """
    kept = set(tx.scalars(text(KEPT), {"division": division.id}))
    found = _named(tx, division, [row for row in drafts.cells(tx, division.id) if row.key not in kept])
    keys = [row.pop("key") for row in found]
    made = {}
    for key, row in zip(keys, found, strict=True):
        made[key] = int(tx.execute(insert(tables.cell).values(row).returning(tables.cell.c.id)).scalar_one())
    return made


def void(tx: Transaction, reasons: Mapping[CellId, str]) -> None:
    """Say of cells that have ended why their codes are not in force any more."""
    for cell, reason in reasons.items():
        tx.execute(update(tables.cell).where(tables.cell.c.id == cell).values(void_reason=reason))


def ended(tx: Transaction, before: Division) -> list[CellId]:
    """The cells that did not go on from a division that is past."""
    return [int(key) for key in tx.scalars(select(tables.cell.c.id).where(tables.cell.c.version == before.id))]


def shares(tx: Transaction, one: int, other: int) -> list[Share]:
    """How the ground that two divisions divide otherwise belongs together."""
    question = text("SELECT * FROM division_shares(:one, :other)")
    return [Share(**row) for row in tx.execute(question, {"one": one, "other": other}).mappings()]


def codes(tx: Transaction, division: int) -> dict[str, str]:
    """The codes of the cells of a division by key."""
    question = text("SELECT key, code FROM division_cells(:division) WHERE code IS NOT NULL")
    return {row[0]: row[1] for row in tx.execute(question, {"division": division})}


def _named(tx: Transaction, division: Division, rows: Sequence[DraftCell]) -> list[dict[str, Any]]:
    plane = plane_of(tx, division.district)
    communities, areas = surroundings.communities(tx, division.district, plane)
    pattern = CodePattern(name="", text=division.pattern)
    used = set(surroundings.codes_used(tx, division.district))
    taken = {row[0]: int(row[1]) for row in tx.execute(TAKEN, {"district": division.district})}
    found: list[dict[str, Any]] = []
    for community in communities:
        area = areas[community.code]
        mine = [row for row in rows if row.area == area]
        shapes = [as_polygon(plane.to_metres(row.geom), row.key) for row in mine]
        order = sorted(range(len(mine)), key=dict(enumerate(number(shapes))).__getitem__)
        last = taken.get(area, 0)
        for place in order:
            row, shape = mine[place], shapes[place]
            seq, code = _code(row, pattern, community, last, used)
            last = max(last, seq)
            used.add(code)
            found.append(_values(division, row, area, seq, code, float(shape.area)))
    homeless = sorted({row.key for row in rows} - {row["key"] for row in found})
    if homeless:
        raise BadQuestion(field="cell", value=homeless[0], allowed="in_community")
    return found


def as_polygon(shape: BaseGeometry, key: str) -> Polygon:
    """Raises BadQuestion for anything else."""
    if not isinstance(shape, Polygon):
        raise BadQuestion(field="cell", value=key, allowed="polygon")
    return shape


def _code(row: DraftCell, pattern: CodePattern, community: Community, last: int, used: set[str]) -> tuple[int, str]:
    """The code that was brought, where it is free; else the next one."""
    if row.code and row.code not in used:
        tail = row.code[-pattern.seq_digits :]
        return (int(tail) if tail.isdecimal() and int(tail) > 0 else last + 1), row.code
    seq = last + 1
    while (code := pattern.code(seq=seq, **community.fields)) in used:
        seq += 1
    return seq, code


def _values(division: Division, row: DraftCell, area: AreaId, seq: int, code: str, area_m2: float) -> dict[str, Any]:
    return {
        "key": row.key,
        "district": division.district,
        "version": division.id,
        "since": division.id,
        "area": area,
        "code": code,
        "seq": seq,
        "area_m2": area_m2,
        "geom": from_shape(row.geom, srid=SRID),
        "centre": from_shape(shapely.point_on_surface(row.geom), srid=SRID),
    }


TAKEN = text("SELECT area, max(seq) FROM cell WHERE district = :district GROUP BY area")
SAME_GROUND = """
    SELECT DISTINCT ON (s.key) s.key, c.id
    FROM unnest(CAST(:keys AS text[]), CAST(:areas AS int[]), CAST(:shapes AS text[])) AS s(key, area, shape),
        LATERAL (SELECT CAST(s.shape AS geometry) AS geom) AS g
        JOIN cell AS c ON c.district = :district AND c.version = current_grid(:district) AND c.geom && g.geom
    WHERE c.area = s.area AND GeometryType(g.geom) = 'POLYGON' AND ST_HausdorffDistance(c.geom, g.geom) < :same
        AND NOT EXISTS (SELECT FROM draft_cell AS d
                        WHERE d.division = :division AND d.cell = c.id AND d.key <> ALL (CAST(:keys AS text[])))
    ORDER BY s.key, c.id
"""
GO_ON = """
    UPDATE cell AS c SET version = :division, geom = d.geom
    FROM draft_cell AS d, grid_version AS v, grid_version AS b
    WHERE d.division = :division AND d.cell = c.id AND v.id = :division AND b.id = c.version
        AND b.district = v.district AND b.turn = v.turn - 1 AND ST_HausdorffDistance(c.geom, d.geom) < :same
    RETURNING c.id
"""
KEPT = """
    SELECT d.key FROM draft_cell AS d JOIN cell AS c ON c.id = d.cell
    WHERE d.division = :division AND c.version = :division
"""
