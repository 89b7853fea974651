"""What is wrong with cells: every kind of fault by a case of its own, and nothing found where nothing is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box

from gis.grid import (
    PLAIN,
    Blocks,
    Building,
    Community,
    Fault,
    Given,
    GivenCell,
    Kind,
    Measure,
    Targets,
    check,
    compile_place,
    connected,
)
from tests.gis.damage import damaged, given_of
from tests.gis.towns import town

pytestmark = pytest.mark.pure

towns = st.builds(town, st.integers(0, 10**6), streets=st.integers(0, 10), houses=st.integers(0, 50))
thoroughly = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOME = Community(code="A", polygon=box(0, 0, 200, 100))
NEXT = Community(code="B", polygon=box(200, 0, 400, 100))


def cells(*shapes: shapely.Geometry, **fields: object) -> Given:
    rows = tuple(GivenCell(key=str(i), polygon=shape, community="A") for i, shape in enumerate(shapes))
    return Given(**{"cells": rows, "communities": (HOME,), **fields})  # type: ignore[arg-type]  # tests pass what they like


WEST, EAST = box(0, 0, 100, 100), box(100, 0, 200, 100)


def kinds(given: Given) -> list[Kind]:
    return [fault.kind for fault in check(given)]


def only(given: Given) -> Fault:
    (found,) = check(given)
    return found


@thoroughly
@given(towns)
def test_a_compiled_grid_has_no_fault_but_buildings_on_given_borders(blocks: Blocks) -> None:
    grid = compile_place(blocks)
    found = check(given_of(grid, blocks))
    assert {fault.kind for fault in found} <= {Kind.BUILDING_CUT}
    assert sorted(fault.building or 0 for fault in found) == sorted({cut.building for cut in grid.cut})


@thoroughly
@given(towns, st.sampled_from(["jittered", "shifted", "line", "dropped", "doubled", "hairline"]), st.integers(0, 99))
def test_damage_is_found(blocks: Blocks, kind: str, seed: int) -> None:
    good = given_of(compile_place(blocks), blocks)
    before = {fault.key for fault in check(good)}
    assert {fault.key for fault in check(damaged(good, seed, kind))} - before


@thoroughly
@given(towns, st.integers(0, 99))
def test_a_neighbourhood_has_the_faults_that_the_whole_has_there(blocks: Blocks, seed: int) -> None:
    bad = damaged(given_of(compile_place(blocks), blocks), seed, "shifted", share=0.05)
    key = bad.cells[seed % len(bad.cells)].key
    whole = [fault for fault in check(bad) if key in fault.cells and fault.kind in (Kind.OVERLAP, Kind.TWO_COMMUNITIES)]
    near = check(bad, near=[key])
    assert {(f.kind, f.cells) for f in whole} == {
        (f.kind, f.cells) for f in near if key in f.cells and f.kind in (Kind.OVERLAP, Kind.TWO_COMMUNITIES)
    }


def test_two_halves_are_sound() -> None:
    assert check(cells(WEST, EAST)) == ()


def test_a_gap_is_found_with_its_ground_and_community() -> None:
    found = only(cells(WEST, box(110, 0, 200, 100)))
    assert (found.kind, found.area_m2, found.community, found.cells) == (Kind.GAP, 1000.0, "A", ("0", "1"))
    assert found.geometry is not None
    assert found.geometry.equals(box(100, 0, 110, 100))


def test_an_overlap_names_both_cells() -> None:
    found = only(cells(WEST, box(90, 0, 200, 100)))
    assert (found.kind, found.area_m2, found.cells) == (Kind.OVERLAP, 1000.0, ("0", "1"))


def test_an_overlap_over_several_cells_names_all_of_them() -> None:
    assert only(cells(WEST, EAST, box(90, 10, 110, 20))).cells == ("0", "1", "2")


@pytest.mark.parametrize("width", [0.001, 0.02, 0.3])
def test_a_millimetre_is_enough_and_a_sliver_is_told_by_its_width(width: float) -> None:
    for east in (box(100 + width, 0, 200, 100), box(100 - width, 0, 200, 100)):
        found = only(cells(WEST, east))
        assert found.kind is Kind.SLIVER
        assert found.metres == pytest.approx(width, abs=0.001)


def test_a_large_gap_that_is_thin_is_a_sliver_and_a_small_wide_one_is_a_gap() -> None:
    long = Given(
        cells=cells(box(0, 0, 5000, 100), box(0, 100.4, 5000, 200), box(-9, 0, 0, 200), box(5000, 0, 5009, 200)).cells
    )
    assert [(f.kind, f.area_m2) for f in check(long)] == [(Kind.SLIVER, pytest.approx(2000))]
    hole = shapely.difference(WEST, box(50, 50, 50.6, 50.6))
    assert kinds(cells(hole, EAST)) == [Kind.GAP]


def test_a_border_with_a_vertex_that_the_neighbour_lacks_is_sound_where_it_lies_on_it_and_a_sliver_where_not() -> None:
    on = Polygon([(100, 0), (200, 0), (200, 100), (100, 100), (100, 40)])
    off = Polygon([(100, 0), (200, 0), (200, 100), (100, 100), (100.002, 40)])
    assert check(cells(WEST, on)) == ()
    assert kinds(cells(WEST, off)) == [Kind.SLIVER]


def test_half_a_centimetre_at_the_outline_of_a_community_is_rounding_and_more_is_not() -> None:
    assert check(cells(box(0.004, 0, 100, 100), EAST)) == ()
    assert kinds(cells(box(0.03, 0, 100, 100), EAST)) == [Kind.SLIVER]
    assert kinds(cells(box(-0.03, 0, 100, 100), EAST)) == [Kind.SPILL]


def test_ground_outside_the_community_is_a_spill_and_in_another_one_it_is_two_communities() -> None:
    assert kinds(cells(box(-5, 0, 100, 100), EAST)) == [Kind.SPILL]
    both = cells(WEST, box(100, 0, 220, 100), communities=(HOME, NEXT))
    row = GivenCell(key="n", polygon=box(220, 0, 400, 100), community="B")
    found = only(replace(both, cells=(*both.cells, row)))
    assert (found.kind, found.area_m2, found.community) == (Kind.TWO_COMMUNITIES, 2000.0, "B")


def test_without_communities_only_what_cells_enclose_is_a_gap() -> None:
    ring = shapely.difference(box(0, 0, 30, 30), box(10, 10, 20, 20))
    assert kinds(Given(cells=cells(ring).cells)) == [Kind.GAP]
    assert kinds(Given(cells=cells(WEST).cells)) == []


def test_an_outline_that_crosses_itself_and_one_that_is_not_closed_are_found() -> None:
    bow_tie = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    assert Kind.INVALID in kinds(cells(bow_tie, EAST))
    line = LineString([(0, 0), (100, 0), (100, 100), (0, 100)])
    assert kinds(cells(line, EAST)) == [Kind.UNCLOSED, Kind.GAP]
    assert kinds(cells(Polygon(), WEST, EAST)) == [Kind.INVALID]


def test_a_cell_in_pieces_is_found_also_where_they_touch_in_a_point() -> None:
    apart = MultiPolygon([box(0, 0, 50, 50), box(50, 50, 100, 100)])
    rest = shapely.difference(WEST, apart)
    assert kinds(cells(apart, EAST, *rest.geoms)) == [Kind.IN_PIECES]


def test_a_building_is_cut_where_a_border_runs_through_it_and_not_where_it_touches() -> None:
    through, beside = Building(polygon=box(95, 40, 115, 60)), Building(polygon=box(100, 70, 120, 90))
    found = only(cells(WEST, EAST, buildings=(beside, through)))
    assert (found.kind, found.building, found.detail) == (Kind.BUILDING_CUT, 1, "parts")
    assert found.metres == pytest.approx(20, abs=0.1)


def test_a_building_in_a_gap_is_a_stray_and_one_outside_the_place_is_none() -> None:
    inside, outside = Building(polygon=box(104, 4, 106, 6)), Building(polygon=box(300, 0, 310, 10))
    assert kinds(cells(WEST, box(110, 0, 200, 100), buildings=(inside, outside))) == [Kind.GAP, Kind.STRAY]


@pytest.mark.parametrize(
    ("measure", "least", "most", "expected"),
    [
        (Measure.AREA, 10_001, None, [Kind.TOO_SMALL, Kind.TOO_SMALL]),
        (Measure.HOUSEHOLDS, 3, None, [Kind.TOO_SMALL]),
        (Measure.PEOPLE, None, 8, [Kind.TOO_BIG]),
        (Measure.INCIDENTS, 1, 2, [Kind.TOO_SMALL, Kind.TOO_BIG]),
    ],
)
def test_bounds_count_what_they_are_of(
    measure: Measure, least: float | None, most: float | None, expected: list[Kind]
) -> None:
    house = Building(polygon=box(10, 10, 20, 20), people=9, households=4)
    happened = tuple(shapely.Point(150, 10 * n) for n in (1, 2, 3))
    targets = Targets(measure=measure, aim=1, least=least, most=most)
    assert kinds(cells(WEST, EAST, buildings=(house,), targets=targets, incidents=happened)) == expected


def test_codes_are_missing_bad_doubled_or_used_before() -> None:
    def coded(*codes: str | None) -> Given:
        rows = zip(cells(WEST, EAST).cells, codes, strict=True)
        whole = tuple(replace(cell, code=code) for cell, code in rows)
        return Given(cells=whole, communities=(HOME,), pattern=PLAIN, taken=frozenset({"A009"}))

    assert kinds(coded("A001", "A002")) == []
    assert kinds(coded("A001", None)) == [Kind.NO_CODE]
    assert kinds(coded("A001", "B002")) == [Kind.BAD_CODE]
    assert kinds(coded("A001", "A000")) == [Kind.BAD_CODE]
    assert kinds(coded("A001", "A001")) == [Kind.CODE_TWICE]
    assert kinds(coded("A001", "A009")) == [Kind.CODE_REUSED]


def test_a_duty_grid_that_is_not_connected_is_found_with_the_cells_apart() -> None:
    thirds = [box(x, 0, x + 50, 100) for x in (0, 50, 100, 150)]
    duties = {"Li": ("0", "1", "3"), "Wang": ("2",)}
    found = only(cells(*thirds, duties=duties))
    assert (found.kind, found.cells, found.detail) == (Kind.DUTY_UNCONNECTED, ("3",), "Li")


def test_sets_are_connected_through_borders_alone() -> None:
    beside = [(1, 2), (2, 3), (4, 5)]
    assert connected({"a": [1, 2, 3], "b": [4, 5], "c": []}, beside) == {}
    assert connected({"a": [1, 3, 4]}, beside) == {"a": ((1,), (3,), (4,))}
    assert connected({"a": [4, 1, 2]}, beside) == {"a": ((1, 2), (4,))}


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_the_key_of_a_fault_does_not_depend_on_what_else_is_wrong(seed: int) -> None:
    blocks = town(seed % 7, streets=6, houses=0)
    good = given_of(compile_place(blocks), blocks)
    one = damaged(good, seed, "dropped", share=0.01)
    assume(len(one.cells) < len(good.cells))
    key = next(fault.key for fault in check(one) if fault.kind is Kind.GAP)
    other = replace(one, cells=tuple(replace(cell, code=None) for cell in one.cells))
    assert key in {fault.key for fault in check(other)}
