"""The grid as planar geometry: nothing here needs a database."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from gis.errors import BadGeometry, BadQuestion, SequenceFull
from gis.grid import (
    PLAIN,
    Barrier,
    Blocks,
    Building,
    CodePattern,
    Community,
    CutReason,
    Grid,
    Plane,
    Rank,
    compile_grid,
    compile_place,
    number,
    patterns,
    rank_of,
)
from tests.conftest import ROOT
from tests.gis.towns import town

pytestmark = pytest.mark.pure

towns = st.builds(town, st.integers(0, 10**6), streets=st.integers(0, 14), houses=st.integers(0, 90))
thoroughly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def compiled(blocks: Blocks, **changes: object) -> Grid:
    return compile_place(blocks, **changes)  # type: ignore[arg-type]  # tests pass what they like


def square(size: float = 400.0, **changes: object) -> dict[str, object]:
    return {"communities": [Community(code="01", polygon=box(0, 0, size, size))], **changes}


@thoroughly
@given(towns)
def test_cells_share_their_vertices_and_fill_the_place_to_the_square_millimetre(blocks: Blocks) -> None:
    grid = compiled(blocks)
    polygons = np.array([cell.polygon for cell in grid.cells])
    assert shapely.coverage_is_valid(polygons)
    exact = sum(_twice_area_mm2(polygon) for polygon in polygons)
    assert exact == 2 * round(sum(c.polygon.area for c in blocks.communities) * 1e6)


@thoroughly
@given(towns)
def test_cells_still_share_their_vertices_in_degrees(blocks: Blocks) -> None:
    grid = compiled(blocks)
    polygons = np.array([blocks.plane.to_degrees(cell.polygon) for cell in grid.cells])
    assert shapely.coverage_is_valid(polygons)
    assert shapely.is_valid(polygons).all()


@thoroughly
@given(towns)
def test_every_building_stands_in_exactly_one_cell(blocks: Blocks) -> None:
    grid = compiled(blocks)
    held = Counter(building for cell in grid.cells for building in cell.buildings)
    assert set(held.values()) <= {1}
    assert set(held) | set(grid.outside) == set(range(len(blocks.buildings)))
    assert sum(cell.people for cell in grid.cells) == sum(blocks.buildings[i].people for i in held)


@thoroughly
@given(towns)
def test_no_border_runs_through_a_building_that_does_not_stand_on_a_given_border(
    blocks: Blocks,
) -> None:
    grid = compiled(blocks)
    excused = {cut.building for cut in grid.cut}
    assert {cut.reason for cut in grid.cut} <= {CutReason.COMMUNITY, CutReason.EDGE}
    border = shapely.STRtree([cell.polygon.exterior for cell in grid.cells])
    for i, building in enumerate(blocks.buildings):
        crossed = len(border.query(building.polygon.buffer(-0.02), predicate="intersects")) > 0
        assert not crossed or i in excused


@thoroughly
@given(towns)
def test_every_cell_is_one_valid_piece_in_one_community(blocks: Blocks) -> None:
    grid = compiled(blocks)
    ground = {community.code: community.polygon.buffer(0.001) for community in blocks.communities}
    for cell in grid.cells:
        assert cell.polygon.is_valid
        assert cell.polygon.geom_type == "Polygon"
        assert cell.area_m2 > 0
        assert ground[cell.community].covers(cell.polygon)


@settings(max_examples=12, deadline=None)
@given(towns)
def test_the_same_ground_gives_the_same_grid_in_whatever_order_it_is_told(blocks: Blocks) -> None:
    lines = list(blocks.barriers)
    random.Random(1).shuffle(lines)
    one, other = compiled(blocks), compiled(replace(blocks, barriers=tuple(lines)))
    assert compiled(blocks).cells == one.cells
    assert [cell.polygon for cell in one.cells] == [cell.polygon for cell in other.cells]


def test_a_road_divides_and_a_building_across_it_stays_whole() -> None:
    road = Barrier(line=LineString([(0, 200), (400, 200)]), rank=Rank.MAJOR)
    gate = Building(polygon=box(190, 190, 210, 230))  # ten metres south of the road, thirty north of it
    houses = [Building(polygon=box(x, y, x + 20, y + 20)) for x in range(10, 380, 40) for y in (120, 260)]
    grid = compile_grid(**square(barriers=[road], buildings=[gate, *houses]))  # type: ignore[arg-type]
    home = next(cell for cell in grid.cells if 0 in cell.buildings)
    assert home.polygon.covers(gate.polygon)
    assert home.polygon.centroid.y > 200
    assert grid.cut == ()


def test_a_building_across_a_dead_end_that_a_cut_prolongs_stays_whole() -> None:
    dead_end = Barrier(line=LineString([(-10, 200), (260, 200)]), rank=Rank.MINOR)
    houses = [Building(polygon=box(x, y, x + 24, y + 24)) for x in range(8, 380, 40) for y in range(8, 380, 32)]
    grid = compile_grid(**square(barriers=[dead_end], buildings=houses))  # type: ignore[arg-type]
    assert len(grid.cells) > 8
    assert grid.cut == ()


def test_a_building_on_the_border_of_two_communities_is_listed_and_counted_once() -> None:
    communities = [Community(code="a", polygon=box(0, 0, 100, 100)), Community(code="b", polygon=box(100, 0, 200, 100))]
    grid = compile_grid(communities=communities, buildings=[Building(polygon=box(95, 40, 115, 60), people=8)])
    assert [(cut.building, cut.reason, round(cut.metres)) for cut in grid.cut] == [(0, CutReason.COMMUNITY, 20)]
    assert [(cell.community, cell.people) for cell in grid.cells if cell.buildings] == [("b", 8.0)]


def test_built_up_ground_is_cut_to_the_target_and_fields_are_left_large() -> None:
    houses = [Building(polygon=box(x, y, x + 12, y + 12)) for x in range(5, 1000, 30) for y in range(5, 500, 30)]
    place = [Community(code="01", polygon=box(0, 0, 1000, 1500))]
    grid = compile_grid(communities=place, buildings=houses)
    town_cells = [cell.area_m2 for cell in grid.cells if len(cell.buildings) > 3]
    fields = [cell.area_m2 for cell in grid.cells if not cell.buildings]
    assert 6_000 < np.median(town_cells) < 16_000
    assert min(fields) > 60_000


def test_small_blocks_join_over_the_minor_street_and_not_over_the_major_one() -> None:
    streets = [
        Barrier(line=LineString([(50, -5), (50, 55)]), rank=Rank.MINOR),
        Barrier(line=LineString([(100, -5), (100, 55)]), rank=Rank.MAJOR),
    ]
    houses = [Building(polygon=box(x, 5, x + 25, 45)) for x in (10, 60, 110)]
    place = [Community(code="01", polygon=box(0, 0, 150, 50))]
    grid = compile_grid(communities=place, barriers=streets, buildings=houses, target_m2=5_000)
    assert sorted(round(cell.area_m2) for cell in grid.cells) == [2_500, 5_000]


def test_islands_are_cells_of_their_own() -> None:
    place = shapely.union(box(0, 0, 100, 100), box(150, 0, 160, 10))
    grid = compile_grid(communities=[Community(code="01", polygon=place)])
    assert sorted(round(cell.area_m2) for cell in grid.cells) == [100, 10_000]


def test_a_code_that_comes_twice_and_a_place_without_ground_are_refused() -> None:
    one = Community(code="01", polygon=box(0, 0, 10, 10))
    with pytest.raises(BadGeometry, match="same_code"):
        compile_grid(communities=[one, one])
    with pytest.raises(BadGeometry, match="empty"):
        compile_grid(communities=[])


def test_a_target_that_leads_to_too_many_cells_grows_until_they_fit() -> None:
    blocks = town(3, streets=10, houses=80)
    free, tight = compiled(blocks, target_m2=3_000), compiled(blocks, target_m2=3_000, limit=20)
    assert max(Counter(cell.community for cell in free.cells).values()) > 20
    assert max(Counter(cell.community for cell in tight.cells).values()) <= 20
    assert tight.target_m2 > 3_000


def test_numbers_run_west_to_east_in_bands_from_north_to_south() -> None:
    level = [box(x, 100 + dy, x + 20, 120 + dy) for x, dy in ((60, 0), (0, -8), (30, -4))]
    below = [box(90, 20, 110, 40), box(0, 10, 20, 30)]
    assert number([*level, *below]) == [3, 1, 2, 5, 4]
    assert number([]) == []


def test_codes_follow_their_pattern_and_refuse_what_does_not_fit() -> None:
    known = patterns(ROOT / "data" / "reference" / "codes.json")
    fields = {"county": "110101", "street": "1", "community": "2", "object_class": "14"}
    assert known["beijing15"].code(seq=7, **fields) == "110101001002007"
    assert len(known["city16"].code(seq=7, **fields)) == 16
    assert len(known["community20"].code(seq=7, **fields)) == 20
    assert PLAIN.code(seq=42, community="HEL03") == "HEL03042"
    with pytest.raises(SequenceFull):
        known["community20"].code(seq=100, **fields)
    with pytest.raises(BadQuestion):
        known["beijing15"].code(seq=1, **{**fields, "county": "1101010"})
    with pytest.raises(BadQuestion):
        CodePattern(name="none", text="{community}")


def test_the_codes_in_the_reference_have_as_many_digits_as_they_say() -> None:
    file = ROOT / "data" / "reference" / "codes.json"
    known, rows = patterns(file), json.loads(file.read_text(encoding="utf-8"))["patterns"]
    fields = {"county": "110101", "street": "1", "community": "2", "object_class": "14"}
    counted = {row["digits"]: len(known[row["name"]].code(seq=1, **fields)) for row in rows if row["digits"]}
    assert counted == {15: 15, 16: 16, 20: 20}


@pytest.mark.parametrize(
    ("tags", "rank"),
    [
        ({"highway": "residential"}, Rank.MINOR),
        ({"highway": "primary", "tunnel": "yes"}, None),
        ({"highway": "residential", "tunnel": "building_passage"}, Rank.MINOR),
        ({"highway": "footway", "footway": "sidewalk"}, None),
        ({"highway": "service", "service": "driveway"}, None),
        ({"railway": "rail"}, Rank.RAIL),
        ({"railway": "rail", "service": "yard"}, None),
        ({"railway": "subway", "layer": "-2"}, None),
        ({"waterway": "river"}, Rank.SHORE),
        ({"waterway": "stream", "tunnel": "culvert"}, None),
        ({"barrier": "wall"}, Rank.WALL),
        ({"name": "nothing"}, None),
    ],
)
def test_what_lies_on_the_ground_divides_it(tags: dict[str, str], rank: Rank | None) -> None:
    assert rank_of(tags) == rank


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(-70, 70))
def test_the_sheet_of_metres_leads_back_to_where_one_came_from(x: float, y: float, lat: float) -> None:
    plane = Plane(lon=12.0, lat=lat)
    there = plane.to_degrees(shapely.Point(x, y))
    assert plane.to_metres(there).distance(shapely.Point(x, y)) < 1e-6


def _twice_area_mm2(polygon: shapely.Polygon) -> int:
    """Twice the area in square millimetres, in whole numbers."""
    total = 0
    for ring in shapely.get_rings(polygon):
        xy = [(round(x * 1000), round(y * 1000)) for x, y in ring.coords]
        twice = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(xy))
        total += abs(twice) if ring.equals(polygon.exterior) else -abs(twice)
    return total
