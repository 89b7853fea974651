"""Cells for very many positions: the same as one question each would say."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.store import assigning
from gis.store.assigning import assign_cells, cells_of
from gis.store.cells import cut_grid
from tests.gis.towns import store, town


@pytest.fixture(scope="module")
def place(module_database: Engine) -> int:
    with begin(module_database) as tx:
        stored = store(tx, town(3))
        cut_grid(tx, stored.district, target_m2=20_000.0)
    return stored.district


def test_every_position_gets_the_cell_that_postgis_would_give(module_database: Engine, place: int) -> None:
    rng = np.random.default_rng(7)
    with begin(module_database) as tx:
        version = tx.scalar(text("SELECT current_grid(:d)"), {"d": place})
        west, south, east, north = tx.execute(
            text("SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geom) AS e FROM cell) b")
        ).one()
        corners = np.array(
            tx.execute(text("SELECT ST_X(p.geom), ST_Y(p.geom) FROM cell, ST_DumpPoints(cell.geom) p")).all()
        )
        lon = np.concatenate([rng.uniform(west - 0.001, east + 0.001, 2_000), corners[:, 0]])
        lat = np.concatenate([rng.uniform(south - 0.001, north + 0.001, 2_000), corners[:, 1]])
        question = text(
            "SELECT coalesce(cell_of(:v, ST_SetSRID(ST_MakePoint(x, y), 4326)), 0) "
            "FROM unnest(CAST(:x AS float8[]), CAST(:y AS float8[])) WITH ORDINALITY AS p (x, y, n) ORDER BY n"
        )
        told = list(tx.scalars(question, {"v": version, "x": lon.tolist(), "y": lat.tolist()}))
        assert cells_of(tx, version, lon, lat).tolist() == told
    assert 0 in told
    assert len(set(told)) > 5


def test_rows_get_their_cell_and_only_those_that_change_are_written(module_database: Engine, place: int) -> None:
    with begin(module_database) as tx:
        before = dict(
            tx.execute(text("SELECT id, cell FROM building WHERE district = :d"), {"d": place}).tuples().all()
        )
        wrong = min(key for key, cell in before.items() if cell != min(before.values()))
        tx.execute(text("UPDATE building SET cell = (SELECT min(cell) FROM building) WHERE id = :id"), {"id": wrong})
        assert assign_cells(tx, place, "building") == 1
        assert assign_cells(tx, place, "building") == 0
        after = dict(tx.execute(text("SELECT id, cell FROM building WHERE district = :d"), {"d": place}).tuples().all())
    assert after == before


def test_only_tables_of_the_ground_have_cells(module_database: Engine, place: int) -> None:
    with begin(module_database) as tx, pytest.raises(ValueError, match="incident"):
        assign_cells(tx, place, "incident")


def test_a_place_without_a_division_has_no_cells(module_database: Engine) -> None:
    with begin(module_database) as tx:
        assert assign_cells(tx, 999, "facility") == 0
        assert cells_of(tx, 999, np.array([1.0]), np.array([2.0])).tolist() == [assigning.NOWHERE]
