"""Mending: whatever is brought, what comes out is sound or its faults are listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box
from sqlalchemy import Engine

from gis.database import begin
from gis.grid import (
    Blocks,
    Building,
    Community,
    Fault,
    Given,
    GivenCell,
    Grid,
    GridCell,
    How,
    Kind,
    Mended,
    check,
    compile_place,
    mend,
)
from gis.store import cells as cell_store
from tests.gis.damage import WAYS, damaged, given_of
from tests.gis.towns import store, town

towns = st.builds(town, st.integers(0, 10**6), streets=st.integers(0, 9), houses=st.integers(0, 40))
thoroughly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
pure = pytest.mark.pure
ROUNDING = 0.02  #: metres at the outline of a community
HOME, NEXT = Community(code="A", polygon=box(0, 0, 200, 100)), Community(code="B", polygon=box(200, 0, 400, 100))
WEST, EAST = box(0, 0, 100, 100), box(100, 0, 200, 100)


def cells(*shapes: shapely.Geometry, **fields: object) -> Given:
    rows = tuple(GivenCell(key=str(i), polygon=shape, community="A") for i, shape in enumerate(shapes))
    return Given(**{"cells": rows, "communities": (HOME,), **fields})  # type: ignore[arg-type]  # tests pass what they like


def mended(given: Given, how: How | None = None) -> Mended:
    return mend(given, check(given), how)


def ways(done: Mended) -> list[tuple[Kind, How]]:
    return [(each.kind, each.how) for each in done.mends]


def excused(fault: Fault) -> bool:
    """Faults that nobody can mend without a person: buildings on given borders, and codes."""
    return fault.kind is Kind.NO_CODE or (fault.kind is Kind.BUILDING_CUT and fault.detail in ("community", "edge"))


def assert_sound(given: Given, done: Mended) -> None:
    """What is promised of mending."""
    after = check(done.given)
    assert [fault for fault in after if not excused(fault)] == []
    assert {fault.key for fault in done.left} <= {fault.key for fault in after}
    assert mend(done.given, after).given == done.given
    polygons = [cell.polygon for cell in done.given.cells]
    assert all(polygon.is_valid and polygon.geom_type == "Polygon" for polygon in polygons)
    ground = shapely.union_all([community.polygon for community in given.communities])
    assert abs(sum(polygon.area for polygon in polygons) - ground.area) < ROUNDING * ground.length
    assert len({cell.key for cell in done.given.cells}) == len(done.given.cells)


@pure
@thoroughly
@given(towns, st.sampled_from(sorted(WAYS)), st.integers(0, 10**6))
def test_damaged_grids_are_mended_or_their_faults_listed(blocks: Blocks, kind: str, seed: int) -> None:
    bad = damaged(given_of(compile_place(blocks), blocks), seed, kind)
    faults = check(bad)
    done = mend(bad, faults)
    assert_sound(bad, done)
    kept = {cell.key for cell in done.given.cells}
    asked = {fault.key for fault in faults if fault.mends and (not fault.cells or kept & set(fault.cells))}
    assert asked <= {each.fault for each in done.mends} | {fault.key for fault in done.left}


@pure
@settings(parent=thoroughly, max_examples=10)
@given(towns, st.lists(st.sampled_from(sorted(WAYS)), min_size=2, max_size=4), st.integers(0, 10**6))
def test_grids_damaged_in_several_ways_are_mended_too(blocks: Blocks, kinds: list[str], seed: int) -> None:
    bad = given_of(compile_place(blocks), blocks)
    for n, kind in enumerate(sorted(kinds, key=lambda kind: kind == "line")):
        bad = damaged(bad, seed + n, kind)
    assert_sound(bad, mended(bad))


metres = st.integers(-5, 45).map(lambda n: n * 5.0) | st.floats(-10, 210).map(lambda x: round(x, 3))
corners = st.tuples(metres, metres)
nudges = st.sampled_from([0.0, 0.0, 0.001, -0.001, 0.0004, 0.3])


@st.composite
def ugly(draw: st.DrawFn) -> shapely.Geometry:
    """A polygon as nobody should draw one: crossing itself, with spikes, with parts that overlap, with stray holes."""
    ring = draw(st.lists(corners, min_size=3, max_size=9))
    if draw(st.booleans()):
        x, y = ring[0]
        ring += [(x + draw(nudges), y + draw(nudges)), ring[-1]]
    shape: shapely.Geometry = Polygon(ring)
    if draw(st.integers(0, 4)) == 0:
        west, south = draw(corners)
        shape = MultiPolygon([Polygon(ring), box(west, south, west + 30, south + 30)])
    if draw(st.integers(0, 4)) == 0:
        shape = Polygon(ring, [[(50, 50), (50, 60), (60, 60), (60, 50)]])
    if draw(st.integers(0, 6)) == 0:
        shape = LineString(ring)
    return shape


@pure
@settings(parent=thoroughly, max_examples=40)
@given(st.lists(ugly(), min_size=1, max_size=6), st.lists(corners, max_size=3))
def test_whatever_polygons_are_drawn_cells_come_out(
    shapes: Sequence[shapely.Geometry], houses: list[tuple[float, float]]
) -> None:
    standing = tuple(Building(polygon=box(x, y, x + 8, y + 8)) for x, y in houses)
    bad = cells(*shapes, communities=(HOME, NEXT), buildings=standing)
    assert_sound(bad, mended(bad))


@pure
def test_a_hole_goes_to_the_neighbour_with_the_longest_shared_border() -> None:
    hole = box(60, 40, 100, 60)
    done = mended(cells(shapely.difference(WEST, hole), EAST))
    assert ways(done) == [(Kind.GAP, How.FILL)]
    assert done.mends[0].area_m2 == 800
    assert [cell.polygon.area for cell in done.given.cells] == [10_000, 10_000]


@pure
def test_a_hole_as_large_as_a_cell_becomes_one_unless_it_is_said_to_be_filled() -> None:
    bare = cells(WEST)
    assert ways(mended(bare)) == [(Kind.GAP, How.ASSIGN)]
    assert len(mended(bare).given.cells) == 2
    assert ways(mended(bare, How.FILL)) == [(Kind.GAP, How.FILL)]
    assert len(mended(bare, How.FILL).given.cells) == 1


@pure
def test_ground_never_goes_to_a_cell_of_another_community() -> None:
    other = GivenCell(key="b", polygon=box(200, 0, 400, 100), community="B")
    bare = cells(WEST, box(100, 0, 170, 100), communities=(HOME, NEXT))
    done = mended(replace(bare, cells=(*bare.cells, other)), How.FILL)
    assert [cell.polygon.area for cell in done.given.cells] == [10_000, 10_000, 20_000]


@pure
def test_an_overlap_stays_with_the_older_code_and_without_codes_with_the_cell_it_is_more_of() -> None:
    two = cells(box(0, 0, 120, 100), EAST)
    old = tuple(replace(cell, code=code) for cell, code in zip(two.cells, ("A002", "A001"), strict=True))
    assert [c.polygon.area for c in mended(replace(two, cells=old)).given.cells] == [10_000, 10_000]
    small = cells(box(0, 0, 200, 100), box(150, 0, 200, 100))
    assert [c.polygon.area for c in mended(small).given.cells] == [15_000, 5_000]


@pure
def test_a_spill_is_trimmed_and_a_cell_of_two_communities_becomes_two() -> None:
    assert [c.polygon.area for c in mended(cells(box(-5, 0, 100, 100), EAST)).given.cells] == [10_000, 10_000]
    both = cells(WEST, box(100, 0, 400, 100), communities=(HOME, NEXT))
    done = mended(both)
    assert ways(done) == [(Kind.TWO_COMMUNITIES, How.SPLIT)]
    assert [(c.community, c.polygon.area) for c in done.given.cells] == [("A", 10_000), ("A", 10_000), ("B", 20_000)]


@pure
def test_a_scrap_of_a_cell_in_pieces_goes_to_its_neighbour_and_a_large_piece_is_a_cell() -> None:
    scrap, large = box(150, 0, 160, 10), box(150, 0, 200, 100)
    for piece, count in ((scrap, 2), (large, 3)):
        east = shapely.difference(EAST, piece)
        west = MultiPolygon([WEST, piece])
        assert len(mended(cells(west, east)).given.cells) == count


@pure
def test_a_border_is_led_around_a_building_that_stays_whole_with_most_of_it() -> None:
    house = Building(polygon=box(90, 40, 104, 60))
    done = mended(cells(WEST, EAST, buildings=(house,)))
    assert ways(done) == [(Kind.BUILDING_CUT, How.REROUTE)]
    assert done.given.cells[0].polygon.covers(house.polygon)
    assert done.mends[0].area_m2 == pytest.approx(4 * 20)


@pure
def test_a_building_on_the_border_of_two_communities_is_left_and_listed() -> None:
    rows = (
        GivenCell(key="a", polygon=box(0, 0, 200, 100), community="A"),
        GivenCell(key="b", polygon=box(200, 0, 400, 100), community="B"),
    )
    both = Given(cells=rows, communities=(HOME, NEXT), buildings=(Building(polygon=box(190, 40, 210, 60)),))
    done = mended(both)
    assert done.given == both
    assert [(fault.kind, fault.detail) for fault in done.left] == [(Kind.BUILDING_CUT, "community")]


@pure
def test_vertices_that_are_nearly_the_same_become_the_same_and_the_border_stays_straight() -> None:
    west = Polygon([(0, 0), (100.2, 0), (99.9, 100), (0, 100)])
    done = mended(cells(west, EAST))
    assert How.SNAP in {each.how for each in done.mends}
    assert [len(cell.polygon.exterior.coords) for cell in done.given.cells] == [5, 5]


@pure
def test_only_the_faults_that_are_asked_for_are_mended() -> None:
    bad = cells(box(0, 0, 50, 100), box(55, 0, 110, 100), EAST)
    gap = [fault for fault in check(bad) if fault.kind is Kind.GAP]
    done = mend(bad, gap)
    assert [fault.kind for fault in check(done.given)] == [Kind.OVERLAP]
    assert [
        cell.polygon.equals(old.polygon) for cell, old in zip(done.given.cells[1:], bad.cells[1:], strict=True)
    ] == [True, True]


@pure
def test_a_cell_that_no_fault_touches_stays_the_same_to_the_bit() -> None:
    blocks = town(3, streets=9, houses=30)
    good = given_of(compile_place(blocks), blocks)
    bad = damaged(good, 1, "cut", share=0.02)
    done = mended(bad)
    same = sum(a == b for a, b in zip(good.cells, done.given.cells, strict=False))
    assert same > 0.6 * len(good.cells)


def test_postgis_finds_nothing_in_what_was_mended(database: Engine) -> None:
    blocks = town(11, streets=9, houses=60)
    good = given_of(compile_place(blocks), blocks)
    for n, kind in enumerate(("jittered", "cut", "dropped", "wide", "coarse")):
        bad = damaged(good, n, kind)
        with begin(database) as tx:
            district = store(tx, replace(blocks, communities=blocks.communities)).district
            assert cell_store.save_grid(tx, district, grid_of(mended(bad).given, blocks)) > 0
            tx.rollback()


def grid_of(given: Given, blocks: Blocks) -> Grid:
    """Cells as a division that can be stored."""
    rows: list[GridCell] = []
    for cell in given.cells:
        seq = 1 + sum(row.community == cell.community for row in rows)
        shape = cell.polygon
        rows.append(
            GridCell(
                community=str(cell.community), seq=seq, polygon=shape, area_m2=shape.area, people=0.0, buildings=()
            )
        )
    return Grid(cells=tuple(rows), cut=(), outside=(), target_m2=10_000, seconds={}, plane=blocks.plane)
