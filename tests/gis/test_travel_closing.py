"""Roads that close and open again, over real graphs; one test for each of the traps."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shapely import box
from shapely.geometry import LineString
from shapely.geometry import Point as ShapelyPoint

from gis.errors import NoWay, TravelUnavailable
from gis.model import Mode, Point
from gis.travel import built, closing, graphs, matching, running, segments
from gis.travel.beeline import Beeline
from gis.travel.closing import Closure, Effect
from gis.travel.fallback import Steady
from gis.travel.osrm import APPROACH_SPEED, Osrm
from tests.gis.travelling import FAR, HOME, ISLET, SEA, STEP, WORK, silent, write

EVERYBODY = frozenset(Mode)
WEST, EAST = Point(1.02 * STEP, 2 * STEP), Point(1.98 * STEP, 2 * STEP)  #: the two ends of one piece of street


def street(
    x: tuple[float, float], y: tuple[float, float], *, modes: frozenset[Mode] = EVERYBODY, key: int = 1
) -> Closure:
    """A closure from crossing to crossing: columns and rows."""
    line = LineString([(STEP * x[0], STEP * y[0]), (STEP * x[1], STEP * y[1])])
    return Closure(id=key, geometry=line, modes=modes)


PIECE = street((1, 2), (2, 2))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    graphs.build(write(folder), folder / "graphs", silent)
    return folder / "graphs"


@pytest.fixture
def folder(town: Path) -> Iterator[Path]:
    yield town
    closing.enforce(town, [])


def seconds(folder: Path, a: Point, b: Point, mode: Mode = Mode.DRIVE) -> float:
    return float(Osrm(folder).matrix(mode, [a], [b]).seconds[0, 0])


def prints(build: Path) -> dict[str, tuple[str, int]]:
    """Content and time of every file of a build."""
    return {
        str(file.relative_to(build)): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in build.rglob("*")
        if file.is_file()
    }


def test_a_closed_street_is_gone_round_and_the_running_engine_knows_at_once(folder: Path) -> None:
    engine = Osrm(folder)
    before = engine.matrix(Mode.DRIVE, [Point(0.5 * STEP, 2 * STEP)], [Point(2.5 * STEP, 2 * STEP)])
    done = closing.enforce(folder, [PIECE])
    after = engine.matrix(Mode.DRIVE, [Point(0.5 * STEP, 2 * STEP)], [Point(2.5 * STEP, 2 * STEP)])
    assert done.changed
    assert done.effects == {1: Effect(segments=1)}
    assert after.metres[0, 0] - before.metres[0, 0] == pytest.approx(2 * 111.2, rel=0.01)
    assert after.moved == frozenset()
    leg = engine.route(Mode.DRIVE, [Point(0.5 * STEP, 2 * STEP), Point(2.5 * STEP, 2 * STEP)])
    assert leg.metres == pytest.approx(after.metres[0, 0], rel=0.01)
    assert not leg.estimated


def test_opening_it_again_gives_exactly_what_was_before(folder: Path) -> None:
    points = [HOME, WORK, WEST, EAST, ISLET, FAR, SEA]
    before = {mode: Osrm(folder).matrix(mode, points, points).seconds for mode in Mode}
    closing.enforce(folder, [PIECE])
    closing.enforce(folder, [PIECE, street((4, 5), (4, 4), key=2)])
    closing.enforce(folder, [])
    engine = Osrm(folder)
    for mode in Mode:
        np.testing.assert_array_equal(engine.matrix(mode, points, points).seconds, before[mode])
    assert built.read(folder).closed is None


def test_lifting_one_of_two_leaves_no_trace_of_it(folder: Path) -> None:
    other = street((4, 5), (4, 4), key=2)
    closing.enforce(folder, [other])
    alone = seconds(folder, HOME, WORK), seconds(folder, WEST, EAST)
    closing.enforce(folder, [PIECE, other])
    closing.enforce(folder, [other])
    assert (seconds(folder, HOME, WORK), seconds(folder, WEST, EAST)) == alone


def test_closing_writes_into_no_file_of_the_build_that_it_starts_from(folder: Path) -> None:
    build = built.read(folder).folder
    before = prints(build)
    closing.enforce(folder, [PIECE])
    closing.enforce(folder, [street((0, 7), (3, 3))])
    assert prints(build) == before


def test_what_osrm_only_reads_is_shared_and_what_it_writes_is_not(folder: Path) -> None:
    closing.enforce(folder, [PIECE])
    closed = built.read(folder).closed
    assert closed is not None
    files = {file.name.removeprefix(f"{built.BASE}."): file for file in (closed.folder / "drive").iterdir()}
    assert files["ebg"].stat().st_nlink > 1
    assert all(files[kind].stat().st_nlink == 1 for kind in (*closing.WRITTEN, "mldgr", "cell_metrics"))


def test_an_engine_that_is_open_keeps_answering_while_roads_close_and_open(folder: Path) -> None:
    old = Osrm(folder)
    old.matrix(Mode.DRIVE, [HOME], [WORK])
    for wanted in ([PIECE], [street((0, 7), (3, 3))], [PIECE], []):
        closing.enforce(folder, wanted)
        assert old.matrix(Mode.DRIVE, [HOME], [WORK]).seconds[0, 0] == seconds(folder, HOME, WORK)


def test_the_same_closures_again_change_nothing_in_whatever_order(folder: Path) -> None:
    other = street((4, 5), (4, 4), key=2)
    first = closing.enforce(folder, [PIECE, other])
    stamp = built.stamp(folder)
    again = closing.enforce(folder, [other, PIECE])
    assert not again.changed
    assert (again.key, again.effects, again.segments) == (first.key, first.effects, 2)
    assert built.stamp(folder) == stamp


def test_only_the_modes_that_are_stopped_leave_the_contraction(folder: Path) -> None:
    closing.enforce(folder, [street((1, 2), (2, 2), modes=frozenset({Mode.DRIVE}))])
    build = built.read(folder)
    assert {mode: graph[1] for mode in Mode if (graph := build.graph(mode))} == {
        Mode.WALK: "CH",
        Mode.CYCLE: "CH",
        Mode.DRIVE: "MLD",
    }
    assert seconds(folder, WEST, EAST, Mode.WALK) == pytest.approx(0.96 * 111.2 / (5 / 3.6), rel=0.05)
    assert Osrm(folder).matrix(Mode.DRIVE, [WEST], [EAST]).metres[0, 0] > 2 * 111.2


def test_a_closure_where_no_road_is_says_so_and_the_others_hold(folder: Path) -> None:
    lost = Closure(id=2, geometry=box(0.03, 0.003, 0.031, 0.004), modes=EVERYBODY)
    done = closing.enforce(folder, [PIECE, lost])
    assert done.effects == {1: Effect(segments=1), 2: Effect(segments=0, trouble="no_road")}
    assert seconds(folder, WEST, EAST) > 0


def test_a_footpath_cannot_be_closed_for_cars(tmp_path: Path) -> None:
    graphs.build(write(tmp_path, kind="footway"), tmp_path / "graphs", silent)
    done = closing.enforce(tmp_path / "graphs", [street((1, 2), (2, 2), modes=frozenset({Mode.DRIVE}))])
    assert done.effects == {1: Effect(segments=0, trouble="no_road_for_modes")}


def test_segments_that_the_engine_does_not_know_are_an_error_and_no_silence(tmp_path: Path) -> None:
    graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    file = built.read(tmp_path / "graphs").folder / segments.FILE
    roads = segments.load(file.parent)
    strange = segments.Segments(ids=roads.ids + 10**9, at=roads.at, ends=roads.ends, usable=roads.usable)
    segments.save(strange, file)
    done = closing.enforce(tmp_path / "graphs", [PIECE])
    assert done.effects == {1: Effect(segments=0, trouble="not_updated")}


def test_graphs_from_before_closures_still_answer_and_say_that_they_cannot_close(tmp_path: Path) -> None:
    folder = tmp_path / "graphs"
    graphs.build(write(tmp_path), folder, silent)
    (built.read(folder).folder / segments.FILE).unlink()
    index = json.loads((folder / built.INDEX).read_text())
    del index["closed"]
    (folder / built.INDEX).write_text(json.dumps(index))
    with pytest.raises(TravelUnavailable) as caught:
        closing.enforce(folder, [PIECE])
    assert caught.value.params["reason"] == "old_graphs"
    assert math.isfinite(seconds(folder, HOME, WORK))
    assert closing.enforce(folder, []).key is None


def test_without_graphs_closing_says_so(tmp_path: Path) -> None:
    with pytest.raises(TravelUnavailable) as caught:
        closing.enforce(tmp_path / "none", [PIECE])
    assert caught.value.params["reason"] == "no_graphs"


def test_a_closing_that_fails_leaves_what_was_in_force(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closing.enforce(folder, [PIECE])
    before = built.read(folder)

    def broken(*_: object, **__: object) -> str:
        raise TravelUnavailable(reason="build_failed", program="osrm-customize")

    with monkeypatch.context() as patch:
        patch.setattr(running, "run", broken)
        with pytest.raises(TravelUnavailable):
            closing.enforce(folder, [street((0, 7), (3, 3))])
    assert built.read(folder) == before
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == sorted(
        [before.name, before.closed.name if before.closed else ""]
    )


def test_a_new_build_forgets_the_closures_of_the_old_one_until_they_are_enforced_again(tmp_path: Path) -> None:
    folder = tmp_path / "graphs"
    graphs.build(write(tmp_path), folder, silent)
    closing.enforce(folder, [PIECE])
    graphs.build(write(tmp_path), folder, silent)
    assert built.read(folder).closed is None
    assert closing.enforce(folder, [PIECE]).changed
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2


def test_whoever_stands_on_a_closed_street_is_joined_to_the_nearest_open_one(folder: Path) -> None:
    closing.enforce(folder, [street((1, 4), (2, 2))])
    engine = Osrm(folder)
    inside = Point(2.5 * STEP, 2 * STEP)
    matrix = engine.matrix(Mode.DRIVE, [inside, HOME], [WORK, inside])
    assert np.isfinite(matrix.seconds).all()
    assert matrix.moved == {inside}
    nearest = engine.matrix(Mode.DRIVE, [Point(2 * STEP, 2 * STEP + 0.02 * STEP)], [WORK]).seconds[0, 0]
    other = engine.matrix(Mode.DRIVE, [Point(3 * STEP, 2 * STEP + 0.02 * STEP)], [WORK]).seconds[0, 0]
    walk = 0.5 * 111.2 / APPROACH_SPEED
    assert min(nearest, other) + walk - 5 <= matrix.seconds[0, 0] <= max(nearest, other) + walk + 15
    leg = engine.route(Mode.DRIVE, [inside, WORK])
    assert leg.estimated
    assert (leg.line[0], leg.line[-1]) == (inside, WORK)
    assert leg.seconds == pytest.approx(matrix.seconds[0, 0], rel=0.05)


def test_two_people_on_one_closed_street_reach_each_other(folder: Path) -> None:
    closing.enforce(folder, [street((1, 4), (2, 2))])
    a, b = Point(1.5 * STEP, 2 * STEP), Point(3.5 * STEP, 2 * STEP)
    matrix = Osrm(folder).matrix(Mode.WALK, [a, b], [a, b])
    assert np.isfinite(matrix.seconds).all()
    assert matrix.seconds[0, 0] == matrix.seconds[1, 1] == 0.0
    assert matrix.moved == {a, b}


def test_nobody_is_moved_while_nothing_is_closed_or_only_for_others(folder: Path) -> None:
    inside = Point(1.5 * STEP, 2 * STEP)
    assert Osrm(folder).matrix(Mode.WALK, [inside], [WORK]).moved == frozenset()
    closing.enforce(folder, [street((1, 2), (2, 2), modes=frozenset({Mode.DRIVE}))])
    assert Osrm(folder).matrix(Mode.WALK, [inside], [WORK]).moved == frozenset()


def test_in_the_middle_of_a_large_closed_area_nothing_is_in_reach(folder: Path) -> None:
    closing.enforce(folder, [Closure(id=1, geometry=box(-0.001, -0.001, 0.0062, 0.0082), modes=EVERYBODY)])
    engine = Osrm(folder)
    corner = Point(0.007, 0.007)
    matrix = engine.matrix(Mode.DRIVE, [HOME, corner], [corner])
    assert math.isinf(matrix.seconds[0, 0])
    with pytest.raises(NoWay):
        engine.route(Mode.DRIVE, [HOME, corner])


def test_where_every_road_is_closed_nobody_reaches_anybody(folder: Path) -> None:
    done = closing.enforce(folder, [Closure(id=1, geometry=box(-0.001, -0.001, 0.1, 0.1), modes=EVERYBODY)])
    assert done.segments == 2 * 8 * 7 + 2
    matrix = Osrm(folder).matrix(Mode.WALK, [HOME, WORK], [WORK, HOME, SEA])
    assert np.isinf(matrix.seconds).tolist() == [[True, False, True], [False, True, True]]
    with pytest.raises(NoWay):
        Osrm(folder).route(Mode.WALK, [HOME, WORK])


def test_a_trial_closes_roads_for_who_asks_and_nobody_else(folder: Path) -> None:
    before, stamp = seconds(folder, WEST, EAST), built.stamp(folder)
    with closing.trial(folder, [PIECE]) as engine:
        assert engine.matrix(Mode.DRIVE, [WEST], [EAST]).seconds[0, 0] > before + 10
        assert seconds(folder, WEST, EAST) == before
    assert built.stamp(folder) == stamp
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_trial_where_no_road_is_says_so(folder: Path) -> None:
    lost = Closure(id=2, geometry=box(0.03, 0.003, 0.031, 0.004), modes=EVERYBODY)
    with pytest.raises(TravelUnavailable) as caught, closing.trial(folder, [lost]):
        pass
    assert caught.value.params["reason"] == "no_road"


def test_what_stands_beside_a_trial_stays_closed_even_where_no_road_is(folder: Path) -> None:
    lost = Closure(id=2, geometry=box(0.03, 0.003, 0.031, 0.004), modes=EVERYBODY)
    other = street((4, 5), (4, 4), key=3)
    with closing.trial(folder, [PIECE], beside=[lost, other]) as engine:
        ways = engine.matrix(Mode.DRIVE, [WEST, Point(4.02 * STEP, 4 * STEP)], [EAST, Point(4.98 * STEP, 4 * STEP)])
    assert (ways.metres.diagonal() > 300).all()


def test_several_that_close_roads_at_once_take_turns(folder: Path) -> None:
    sets = [[street((1, 2), (k, k), key=k)] for k in range(1, 7)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda wanted: closing.enforce(folder, wanted), sets))
    assert all(one.changed for one in done)
    build = built.read(folder)
    assert build.closed is not None
    assert build.closed.key in {one.key for one in done}
    kept = {path.name for path in folder.iterdir() if path.is_dir()}
    assert kept == {build.name, build.closed.name}
    last = next(k for k, one in enumerate(done) if one.key == build.closed.key)
    assert not closing.enforce(folder, sets[last]).changed


def test_the_last_matrix_is_forgotten_when_the_roads_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Osrm(folder)
    steady = Steady(engine, Beeline(), version=engine.version)
    by_road = steady.matrix(Mode.DRIVE, [WEST], [EAST])

    def away(*_: object) -> object:
        raise TravelUnavailable(reason="engine_failed")

    monkeypatch.setattr(engine, "matrix", away)
    assert steady.matrix(Mode.DRIVE, [WEST], [EAST]).seconds == by_road.seconds
    closing.enforce(folder, [PIECE])
    later = steady.matrix(Mode.DRIVE, [WEST], [EAST])
    assert later.estimated
    assert later.seconds == Beeline().matrix(Mode.DRIVE, [WEST], [EAST]).seconds


@pytest.fixture(scope="module")
def lauf(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("lauf")
    graphs.build(shared_data / "osm" / "lauf_de_2020.osm.pbf", folder, silent)
    return folder


def _scattered(count: int) -> list[Point]:
    chance = np.random.default_rng(3)
    return [Point(float(x), float(y)) for x, y in chance.uniform((11.262, 49.500), (11.292, 49.518), (count, 2))]


def _market(lauf: Path) -> Closure:
    """The middle of a way through the town, with what lies around it."""
    line = Osrm(lauf).route(Mode.DRIVE, [Point(11.270, 49.505), Point(11.287, 49.514)]).line
    middle = LineString([(p.lon, p.lat) for p in line[len(line) // 2 - 4 : len(line) // 2 + 4]])
    return Closure(id=1, geometry=middle.buffer(0.0008), modes=EVERYBODY)


@pytest.mark.parametrize("mode", Mode)
def test_a_customised_graph_answers_as_one_that_is_contracted_with_the_same_closure(
    lauf: Path, tmp_path: Path, mode: Mode
) -> None:
    closure = _market(lauf)
    closing.enforce(lauf, [closure])
    contracted = _contracted(lauf, tmp_path, closure, mode)
    far = [p for p in _scattered(60) if closure.geometry.distance(ShapelyPoint(p.lon, p.lat)) > 0.006]
    expected = contracted.matrix(mode, far, far)
    found = Osrm(lauf).matrix(mode, far, far)
    closing.enforce(lauf, [])
    assert len(far) > 20
    np.testing.assert_allclose(found.seconds, expected.seconds, atol=0.11)
    assert (found.seconds > Osrm(lauf).matrix(mode, far, far).seconds + 1).any()


def _contracted(lauf: Path, folder: Path, closure: Closure, mode: Mode) -> Osrm:
    """The roads of one mode without the closed ones, contracted anew."""
    build = built.read(lauf)
    roads = segments.load(build.folder)
    pairs = roads.pairs(matching.closed(roads, closure.geometry)).tolist()
    (folder / "closed.csv").write_text("".join(f"{u},{v},0\n{v},{u},0\n" for u, v in pairs))
    shutil.copytree(build.base(mode).parent, folder / "all" / mode.value)
    base = folder / "all" / mode.value / built.BASE
    running.run(mode, "osrm-contract", [str(base), "--segment-speed-file", str(folder / "closed.csv")], seconds=60)
    only = replace(build, name="all", folder=folder / "all", algorithms={mode: "CH"}, closed=None)
    built.write(folder, only)
    return Osrm(folder)


def test_in_a_real_town_nobody_is_lost_by_a_closed_market_and_all_is_as_before_afterwards(lauf: Path) -> None:
    points = [*_scattered(40), *_inside(_market(lauf), 20)]
    far = [k for k, p in enumerate(points) if _market(lauf).geometry.distance(ShapelyPoint(p.lon, p.lat)) > 0.006]
    for mode in Mode:
        before = Osrm(lauf).matrix(mode, points, points).seconds
        done = closing.enforce(lauf, [_market(lauf)])
        during = Osrm(lauf).matrix(mode, points, points)
        closing.enforce(lauf, [])
        assert done.effects[1].segments > 20
        assert done.effects[1].trouble is None
        assert np.isfinite(during.seconds[np.isfinite(before)]).all(), mode
        assert during.moved
        assert (during.seconds[far][:, far] >= before[far][:, far] - 0.11).all()
        np.testing.assert_array_equal(Osrm(lauf).matrix(mode, points, points).seconds, before)


def _inside(closure: Closure, count: int) -> list[Point]:
    chance = np.random.default_rng(4)
    west, south, east, north = closure.geometry.bounds
    drawn = chance.uniform((west, south), (east, north), (20 * count, 2)).tolist()
    return [Point(x, y) for x, y in drawn if closure.geometry.contains(ShapelyPoint(x, y))][:count]
