"""How long a tile takes to cut, and how large it is: `python -m tests.bench.tiles EXTRACT`.

Imports the extract into a new database of the server that GRIDWARD_TEST_SERVER names, cuts the tiles around a sample of
buildings without keeping them, prints a table, drops the database.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from math import asinh, pi, radians, tan
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from gis.database import Transaction, begin
from gis.importing import import_place
from gis.model import DistrictId
from gis.store import basemap
from tests.bench.imports import database

ZOOMS = range(10, 17)
SAMPLE = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path)
    chosen = parser.parse_args()
    table = Table("zoom", "tiles", "p50 ms", "p95 ms", "max ms", "largest KB", "kept p50 ms", title=chosen.extract.name)
    with database() as engine, tempfile.TemporaryDirectory() as folder:
        report = import_place(engine, chosen.extract, folder=Path(folder), progress=lambda *_: None)
        for z in ZOOMS:
            with begin(engine) as tx:
                table.add_row(*row(tx, report.district, z))
    Console().print(table)


def row(tx: Transaction, district: DistrictId, z: int) -> list[str]:
    """One line of the table: the tiles of one zoom."""
    where = places(tx, district, z)
    cut, sizes, kept = [], [], []
    for x, y in where:
        since = time.perf_counter()
        body = basemap.base_tile(tx, district, z, x, y)
        cut.append((time.perf_counter() - since) * 1000)
        sizes.append(len(body) / 1024)
        basemap.keep(tx, district, "base", z, x, y, body)
        since = time.perf_counter()
        basemap.kept(tx, district, "base", z, x, y)
        kept.append((time.perf_counter() - since) * 1000)
    return [
        *(str(z), str(len(where))),
        *(f"{np.percentile(cut, share):.0f}" for share in (50, 95, 100)),
        *(f"{max(sizes):.0f}", f"{np.median(kept):.2f}"),
    ]


def places(tx: Transaction, district: DistrictId, z: int) -> list[tuple[int, int]]:
    """The tiles that hold a sample of buildings, the same sample every time."""
    question = text(
        "SELECT ST_X(point), ST_Y(point) FROM building WHERE district = :district "
        "ORDER BY md5(osm_id::text) LIMIT :many"
    )
    found = {
        (int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z))
        for lon, lat in tx.execute(question, {"district": district, "many": SAMPLE})
    }
    return sorted(found)


if __name__ == "__main__":
    main()
