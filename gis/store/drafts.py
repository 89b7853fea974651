"""Cells of divisions that have not come into force, and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import delete, func, insert, select, text, update

from gis.database import Transaction
from gis.model import DistrictId, DraftCell
from gis.store.copying import copy, ewkb
from gis.tables import draft_cell as t
from gis.tables import draft_edit as e

SRID = 4326
FIELDS = ("key", "cell", "code", "area", "area_m2", "buildings", "people", "households")

type Row = dict[str, Any]  #: a cell as JSON: FIELDS, and `geom` as hexadecimal WKB


@dataclass(frozen=True, kw_only=True)
class DraftEdit:
    """One thing that was done to a draft: the rows before and after."""

    seq: int
    kind: str
    edit: Mapping[str, Any]
    was: tuple[Row, ...]
    made: tuple[Row, ...]
    undone: bool = False
    made_by: int | None = None
    made_at: datetime | None = None


def cells(tx: Transaction, division: int, keys: Sequence[str] | None = None) -> list[DraftCell]:
    """The cells of a draft by key, or some of them."""
    question = _select().where(t.c.division == division)
    question = question if keys is None else question.where(t.c.key.in_(keys))
    return _cells(tx.execute(question.order_by(t.c.key)).all())


def around(tx: Transaction, division: int, box: tuple[float, float, float, float]) -> list[DraftCell]:
    """The cells of a draft that meet a box: west, south, east, north."""
    near = t.c.geom.bool_op("&&")(func.ST_MakeEnvelope(*box, SRID))
    return _cells(tx.execute(_select().where(t.c.division == division, near).order_by(t.c.key)).all())


def copy_standing(tx: Transaction, division: int, district: DistrictId) -> int:
    """Begin a draft with the cells in force; how many."""
    return tx.execute(text(FROM_STANDING), {"division": division, "district": district}).rowcount


def copy_draft(tx: Transaction, division: int, other: int) -> int:
    """Begin a draft with the cells of another; how many."""
    return tx.execute(text(FROM_DRAFT), {"division": division, "other": other}).rowcount


def put(tx: Transaction, division: int, rows: Sequence[DraftCell]) -> None:
    """Add cells."""
    shapes = ewkb([row.geom for row in rows], SRID)
    values = [
        (division, *(getattr(row, name) for name in FIELDS), shape) for row, shape in zip(rows, shapes, strict=True)
    ]
    copy(tx, t, ("division", *FIELDS, "geom"), values)


def remove(tx: Transaction, division: int, keys: Sequence[str] | None = None) -> None:
    """Take cells out; all of them where none are named."""
    question = delete(t).where(t.c.division == division)
    tx.execute(question if keys is None else question.where(t.c.key.in_(keys)))


def replace(tx: Transaction, division: int, gone: Sequence[str], rows: Sequence[DraftCell]) -> None:
    """Take some out, put others in."""
    remove(tx, division, gone)
    put(tx, division, rows)


def counted(tx: Transaction, district: DistrictId, rows: Sequence[DraftCell]) -> list[tuple[int, float, int]]:
    """For each cell how many buildings, people and households stand in it; on a border the first of `rows` has them."""
    shapes = ewkb([row.geom for row in rows], SRID)
    rows_found = tx.execute(text(COUNTED), {"district": district, "shapes": shapes})
    found = {int(row[0]): (int(row[1]), float(row[2]), int(row[3])) for row in rows_found}
    return [found.get(place, (0, 0.0, 0)) for place in range(1, len(rows) + 1)]


def count_all(tx: Transaction, division: int) -> None:
    """Give every cell of a draft its totals."""
    tx.execute(text(COUNT_ALL), {"division": division})


def add_edit(tx: Transaction, division: int, edit: DraftEdit) -> int:
    """Keep what was done; what was undone before is forgotten. Its number."""
    tx.execute(delete(e).where(e.c.division == division, e.c.undone))
    seq = 1 + int(tx.scalar(select(func.max(e.c.seq)).where(e.c.division == division)) or 0)
    row = {"kind": edit.kind, "edit": dict(edit.edit), "was": list(edit.was), "made": list(edit.made)}
    tx.execute(insert(e).values(division=division, seq=seq, made_by=edit.made_by, **row))
    return seq


def last(tx: Transaction, division: int) -> DraftEdit | None:
    """What would be undone."""
    return _edit(tx, e.c.division == division, ~e.c.undone, order=e.c.seq.desc())


def first_undone(tx: Transaction, division: int) -> DraftEdit | None:
    """What would be done again."""
    return _edit(tx, e.c.division == division, e.c.undone, order=e.c.seq)


def mark(tx: Transaction, division: int, seq: int, *, undone: bool) -> None:
    """Note that an edit was undone, or done again."""
    tx.execute(update(e).where(e.c.division == division, e.c.seq == seq).values(undone=undone))


def edits(tx: Transaction, division: int) -> list[DraftEdit]:
    """The history, the oldest first, without the shapes."""
    keys = {
        name: func.jsonb_path_query_array(e.c[name], "$[*].key").label(name) for name in ("was", "made")
    }  # not the outlines: a long history would be megabytes
    question = select(e.c.seq, e.c.kind, e.c.edit, *keys.values(), e.c.undone, e.c.made_by, e.c.made_at)
    rows = tx.execute(question.where(e.c.division == division).order_by(e.c.seq)).mappings()
    return [
        DraftEdit(**{**row, **{name: tuple({"key": key} for key in row[name]) for name in ("was", "made")}})
        for row in rows
    ]


def highest(tx: Transaction, division: int) -> int:
    """The highest number that a new cell of this draft ever had; their keys are n1, n2 ..."""
    return int(tx.scalar(text(HIGHEST), {"division": division}) or 0)


def as_row(cell: DraftCell) -> Row:
    """A cell as JSON, exact to the bit."""
    return {name: getattr(cell, name) for name in FIELDS} | {"geom": shapely.to_wkb(cell.geom, hex=True)}


def from_row(row: Row) -> DraftCell:
    """The cell that `as_row` wrote."""
    shape: BaseGeometry = shapely.from_wkb([row["geom"]])[0]
    return DraftCell(**{name: row[name] for name in FIELDS}, geom=shape)


def _edit(tx: Transaction, *where: Any, order: Any) -> DraftEdit | None:
    row = tx.execute(select(e).where(*where).order_by(order).limit(1)).mappings().first()
    if row is None:
        return None
    known = {name: value for name, value in row.items() if name != "division"}
    return DraftEdit(**{**known, "was": tuple(row["was"]), "made": tuple(row["made"])})


def _select() -> Any:
    return select(*(t.c[name] for name in FIELDS), func.ST_AsBinary(t.c.geom))


def _cells(rows: Sequence[Any]) -> list[DraftCell]:
    shapes = shapely.from_wkb([bytes(row[-1]) for row in rows])
    pairs = zip(rows, shapes, strict=True)
    return [DraftCell(**dict(zip(FIELDS, row[:-1], strict=True)), geom=shape) for row, shape in pairs]


FROM_STANDING = """
    INSERT INTO draft_cell (division, key, cell, area, area_m2, buildings, people, households, geom)
    SELECT :division, 'c' || c.id, c.id, c.area, c.area_m2, c.buildings, c.people,
        (SELECT coalesce(sum(b.households), 0) FROM building AS b WHERE b.cell = c.id), c.geom
    FROM cell AS c WHERE c.district = :district AND c.version = current_grid(:district)
