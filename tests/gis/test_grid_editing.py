"""Edits by hand: what is drawn is done, around buildings, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from gis.errors import EditRefused
from gis.grid import (
    Barrier,
    Blocks,
    Building,
    Community,
    Edited,
    Given,
    GivenCell,
    Kind,
    Rank,
    assign,
    check,
    compile_place,
    merge,
    move,
    split,
)
from tests.gis.damage import given_of
from tests.gis.towns import town

pytestmark = pytest.mark.pure

towns = st.builds(town, st.integers(0, 10**6), streets=st.integers(2, 10), houses=st.integers(0, 50))
HOME, NEXT = Community(code="A", polygon=box(0, 0, 200, 100)), Community(code="B", polygon=box(200, 0, 400, 100))
HOUSE = Building(polygon=box(40, 40, 60, 60))
STANDING = (Kind.BUILDING_CUT, Kind.NO_CODE, Kind.IN_PIECES)


def square(*buildings: Building) -> Given:
    rows = [("w", box(0, 0, 100, 100), "A"), ("e", box(100, 0, 200, 100), "A"), ("b", box(200, 0, 400, 100), "B")]
    cells = tuple(GivenCell(key=k, polygon=shape, community=c, code=f"{c}{n}") for n, (k, shape, c) in enumerate(rows))
    return Given(cells=cells, communities=(HOME, NEXT), buildings=buildings)


def areas(done: Edited) -> dict[str, float]:
    return {cell.key: cell.polygon.area for cell in done.given.cells}


def codes(done: Edited) -> dict[str, str | None]:
    return {cell.key: cell.code for cell in done.given.cells}


def test_a_line_parts_a_cell_and_the_larger_part_keeps_its_key_and_no_part_its_code() -> None:
    done = split(square(), "w", LineString([(30, -5), (30, 105)]))
    assert areas(done) == {"w": 7_000, "e": 10_000, "b": 20_000, "w~2": 3_000}
    assert codes(done) == {"w": None, "e": "A1", "b": "B2", "w~2": None}
    assert (set(done.touched), done.bent, done.gone, done.faults) == ({"w", "w~2"}, (), (), ())


def test_a_line_that_stops_short_of_the_border_is_prolonged() -> None:
    assert areas(split(square(), "w", LineString([(30, 20), (30, 80)])))["w~2"] == 3_000


def test_a_neighbour_gets_the_vertex_where_a_new_border_meets_it_and_keeps_its_code() -> None:
    done = split(square(), "w", LineString([(-5, 50), (105, 50)]))
    assert done.bent == ("e",)
    assert codes(done)["e"] == "A1"
    assert check(replace(done.given, cells=tuple(replace(c, code=None) for c in done.given.cells))) == ()


def test_a_line_through_a_building_is_led_around_it_and_says_so() -> None:
    done = split(square(HOUSE), "w", LineString([(55, -5), (55, 105)]))
    assert done.round == (0,)
    assert done.faults == ()
    assert areas(done)["w~2"] == pytest.approx(45 * 100 - 5 * 20)


def test_a_line_drawn_roughly_follows_the_road_beside_it() -> None:
    road = Barrier(line=LineString([(30, -10), (33, 50), (30, 110)]), rank=Rank.MINOR)
    rough = LineString([(28, -5), (35, 30), (32, 70), (29, 105)])
    done = split(square(), "w", rough, onto=[road], within=6)
    border = shapely.intersection(*(cell.polygon for cell in done.given.cells if cell.key in ("w", "w~2")))
    assert shapely.hausdorff_distance(border, shapely.intersection(road.line, box(0, 0, 100, 100))) < 0.1


def test_a_line_that_divides_nothing_is_refused() -> None:
    for line in ([(-20, -5), (-20, 105)], [(-5, 0.1), (105, 0.1)]):
        with pytest.raises(EditRefused) as refused:
            split(square(), "w", LineString(line))
        assert refused.value.params["reason"] == "line_misses"
    with pytest.raises(EditRefused, match="unknown_cell"):
        split(square(), "nobody", LineString([(30, -5), (30, 105)]))


def test_neighbours_become_one() -> None:
    done = merge(square(), ["e", "w"])
    assert areas(done) == {"e": 20_000, "b": 20_000}
    assert (done.touched, done.gone) == (("e",), ("w",))


@pytest.mark.parametrize(
    ("keys", "reason"), [(["w"], "too_few"), (["w", "w"], "too_few"), (["e", "b"], "two_communities")]
)
def test_what_may_not_be_merged_is_refused(keys: list[str], reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        merge(square(), keys)


def test_cells_that_do_not_touch_are_not_merged() -> None:
    done = split(square(), "w", LineString([(30, -5), (30, 105)]))
    with pytest.raises(EditRefused, match="apart"):
        merge(done.given, ["w~2", "e"])


def test_a_border_moves_where_it_is_drawn_from_end_to_end() -> None:
    done = move(square(), "w", "e", LineString([(80, -5), (80, 105)]))
    assert areas(done) == {"w": 8_000, "e": 12_000, "b": 20_000}
    assert done.faults == ()


def test_a_border_bulges_where_a_bow_is_drawn_on_it() -> None:
    done = move(square(), "w", "e", LineString([(99, 20), (120, 20), (120, 60), (101, 60)]))
    assert areas(done)["w"] == pytest.approx(10_000 + 20 * 40)


def test_a_border_that_is_moved_goes_round_buildings() -> None:
    done = move(square(HOUSE), "w", "e", LineString([(45, -5), (45, 105)]))
    assert areas(done)["w"] == pytest.approx(45 * 100 - 5 * 20)
    assert done.round == (0,)
    assert done.faults == ()


def test_a_border_between_communities_is_not_moved() -> None:
    with pytest.raises(EditRefused, match="two_communities"):
        move(square(), "e", "b", LineString([(190, -5), (190, 105)]))


def test_ground_is_given_to_a_cell_as_far_as_its_community_reaches() -> None:
    done = assign(square(), box(90, 0, 110, 50), "e")
    assert areas(done) == {"w": 9_500, "e": 10_500, "b": 20_000}
    done = assign(square(), box(190, 0, 220, 50), "b")
    assert areas(done)["e"] == 10_000
    with pytest.raises(EditRefused, match="outside_community"):
        assign(square(), box(250, 20, 260, 30), "w")
    with pytest.raises(EditRefused, match="apart"):
        assign(square(), box(150, 20, 160, 30), "w")


def test_a_cell_of_which_nothing_is_left_is_gone() -> None:
    done = assign(square(), box(-1, -1, 101, 101), "e")
    assert done.gone == ("w",)
    assert areas(done) == {"e": 20_000, "b": 20_000}


def test_uncovered_ground_can_be_given_to_a_cell() -> None:
    whole = square()
    bare = replace(whole, cells=(replace(whole.cells[0], polygon=box(10, 0, 100, 100)), *whole.cells[1:]))
    done = assign(bare, box(-5, -5, 11, 105), "w")
    assert areas(done)["w"] == 10_000
    assert done.faults == ()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns, st.data())
def test_whatever_is_edited_the_grid_stays_sound_and_the_neighbourhood_tells_the_truth(
    blocks: Blocks, data: st.DataObject
) -> None:
    given = given_of(compile_place(blocks), blocks)
    for _ in range(6):
        try:
            done = _edit(given, data)
        except EditRefused:
            continue
        whole = [fault for fault in check(done.given) if fault.kind not in STANDING]
        assert whole == []
        assert [fault for fault in done.faults if fault.kind not in STANDING] == []
        changed = {*done.touched, *done.bent, *done.gone}
        before = {cell.key: cell for cell in given.cells}
        assert all(cell == before[cell.key] for cell in done.given.cells if cell.key not in changed)
        bent = {cell.key: cell for cell in done.given.cells if cell.key in done.bent}
        for key, cell in bent.items():
            assert (
                shapely.area(shapely.symmetric_difference(cell.polygon, before[key].polygon))
                < 0.01 * cell.polygon.length
            )
        if not any(fault.kind is Kind.IN_PIECES for fault in done.faults):
            given = done.given


def _edit(given: Given, data: st.DataObject) -> Edited:
    cell = data.draw(st.sampled_from(given.cells), label="cell")
    west, south, east, north = cell.polygon.bounds
    share = st.floats(-0.2, 1.2)

    def point() -> tuple[float, float]:
        return (west + data.draw(share) * (east - west), south + data.draw(share) * (north - south))

    line = LineString([point(), point(), point()])
    near = [other for other in given.cells if other.key != cell.key and other.polygon.touches(cell.polygon)]
    other = data.draw(st.sampled_from(near or [cell]), label="other")
    match data.draw(st.sampled_from(["split", "merge", "move", "assign"]), label="edit"):
        case "split":
            return split(given, cell.key, line)
        case "merge":
            return merge(given, [cell.key, other.key])
        case "move":
            return move(given, cell.key, other.key, line)
        case _:
            return assign(given, line.convex_hull.buffer(5), cell.key)
