"""100,000 points into 5,184 cells, written back: a tree in memory against PostGIS. `python -m tests.bench.cellsof`.

In a new database of the server that GRIDWARD_TEST_SERVER names, dropped at the end. Both write (id, cell) of every
point into a table; then both once more into the rows themselves. Every answer must be the same. PostGIS is asked as
fast as it can be: one join over the index of the cells. The best of ROUNDS counts, for the machine may be busy.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
import shapely
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, text

from gis import tables
from gis.database import Transaction, begin
from gis.store.assigning import cells_of, give, positions
from gis.store.copying import copy, ewkb
from tests.bench.imports import database

SIDE = 72  #: cells of a row: 5,184 together
POINTS = 100_000
ROUNDS = 5
JOIN = """SELECT s.id, min(c.id) AS cell FROM spot AS s
          LEFT JOIN cell AS c ON c.version = {version} AND ST_DWithin(c.geom, s.geom, 1e-8) GROUP BY s.id"""
WEST, SOUTH, STEP = 9.5, 47.1, 0.001


def main() -> None:
    with database() as engine:
        with begin(engine) as tx:
            version = town(tx)
        with begin(engine) as tx:
            tx.execute(text("ANALYZE"))
        figures = {"into a table": apart(engine, version), "into the rows": within(engine, version)}
    table = Table("", "PostGIS, s", "ours, s", "times", title=f"{POINTS:,} points, {SIDE**2:,} cells, all equal")
    for what, (theirs, ours) in figures.items():
        table.add_row(what, f"{theirs:.3f}", f"{ours:.3f}", f"{theirs / ours:.1f}")
    Console().print(table)


def apart(engine: object, version: int) -> tuple[float, float]:
    """Least seconds of both, each writing a table of its own."""
    theirs = f"CREATE TEMP TABLE theirs ON COMMIT DROP AS {JOIN.format(version=version)}"

    def ours(tx: Transaction) -> None:
        points = positions(tx, "SELECT id, ST_X(geom), ST_Y(geom) FROM spot")
        give(tx, points["id"], cells_of(tx, version, points["x"].astype(float), points["y"].astype(float)))

    def run() -> tuple[float, float]:
        with begin(engine) as tx:  # type: ignore[arg-type]  an Engine
            spent = timed(lambda: tx.execute(text(theirs))), timed(lambda: ours(tx))
            wrong = tx.scalar(text("SELECT count(*) FROM theirs JOIN given_cell USING (id) "
                                   "WHERE coalesce(theirs.cell, 0) <> given_cell.cell"))  # fmt: skip
            both = tx.scalar(text("SELECT count(*) FROM theirs JOIN given_cell USING (id)"))
            assert (wrong, both) == (0, POINTS), f"{wrong} of {both} differ"
        return spent

    return least(run)


def within(engine: object, version: int) -> tuple[float, float]:
    """Least seconds of both, each updating the rows themselves."""
    theirs = f"UPDATE spot SET cell = j.cell FROM ({JOIN.format(version=version)}) AS j WHERE j.id = spot.id"

    def ours(tx: Transaction) -> None:
        points = positions(tx, "SELECT id, ST_X(geom), ST_Y(geom) FROM spot")
        give(tx, points["id"], cells_of(tx, version, points["x"].astype(float), points["y"].astype(float)))
        tx.execute(text("UPDATE spot SET cell = nullif(g.cell, 0) FROM given_cell AS g WHERE g.id = spot.id"))

    def once(deed: Callable[[Transaction], object]) -> float:
        with begin(engine) as tx:  # type: ignore[arg-type]  an Engine
            tx.execute(text("TRUNCATE spot"))
            pour(tx)
        with begin(engine) as tx:  # type: ignore[arg-type]  an Engine
            return timed(lambda: deed(tx))

    return least(lambda: (once(lambda tx: tx.execute(text(theirs))), once(ours)))


def least(run: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    theirs, ours = zip(*(run() for _ in range(ROUNDS)), strict=True)
    return min(theirs), min(ours)


def timed(deed: Callable[[], object]) -> float:
    since = time.perf_counter()
    deed()
    return time.perf_counter() - since


def town(tx: Transaction) -> int:
    """A square of cells, every seventh point on a border."""
    clip = ewkb([shapely.MultiPolygon([shapely.box(WEST, SOUTH, WEST + SIDE * STEP, SOUTH + SIDE * STEP)])], 4326)[0]
    fixed = {"code": "B", "name": "B", "time_zone": "UTC", "metric_srid": 32632, "attribution": "", "source_file": "",
             "source_sha256": "b", "clip": clip, "centre": ewkb([shapely.Point(WEST, SOUTH)], 4326)[0]}  # fmt: skip
    district = tx.execute(insert(tables.district).values(fixed).returning(tables.district.c.id)).scalar_one()
    area = tx.execute(insert(tables.area).values(district=district, level="community", code="B1", name="B", geom=clip)
                      .returning(tables.area.c.id)).scalar_one()  # fmt: skip
    version = tx.execute(insert(tables.grid_version).values(district=district, target_m2=10_000.0)
                         .returning(tables.grid_version.c.id)).scalar_one()  # fmt: skip
    boxes = [shapely.box(WEST + i * STEP, SOUTH + j * STEP, WEST + (i + 1) * STEP, SOUTH + (j + 1) * STEP)
             for j in range(SIDE) for i in range(SIDE)]  # fmt: skip
    shapes = ewkb([shapely.segmentize(box, STEP / 5) for box in boxes], 4326)
    centres = ewkb([box.centroid for box in boxes], 4326)
    rows = ((district, version, area, f"B{n:05d}", n + 1, 1.0, shapes[n], centres[n]) for n in range(len(boxes)))
    copy(tx, tables.cell, ("district", "version", "area", "code", "seq", "area_m2", "geom", "centre"), rows)
    tx.execute(text("CREATE TABLE spot (id bigint PRIMARY KEY, geom geometry(POINT, 4326) NOT NULL, cell integer)"))
    pour(tx)
    return int(version)


def pour(tx: Transaction) -> None:
    """The same points every time; some lie outside, some on borders."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-0.001, SIDE * STEP + 0.001, (2, POINTS))
    lon[::7] = np.round(lon[::7] / STEP) * STEP
    points = shapely.set_srid(shapely.points(WEST + lon, SOUTH + lat), 4326)
    lines = "\n".join(f"{n}\t{wkb}" for n, wkb in enumerate(shapely.to_wkb(points, hex=True, include_srid=True)))
    with tx.connection.cursor() as cursor:
        cursor.copy_expert("COPY spot (id, geom) FROM STDIN", io.StringIO(lines))


if __name__ == "__main__":
    main()
