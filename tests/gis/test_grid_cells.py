"""Divisions in the database: what is stored, what is refused, and where a position lies."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import IntegrityError

from gis import tables
from gis.database import Transaction, begin
from gis.errors import GridBroken, NotFound, SequenceFull
from gis.grid import CodePattern, Grid, compile_place
from gis.model import Point
from gis.store import cells
from gis.store.blocks import blocks
from tests.gis.towns import PLANE, Stored, degrees, multi, store, town

TOWN = town(7, streets=9, houses=60)


@pytest.fixture(scope="module")
def stored(module_database: Engine) -> Stored:
    with begin(module_database) as tx:
        found = store(tx, TOWN)
        cells.cut_grid(tx, found.district)
        return found


def test_what_is_read_back_for_cutting_is_what_was_stored(module_database: Engine, stored: Stored) -> None:
    with begin(module_database) as tx:
        found = blocks(tx, stored.district)
    assert [c.code for c in found.communities] == ["TST01", "TST02"]
    assert [b.rank for b in found.barriers] == [b.rank for b in TOWN.barriers]
    distance = [a.polygon.hausdorff_distance(b.polygon) for a, b in zip(found.buildings, TOWN.buildings, strict=True)]
    assert max(distance) < 1e-6


def test_a_division_is_sound_and_every_building_knows_its_cell(module_database: Engine, stored: Stored) -> None:
    with begin(module_database) as tx:
        found = cells.cells(tx, stored.district)
        assert sum(cell.buildings for cell in found) == len(TOWN.buildings)
        assert sum(cell.people for cell in found) == sum(building.people for building in TOWN.buildings)
        assert [cell.code for cell in found[:2]] == ["TST01001", "TST01002"]
        assert sum(cell.area_m2 for cell in found) == pytest.approx(640_000, rel=1e-3)
        assert (
            tx.execute(text("SELECT count(*) FROM grid_faults(current_grid(:d))"), {"d": stored.district}).scalar() == 0
        )


def test_a_position_lies_in_one_cell_on_a_border_too_and_in_none_outside(
    module_database: Engine, stored: Stored
) -> None:
    with begin(module_database) as tx:
        outlines = cells.outlines(tx, stored.district)
        for cell in cells.cells(tx, stored.district):
            assert cells.cell_at(tx, stored.district, cell.centre) == cell
            for lon, lat in outlines[cell.id].exterior.coords[:-1]:
                at = cells.cell_at(tx, stored.district, Point(lon, lat))
                assert at is not None
                touching = [i for i, shape in outlines.items() if shape.distance(shapely.Point(lon, lat)) < 1e-8]
                assert at.id == min(touching)
        assert cells.cell_at(tx, stored.district, Point(PLANE.lon + 1, PLANE.lat)) is None


def test_neighbours_share_a_stretch_of_border(module_database: Engine, stored: Stored) -> None:
    with begin(module_database) as tx:
        outlines, pairs = cells.outlines(tx, stored.district), cells.neighbours(tx, stored.district)
    expected = [
        (a, b)
        for a in outlines
        for b in outlines
        if a < b and shapely.intersection(outlines[a].boundary, outlines[b].boundary).length > 0
    ]
    assert pairs == expected


def test_an_unknown_cell_is_not_found(module_database: Engine, stored: Stored) -> None:
    with begin(module_database) as tx, pytest.raises(NotFound):
        cells.cell(tx, 10**6)


def test_a_new_division_ends_the_old_one_and_never_takes_its_codes_again(database: Engine) -> None:
    with begin(database) as tx:
        found = store(tx, TOWN)
        cells.cut_grid(tx, found.district)
        before = {cell.code for cell in cells.cells(tx, found.district)}
        cells.cut_grid(tx, found.district, target_m2=20_000)
        after = {cell.code for cell in cells.cells(tx, found.district)}
        versions = tx.execute(select(tables.grid_version.c.ends).order_by(tables.grid_version.c.id)).scalars().all()
    assert not before & after
    assert [end is None for end in versions] == [False, True]


def test_a_gap_an_overlap_and_a_stray_are_each_found_and_refused(database: Engine) -> None:
    grid = compile_place(TOWN)
    first, second, *others = grid.cells
    gap = replace(grid, cells=(second, *others))
    overlap = replace(grid, cells=(replace(first, polygon=first.polygon.buffer(0.5)), second, *others))
    with begin(database) as tx:
        district = store(tx, TOWN).district
        assert _refusal(tx, district, gap)["gaps"] > 0
        assert _refusal(tx, district, gap)["strays"] == len(first.buildings)
        assert _refusal(tx, district, overlap)["overlaps"] > 0
        assert cells.save_grid(tx, district, grid) > 0


def test_a_building_without_a_cell_does_not_pass_the_commit(database: Engine) -> None:
    with begin(database) as tx:
        found = store(tx, TOWN)
        cells.cut_grid(tx, found.district)
    with pytest.raises(IntegrityError, match="is in no cell"), begin(database) as tx:
        tx.execute(update(tables.building).where(tables.building.c.id == found.buildings[0]).values(cell=None))


def test_a_cell_keeps_its_code_and_its_ground(database: Engine) -> None:
    with begin(database) as tx:
        cells.cut_grid(tx, store(tx, TOWN).district)
    with pytest.raises(IntegrityError, match="keeps its code"), begin(database) as tx:
        tx.execute(update(tables.cell).values(code=tables.cell.c.code + "x"))


def test_more_cells_than_digits_are_an_error_where_the_grid_is_given(database: Engine) -> None:
    short = CodePattern(name="short", text="{community}{seq:1}")
    with pytest.raises(SequenceFull), begin(database) as tx:
        cells.save_grid(tx, store(tx, TOWN).district, compile_place(TOWN, target_m2=3_000), pattern=short)


def test_a_difference_thinner_than_two_millimetres_is_rounding_and_a_wider_one_is_a_gap(database: Engine) -> None:
    for metres, sound in ((0.001, True), (0.01, False)):
        wider = TOWN.communities[0].polygon.union(shapely.box(-400 - metres, -400, -400, 400))
        here = town(7, streets=9, houses=60, code=f"T{sound:d}")
        with begin(database) as tx:
            district = store(tx, here).district
            area = tables.area.c
            chosen = update(tables.area).where(area.district == district, area.code == f"T{sound:d}01")
            tx.execute(chosen.values(geom=degrees(multi(wider))))
            clip = select(func.ST_Multi(func.ST_Union(area.geom))).where(area.district == district).scalar_subquery()
            tx.execute(update(tables.district).where(tables.district.c.id == district).values(clip=clip))
            assert (_refusal(tx, district, compile_place(here)) == {}) == sound


def _refusal(tx: Transaction, district: int, grid: Grid) -> dict[str, object]:
    """What GridBroken says of `grid`; nothing where it is sound. Leaves no trace."""
    point = tx.begin_nested()
    try:
        cells.save_grid(tx, district, grid)
    except GridBroken as broken:
        return dict(broken.params)
    finally:
        point.rollback()
    return {}
