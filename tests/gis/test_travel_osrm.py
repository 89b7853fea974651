"""The road engine over real graphs, one test for each of its traps."""

from __future__ import annotations

import json
import math
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gis.errors import BadQuestion, NoWay, TravelUnavailable
from gis.model import Mode, Point
from gis.travel import built, graphs, osrm
from gis.travel.beeline import Beeline, degrees, great_circle
from gis.travel.osrm import Osrm
from tests.gis.travelling import FAR, FAR_END, HOME, ISLET, ISLET_END, SEA, WORK, silent, write

ABROAD = Point(20.0, 45.0)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Osrm:
    folder = tmp_path_factory.mktemp("town")
    graphs.build(write(folder), folder / "graphs", silent)
    return Osrm(folder / "graphs")


@pytest.fixture(scope="module")
def lauf(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Osrm:
    folder = tmp_path_factory.mktemp("lauf")
    graphs.build(shared_data / "osm" / "lauf_de_2020.osm.pbf", folder, silent)
    return Osrm(folder)


def test_a_way_follows_the_streets_and_not_the_line(engine: Osrm) -> None:
    matrix = engine.matrix(Mode.WALK, [HOME], [WORK])
    assert matrix.metres[0, 0] == pytest.approx(7 * 111.2, rel=0.01)  # 4 blocks east, 3 north
    assert matrix.seconds[0, 0] == pytest.approx(7 * 111.2 / (5 / 3.6), rel=0.05)
    assert not matrix.estimated


def test_rows_are_sources_and_columns_are_targets_in_the_order_asked(engine: Osrm) -> None:
    matrix = engine.matrix(Mode.WALK, [WORK, HOME, WORK], [HOME, WORK])
    assert matrix.seconds.shape == (3, 2)
    assert matrix.seconds[0, 1] == matrix.seconds[1, 0] == matrix.seconds[2, 1] == 0.0
    assert matrix.seconds[0, 0] == matrix.seconds[2, 0] > 0


def test_the_ends_of_a_way_are_walked_to_the_road(engine: Osrm) -> None:
    on_road, beside = Point(0.0015, 0.001), Point(0.0015, 0.0014)
    walked = 0.0004 * 111_200
    far, near = engine.matrix(Mode.DRIVE, [beside], [WORK]), engine.matrix(Mode.DRIVE, [on_road], [WORK])
    assert far.metres[0, 0] - near.metres[0, 0] == pytest.approx(walked, rel=0.02)
    assert far.seconds[0, 0] - near.seconds[0, 0] == pytest.approx(walked / osrm.APPROACH_SPEED, rel=0.02)
    assert engine.matrix(Mode.DRIVE, [WORK], [beside]).metres[0, 0] == pytest.approx(far.metres[0, 0], rel=0.01)


def test_a_position_in_another_country_has_no_way(engine: Osrm) -> None:
    matrix = engine.matrix(Mode.DRIVE, [HOME], [ABROAD, WORK])
    assert math.isinf(matrix.seconds[0, 0])
    assert math.isinf(matrix.metres[0, 0])
    assert math.isfinite(matrix.seconds[0, 1])


def test_one_position_out_of_reach_does_not_spoil_the_others(engine: Osrm) -> None:
    nowhere = Point(math.nan, 91.0)
    matrix = engine.matrix(Mode.WALK, [HOME, SEA, WORK], [WORK, ABROAD, nowhere, HOME])
    assert np.isfinite(matrix.seconds).tolist() == [
        [True, False, False, True],
        [False, False, False, False],
        [True, False, False, True],
    ]


def test_all_positions_out_of_reach_is_an_answer_too(engine: Osrm) -> None:
    assert np.isinf(engine.matrix(Mode.WALK, [SEA], [ABROAD]).seconds).all()


def test_a_far_island_has_no_way_to_the_mainland_but_ways_of_its_own(engine: Osrm) -> None:
    matrix = engine.matrix(Mode.WALK, [FAR], [HOME, FAR_END])
    assert math.isinf(matrix.seconds[0, 0])
    assert matrix.metres[0, 1] == pytest.approx(0.0008 * 111_200, rel=0.02)


def test_an_islet_within_reach_joins_the_mainland_and_pays_for_the_approach(engine: Osrm) -> None:
    across = engine.matrix(Mode.WALK, [ISLET], [HOME])
    gap = (ISLET.lon - 0.007) * 111_200
    assert across.metres[0, 0] > 0.006 * 111_200 + gap
    assert across.seconds[0, 0] > gap / osrm.APPROACH_SPEED
    assert engine.matrix(Mode.WALK, [ISLET], [ISLET_END]).metres[0, 0] == pytest.approx(0.001 * 111_200, rel=0.02)


def test_no_way_is_never_filled_with_a_guess_of_the_engine(engine: Osrm) -> None:
    assert math.isinf(engine.matrix(Mode.DRIVE, [HOME], [FAR]).seconds[0, 0])


def test_a_position_reaches_itself_even_where_no_road_is(engine: Osrm) -> None:
    matrix = engine.matrix(Mode.WALK, [SEA], [SEA, HOME])
    assert matrix.seconds[0, 0] == matrix.metres[0, 0] == 0.0
    assert math.isinf(matrix.seconds[0, 1])


def test_whoever_stands_at_the_very_place_is_there_already(engine: Osrm) -> None:
    matrix = engine.matrix(Mode.WALK, [HOME], [HOME])
    assert (matrix.seconds[0, 0], matrix.metres[0, 0], matrix.estimated) == (0.0, 0.0, False)
    assert engine.matrix(Mode.WALK, [HOME, ABROAD], [HOME]).seconds[:, 0].tolist() == [0.0, math.inf]


def test_nobody_to_send_gives_an_empty_matrix(engine: Osrm) -> None:
    assert engine.matrix(Mode.WALK, [], [HOME]).seconds.shape == (0, 1)
    assert engine.matrix(Mode.WALK, [HOME], []).seconds.shape == (1, 0)


def test_a_route_is_drawn_along_the_streets_from_stop_to_stop(engine: Osrm) -> None:
    leg = engine.route(Mode.WALK, [HOME, WORK])
    matrix = engine.matrix(Mode.WALK, [HOME], [WORK])
    assert leg.line[0] == HOME
    assert leg.line[-1] == WORK
    assert great_circle(degrees(leg.line[:-1]), degrees(leg.line[1:])).sum() == pytest.approx(leg.metres, rel=0.01)
    assert leg.seconds == pytest.approx(matrix.seconds[0, 0], rel=0.01)
    assert not leg.estimated


def test_a_route_through_three_stops_takes_as_long_as_its_legs(engine: Osrm) -> None:
    stops = [HOME, Point(0.0055, 0.0016), WORK]
    legs = engine.matrix(Mode.WALK, stops, stops).seconds
    assert engine.route(Mode.WALK, stops).seconds == pytest.approx(legs[0, 1] + legs[1, 2], rel=0.01)


@pytest.mark.parametrize("stop", [SEA, ABROAD, FAR, Point(math.nan, 0.0)])
def test_a_route_to_where_no_road_leads_says_so(engine: Osrm, stop: Point) -> None:
    with pytest.raises(NoWay):
        engine.route(Mode.WALK, [HOME, stop])


def test_a_route_needs_two_stops(engine: Osrm) -> None:
    with pytest.raises(BadQuestion):
        engine.route(Mode.WALK, [HOME])


def test_a_missing_folder_is_unavailable_and_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(TravelUnavailable) as caught:
        Osrm(tmp_path / "nothing").matrix(Mode.WALK, [HOME], [WORK])
    assert caught.value.params["reason"] == "no_graphs"


def test_a_graph_with_missing_files_is_unavailable_and_not_a_crash(tmp_path: Path) -> None:
    graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    for file in (tmp_path / "graphs").glob("*/walk/*"):
        file.unlink()
    with pytest.raises(TravelUnavailable) as caught:
        Osrm(tmp_path / "graphs").route(Mode.WALK, [HOME, WORK])
    assert caught.value.params["reason"] == "graph_broken"


def test_an_engine_sees_a_new_build_and_never_half_of_one(tmp_path: Path) -> None:
    graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    engine = Osrm(tmp_path / "graphs")
    assert math.isfinite(engine.matrix(Mode.DRIVE, [HOME], [WORK]).seconds[0, 0])
    graphs.build(write(tmp_path, kind="footway"), tmp_path / "graphs", silent)
    assert math.isinf(engine.matrix(Mode.DRIVE, [HOME], [WORK]).seconds[0, 0])
    assert math.isfinite(engine.matrix(Mode.WALK, [HOME], [WORK]).seconds[0, 0])


def test_a_place_without_roads_for_a_mode_has_no_way_rather_than_no_engine(tmp_path: Path) -> None:
    graphs.build(write(tmp_path, kind="footway"), tmp_path / "graphs", silent)
    assert built.read(tmp_path / "graphs").algorithms[Mode.DRIVE] is None
    with pytest.raises(NoWay):
        Osrm(tmp_path / "graphs").route(Mode.DRIVE, [HOME, WORK])


def test_mld_and_contraction_hierarchies_agree(engine: Osrm, tmp_path: Path) -> None:
    graphs.build(write(tmp_path), tmp_path / "graphs", silent, limits=graphs.Limits(contract=0.0))
    assert set(built.read(tmp_path / "graphs").algorithms.values()) == {"MLD"}
    points = [HOME, WORK, ISLET, FAR, SEA]
    other = Osrm(tmp_path / "graphs").matrix(Mode.DRIVE, points, points)
    np.testing.assert_allclose(other.seconds, engine.matrix(Mode.DRIVE, points, points).seconds)


def test_a_large_table_is_the_same_whole_or_in_blocks(lauf: Osrm, monkeypatch: pytest.MonkeyPatch) -> None:
    points = _scattered(60)
    whole = lauf.matrix(Mode.DRIVE, points[:40], points)
    monkeypatch.setattr(osrm, "BLOCK", 16)
    np.testing.assert_array_equal(lauf.matrix(Mode.DRIVE, points[:40], points).seconds, whole.seconds)


def test_many_threads_get_the_answers_that_one_gets(lauf: Osrm) -> None:
    points = _scattered(40)
    alone = lauf.matrix(Mode.WALK, points, points)
    fresh = Osrm(lauf.folder)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fresh.matrix(Mode.WALK, points, points), range(24)))
    for answer in answers:
        np.testing.assert_array_equal(answer.seconds, alone.seconds)


