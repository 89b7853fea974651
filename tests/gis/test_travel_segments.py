"""The pieces of road of a place, and which of them a closure means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shapely import box
from shapely.geometry import LineString, MultiLineString, Polygon

from gis.errors import TravelUnavailable
from gis.model import Mode
from gis.travel import matching, segments
from gis.travel.segments import Segments
from tests.gis.travelling import STEP, write

M = STEP / 111.2  #: degrees of a metre, at the equator


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> Segments:
    return segments.gather(write(tmp_path_factory.mktemp("town")))


def shut(roads: Segments, *lines: list[tuple[float, float]]) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    """What a drawn line closes, as pairs of crossings (column, row)."""
    drawn = LineString(lines[0]) if len(lines) == 1 else MultiLineString(lines)
    return named(roads, matching.closed(roads, drawn))


def named(roads: Segments, rows: segments.Ints) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    ends = np.rint(roads.at[roads.ends[rows]] / STEP).astype(int).tolist()
    return {(min(a, b), max(a, b)) for a, b in ((tuple(a), tuple(b)) for a, b in ends)}


def test_every_piece_between_two_nodes_is_there_once(roads: Segments) -> None:
    assert len(roads.ends) == 2 * 8 * 7 + 2
    assert len({tuple(sorted(pair)) for pair in roads.ends.tolist()}) == len(roads.ends)
    assert len(roads.of(Mode.DRIVE, np.arange(len(roads.ends)))) == len(roads.ends)


def test_what_is_kept_is_what_was_read(roads: Segments, tmp_path: Path) -> None:
    segments.save(roads, tmp_path / segments.FILE)
    again = segments.load(tmp_path)
    np.testing.assert_array_equal(again.ids, roads.ids)
    np.testing.assert_array_equal(again.pairs(np.arange(5)), roads.pairs(np.arange(5)))
    np.testing.assert_allclose(again.at, roads.at, atol=1e-7)


def test_a_build_from_before_closures_says_so(tmp_path: Path) -> None:
    with pytest.raises(TravelUnavailable) as caught:
        segments.load(tmp_path)
    assert caught.value.params["reason"] == "old_graphs"


def test_tags_say_who_may_use_a_road(tmp_path: Path) -> None:
    by_kind = {
        kind: segments.gather(write(tmp_path, kind=kind)) for kind in ("residential", "footway", "motorway", "steps")
    }
    found = {kind: {mode for mode in Mode if len(roads.of(mode, np.arange(3)))} for kind, roads in by_kind.items()}
    assert found["residential"] == set(Mode)
    assert found["motorway"] == {Mode.DRIVE}
    assert found["steps"] == {Mode.WALK}
    assert Mode.DRIVE not in found["footway"]


def test_a_line_along_a_street_closes_it_and_no_side_street(roads: Segments) -> None:
    assert shut(roads, [(1.2 * STEP, 2 * STEP + 3 * M), (2.9 * STEP, 2 * STEP - 3 * M)]) == {
        ((1, 2), (2, 2)),
        ((2, 2), (3, 2)),
    }


def test_a_line_that_wavers_over_the_mouth_of_a_side_street_does_not_close_it(roads: Segments) -> None:
    north = [(0.1 * STEP, STEP + 6 * M), (1.9 * STEP, STEP + 6 * M)]
    assert shut(roads, north) == {((0, 1), (1, 1)), ((1, 1), (2, 1))}


def test_a_line_that_reaches_a_little_beyond_a_crossing_does_not_close_what_follows(roads: Segments) -> None:
    assert shut(roads, [(1.0 * STEP, 2 * STEP), (2.0 * STEP + 6 * M, 2 * STEP)]) == {((1, 2), (2, 2))}


def test_a_line_across_a_street_closes_the_piece_that_it_crosses(roads: Segments) -> None:
    assert shut(roads, [(1.5 * STEP, 1.8 * STEP), (1.5 * STEP, 2.2 * STEP)]) == {((1, 2), (2, 2))}


def test_a_line_through_the_middle_of_a_block_across_two_streets_closes_both(roads: Segments) -> None:
    assert shut(roads, [(1.5 * STEP, 0.8 * STEP), (1.5 * STEP, 2.2 * STEP)]) == {((1, 1), (2, 1)), ((1, 2), (2, 2))}


def test_a_short_line_along_a_long_piece_closes_it(roads: Segments) -> None:
    assert shut(roads, [(1.4 * STEP, 2 * STEP + 2 * M), (1.5 * STEP, 2 * STEP + 2 * M)]) == {((1, 2), (2, 2))}


def test_a_line_farther_off_than_a_street_is_wide_closes_nothing(roads: Segments) -> None:
    assert shut(roads, [(1.1 * STEP, 2 * STEP + 12 * M), (1.9 * STEP, 2 * STEP + 12 * M)]) == set()


def test_several_lines_close_what_each_of_them_closes(roads: Segments) -> None:
    one, other = [(STEP, 2 * STEP), (2 * STEP, 2 * STEP)], [(5 * STEP, 5 * STEP), (5 * STEP, 6 * STEP)]
    assert shut(roads, one, other) == {((1, 2), (2, 2)), ((5, 5), (5, 6))}


def test_an_area_closes_every_piece_that_it_touches(roads: Segments) -> None:
    area = box(1.5 * STEP, 1.5 * STEP, 1.6 * STEP, 2.1 * STEP)
    assert named(roads, matching.closed(roads, area)) == {((1, 2), (2, 2))}
    assert len(matching.closed(roads, box(0.9 * STEP, 0.9 * STEP, 1.1 * STEP, 1.1 * STEP))) == 4


def test_an_area_in_the_sea_closes_nothing(roads: Segments) -> None:
    assert matching.closed(roads, Polygon([(0.03, 0.003), (0.031, 0.003), (0.031, 0.004)])).size == 0
