"""Cells that aim at households, people or past incidents, within bounds; codes for cells that have none."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from gis.errors import BadQuestion, SequenceFull
from gis.grid import (
    PLAIN,
    Barrier,
    Building,
    Community,
    Given,
    GivenCell,
    Kind,
    Measure,
    Rank,
    Targets,
    check,
    compile_grid,
    compile_place,
    continued,
    patterns,
)
from gis.grid.coding import coded
from tests.conftest import ROOT
from tests.gis.damage import given_of
from tests.gis.towns import town

pytestmark = pytest.mark.pure

KNOWN = patterns(ROOT / "data" / "reference" / "codes.json")
PLACE = [Community(code="A", polygon=box(0, 0, 900, 600))]
HOUSES = [
    Building(polygon=box(x, y, x + 12, y + 12), people=9, households=4)
    for x in range(8, 890, 30)
    for y in range(8, 590, 30)
]
targets = st.builds(
    lambda measure, aim, low, high: Targets(measure=measure, aim=aim, least=aim * low, most=aim * high),
    st.sampled_from([Measure.HOUSEHOLDS, Measure.PEOPLE, Measure.INCIDENTS]),
    st.floats(5, 80),
    st.sampled_from([0.0, 0.5]),
    st.sampled_from([1.5, 3.0]),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(0, 10), targets)
def test_whatever_is_aimed_at_the_cells_are_sound(seed: int, streets: int, aim: Targets) -> None:
    blocks = town(seed, streets=streets, houses=40)
    rng = np.random.default_rng(seed)
    happened = tuple(shapely.Point(*xy) for xy in rng.uniform(-400, 400, (60, 2)))
    blocks = replace(blocks, incidents=happened, buildings=tuple(replace(b, households=3) for b in blocks.buildings))
    grid = compile_place(blocks, targets=aim)
    assert {fault.kind for fault in check(given_of(grid, blocks))} <= {Kind.BUILDING_CUT}
    assert compile_place(blocks, targets=aim).cells == grid.cells


@pytest.mark.parametrize(("measure", "aim"), [(Measure.HOUSEHOLDS, 80.0), (Measure.PEOPLE, 180.0)])
def test_cells_have_about_as_many_as_is_aimed_at_and_keep_the_bounds(measure: Measure, aim: float) -> None:
    asked = Targets(measure=measure, aim=aim, least=aim * 0.6, most=aim * 1.5)
    grid = compile_grid(communities=PLACE, buildings=HOUSES, targets=asked)
    each = 4 if measure is Measure.HOUSEHOLDS else 9
    held = [len(cell.buildings) * each for cell in grid.cells]
    assert np.median(held) == pytest.approx(aim, rel=0.35)
    assert asked.least is not None
    assert asked.most is not None
    assert asked.least <= min(held) <= max(held) <= asked.most


def test_cells_are_small_where_much_has_happened() -> None:
    rng = np.random.default_rng(1)
    west = [shapely.Point(*xy) for xy in rng.uniform((0, 0), (450, 600), (400, 2))]
    east = [shapely.Point(*xy) for xy in rng.uniform((450, 0), (900, 600), (40, 2))]
    asked = Targets(measure=Measure.INCIDENTS, aim=20)
    grid = compile_grid(communities=PLACE, buildings=HOUSES, incidents=[*west, *east], targets=asked)
    sides = Counter(cell.polygon.centroid.x < 450 for cell in grid.cells)
    assert sides[True] > 4 * sides[False]


def test_no_cell_of_ground_is_larger_than_the_most_that_is_asked_for() -> None:
    asked = Targets(aim=10_000, most=25_000)
    fields = [Community(code="A", polygon=box(0, 0, 1000, 1000))]
    assert max(c.area_m2 for c in compile_grid(communities=fields, targets=asked).cells) <= 25_000
    assert max(c.area_m2 for c in compile_grid(communities=fields).cells) > 100_000


def test_bounds_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(BadQuestion):
        compile_grid(communities=PLACE, targets=Targets(aim=10, least=20, most=10))


def test_the_edges_of_parcels_divide() -> None:
    parcels = [box(x, 0, x + 150, 600) for x in range(0, 900, 150)]
    grid = compile_grid(communities=PLACE, barriers=Barrier.around(parcels), buildings=HOUSES)
    border = shapely.union_all([cell.polygon.boundary for cell in grid.cells])
    lines = shapely.union_all([shapely.LineString([(x, 0), (x, 600)]) for x in range(150, 900, 150)])
    assert shapely.intersection(border, lines.buffer(0.01)).length > 0.5 * lines.length
    assert {barrier.rank for barrier in Barrier.around(parcels)} == {Rank.PARCEL}


def test_numbers_go_on_after_all_that_were_ever_used_and_an_overflow_is_an_error() -> None:
    shapes = [box(50, 0, 60, 10), box(0, 0, 10, 10)]
    assert continued(shapes, [1, 7, 3], community="A", limit=99) == [9, 8]
    assert continued(shapes, [], community="A", limit=2) == [2, 1]
    with pytest.raises(SequenceFull):
        continued(shapes, [98], community="A", limit=99)


def test_cells_without_a_code_get_the_next_ones_of_their_community_by_the_pattern() -> None:
    rows = [("a", "110101001002007"), ("b", None), ("c", None)]
    cells = tuple(
        GivenCell(key=key, code=code, community="X", polygon=box(30 * n, 0, 30 * n + 30, 30))
        for n, (key, code) in enumerate(rows)
    )
    taken = frozenset({"110101001002011", "110101001003500"})
    done = coded(Given(cells=cells, taken=taken), KNOWN["beijing15"])
    assert [cell.code for cell in done.cells] == ["110101001002007", "110101001002012", "110101001002013"]
    plain = coded(Given(cells=tuple(replace(cell, code=None) for cell in cells)), PLAIN)
    assert [cell.code for cell in plain.cells] == ["X001", "X002", "X003"]


def test_the_digits_of_a_code_mean_something_or_it_is_wrong() -> None:
    pattern = KNOWN["beijing15"]
    assert pattern.fits("110101001002007", {"county": "110101", "street": "1", "community": "002"})
    assert not pattern.fits("110101001002007", {"street": "2"})
    assert not pattern.fits("110101400002007")
    assert not pattern.fits("11010100100200x")
    assert not pattern.fits("110101001002000")
    assert [pattern.meaning("street", digits) for digits in ("099", "100", "399", "400")] == [
        "street_office",
        "town",
        "township",
        None,
    ]
    assert len(KNOWN["community20"].text) > 0
    assert KNOWN["community20"].fits("01020311010100160105", {"community": "601"})


def test_a_merged_community_is_numbered_from_601() -> None:
    pattern = KNOWN["beijing15"]
    assert pattern.free("community", "merged", ["001", "600"]) == "601"
    assert pattern.free("community", "merged", ["601", "602"]) == "603"
    assert pattern.free("community", "community", ["601", "002"]) == "003"
    with pytest.raises(SequenceFull):
        pattern.free("community", "merged", ["999"])