def test_two_hundred_by_two_hundred_is_quick(lauf: Osrm) -> None:
    sources, targets = _scattered(200), _scattered(200, seed=2)
    lauf.matrix(Mode.DRIVE, sources[:2], targets[:2])
    started = time.perf_counter()
    lauf.matrix(Mode.DRIVE, sources, targets)
    assert time.perf_counter() - started < 1.0


def test_no_way_by_road_is_much_shorter_than_the_line(lauf: Osrm) -> None:
    points = _scattered(80)
    ways = lauf.matrix(Mode.WALK, points, points).metres
    lines = Beeline().matrix(Mode.WALK, points, points).metres / Beeline().paces[Mode.WALK].detour
    assert (ways >= 0.98 * lines - 5.0).all()


def test_a_graph_that_answers_with_weeks_is_reported_as_broken(lauf: Osrm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osrm, "LONGEST", 1.0)
    with pytest.raises(TravelUnavailable) as caught:
        lauf.matrix(Mode.DRIVE, _scattered(5), _scattered(5, seed=2))
    assert caught.value.params["reason"] == "graph_broken"


def test_the_paces_of_the_place_are_measured_on_its_graphs(lauf: Osrm) -> None:
    paces = built.read(lauf.folder).paces
    points = _scattered(60)
    for mode in Mode:
        roads, line = (
            lauf.matrix(mode, points, points).seconds,
            Beeline(paces=paces).matrix(mode, points, points).seconds,
        )
        use = np.isfinite(roads) & (line > 120)
        assert np.median(line[use] / roads[use]) == pytest.approx(1.0, abs=0.25), mode


def test_the_index_is_plain_to_read(lauf: Osrm) -> None:
    told = json.loads((lauf.folder / built.INDEX).read_text())
    assert told["algorithms"] == {"walk": "CH", "cycle": "CH", "drive": "CH"}


def _scattered(count: int, seed: int = 1) -> list[Point]:
    chance = np.random.default_rng(seed)
    return [Point(float(x), float(y)) for x, y in chance.uniform((11.262, 49.500), (11.292, 49.518), (count, 2))]
