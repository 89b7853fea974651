"""Which cell a position lies in, for very many at once: in a tree in memory instead of one question each.

The same answer as the function `cell_of`: the cell within EDGE degrees; on a border the one with the lowest id.
Positions come and answers go by binary COPY, whose rows of a fixed length are arrays of numpy without a loop.
"""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select, text

from gis import tables
from gis.database import Transaction
from gis.model import DistrictId

EDGE: Final = 1e-8  #: degrees, a millimetre
NOWHERE: Final = 0
TABLES: Final = frozenset({"building", "address", "facility", "component", "camera", "sensor"})

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_FROM = np.dtype([("n", ">i2"), ("a", ">i4"), ("id", ">i8"), ("b", ">i4"), ("x", ">f8"), ("c", ">i4"), ("y", ">f8")])
_TO = np.dtype([("n", ">i2"), ("a", ">i4"), ("id", ">i8"), ("b", ">i4"), ("cell", ">i4")])

type Floats = NDArray[np.float64]
type Ids = NDArray[np.int64]


def cells_of(tx: Transaction, version: int, lon: Floats, lat: Floats) -> Ids:
    """The cells of division `version` that positions (WGS 84) lie in: ids, NOWHERE (0) where in none; shape (n,)."""
    c = tables.cell.c
    rows = tx.execute(select(c.id, func.ST_AsBinary(c.geom)).where(c.version == version).order_by(c.id)).all()
    found = np.full(len(lon), NOWHERE, dtype=np.int64)
    if not rows or not len(lon):
        return found
    shapes = shapely.from_wkb([bytes(row[1]) for row in rows])
    shapely.prepare(shapes)
    hits = shapely.STRtree(np.asarray(shapely.points(lon, lat))).query(shapes, predicate="dwithin", distance=EDGE)
    found[hits[1, ::-1]] = np.array([row[0] for row in rows])[hits[0, ::-1]]  # the lowest id is written last
    return found


def assign_cells(tx: Transaction, district: DistrictId, table: str, *, where: str = "true") -> int:
    """Write to every row of `table` (one of TABLES) the cell in force of its `point`; how many rows changed.

    `where` is a condition of our own, never of a person. Rows whose cell is right already are not written.
    """
    if table not in TABLES:
        raise ValueError(table)
    version = tx.scalar(select(func.current_grid(district)))
    if version is None:
        return 0
    here = f"FROM {table} WHERE district = {int(district)} AND ({where})"
    points = positions(tx, f"SELECT id::bigint, ST_X(point), ST_Y(point) {here}")
    found = cells_of(tx, version, points["x"].astype(float), points["y"].astype(float))
    give(tx, points["id"], found)
    changed = f"""UPDATE {table} AS t SET cell = nullif(g.cell, {NOWHERE}) FROM given_cell AS g
                  WHERE g.id = t.id AND t.cell IS DISTINCT FROM nullif(g.cell, {NOWHERE})"""  # noqa: S608 - constants
    return tx.execute(text(changed)).rowcount


def positions(tx: Transaction, question: str) -> NDArray[Any]:
    """What `question` (id bigint, x and y double precision) finds: an array with the fields id, x, y."""
    buffer = io.BytesIO()
    with closing(tx.connection.cursor()) as cursor:
        cursor.copy_expert(f"COPY ({question}) TO STDOUT (FORMAT binary)", buffer)
    body = buffer.getbuffer()
    return np.frombuffer(body[len(_HEAD) : -len(_END)], dtype=_FROM)


def give(tx: Transaction, ids: NDArray[Any], found: Ids) -> None:
    """Put ids and their cells into the temporary table `given_cell`, which lasts for this transaction."""
    rows = np.empty(len(ids), dtype=_TO)
    rows["n"], rows["a"], rows["b"] = 2, 8, 4
    rows["id"], rows["cell"] = ids, found
    with closing(tx.connection.cursor()) as cursor:
        cursor.execute("DROP TABLE IF EXISTS given_cell")
        cursor.execute("CREATE TEMP TABLE given_cell (id bigint NOT NULL, cell integer NOT NULL) ON COMMIT DROP")
        cursor.copy_expert("COPY given_cell FROM STDIN (FORMAT binary)", io.BytesIO(_HEAD + rows.tobytes() + _END))
        cursor.execute("ANALYZE given_cell")