"""
FROM_DRAFT = """
    INSERT INTO draft_cell (division, key, cell, code, area, area_m2, buildings, people, households, geom)
    SELECT :division, key, cell, code, area, area_m2, buildings, people, households, geom
    FROM draft_cell WHERE division = :other
"""
COUNTED = """
    SELECT first, count(*), sum(people), sum(coalesce(households, 0)) FROM (
        SELECT DISTINCT ON (b.id) s.ord AS first, b.people, b.households
        FROM unnest(CAST(:shapes AS text[])) WITH ORDINALITY AS s(shape, ord),
            LATERAL (SELECT CAST(s.shape AS geometry) AS geom) AS g
            JOIN building AS b ON b.district = :district AND ST_DWithin(g.geom, b.point, 1e-8)
        ORDER BY b.id, s.ord) AS found
    GROUP BY first
"""
COUNT_ALL = """
    UPDATE draft_cell AS d SET buildings = held.buildings, people = held.people, households = held.households
    FROM (SELECT c.key, count(b.id) AS buildings, coalesce(sum(b.people), 0) AS people,
              coalesce(sum(b.households), 0) AS households
          FROM draft_cell AS c LEFT JOIN (
              SELECT b.*, (SELECT min(o.key) FROM draft_cell AS o
                           WHERE o.division = :division AND ST_DWithin(o.geom, b.point, 1e-8)) AS held
              FROM building AS b WHERE b.district = (SELECT district FROM grid_version WHERE id = :division)
          ) AS b ON b.held = c.key
          WHERE c.division = :division GROUP BY c.key) AS held
    WHERE d.division = :division AND d.key = held.key
"""
HIGHEST = """
    SELECT greatest(
        (SELECT max(CAST(substr(key, 2) AS int)) FROM draft_cell WHERE division = :division AND key ~ '^n[0-9]{1,8}$'),
        (SELECT max(CAST(substr(k ->> 'key', 2) AS int)) FROM draft_edit, jsonb_array_elements(made || was) AS k
         WHERE division = :division AND k ->> 'key' ~ '^n[0-9]{1,8}$'))
"""
