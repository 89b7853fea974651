"""The grid of real places, from their extracts."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import Engine, select, text

from gis import tables
from gis.database import begin
from gis.grid import CutReason, compile_place
from gis.importing import import_place
from gis.store import cells
from gis.store.blocks import blocks

pytestmark = pytest.mark.slow

ALLOWED_SECONDS = 20.0  #: Lauf takes about 2 on two cores that others use too


@pytest.mark.parametrize(
    ("file", "fewest", "most"), [("lauf_de_2020.osm.pbf", 400, 750), ("monaco_2026.osm.pbf", 120, 260)]
)
def test_a_real_place_is_divided_soundly_into_a_sane_number_of_cells(
    database: Engine, shared_data: Path, tmp_path: Path, file: str, fewest: int, most: int
) -> None:
    report = import_place(database, shared_data / "osm" / file, folder=tmp_path, progress=lambda _step, _share: None)
    with begin(database) as tx:
        faults = text("SELECT fault FROM grid_faults(current_grid(:district))")
        assert tx.execute(faults, {"district": report.district}).all() == []
        found = cells.cells(tx, report.district)
        given = blocks(tx, report.district)
        homeless = select(tables.building.c.id).where(tables.building.c.cell.is_(None))
        assert tx.execute(homeless).all() == []
    assert fewest < len(found) == report.counts["cells"] < most
    assert sum(cell.buildings for cell in found) == report.counts["buildings"]
    assert 7_000 < median([cell.area_m2 for cell in found if cell.buildings > 3]) < 18_000
    began = perf_counter()
    grid = compile_place(given)
    assert perf_counter() - began < ALLOWED_SECONDS
    assert len(grid.cells) == len(found)
    assert [cut for cut in grid.cut if cut.reason is CutReason.PARTS] == []  # only borders that are given cut a house
