"""An answer always comes, and says when it is an estimate."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from gis.errors import NoWay
from gis.model import Leg, Mode, Point
from gis.travel import graphs
from gis.travel.beeline import Beeline
from gis.travel.engine import Matrix, TravelEngine
from gis.travel.fallback import TOO_SLOW, Steady
from gis.travel.osrm import Osrm
from tests.gis.travelling import FAR, HOME, WORK, silent, write


class Sleepy:
    """A road engine that takes its time."""

    def __init__(self, engine: TravelEngine, seconds: float) -> None:
        self.engine, self.seconds, self.asked = engine, seconds, 0

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        self.asked += 1
        time.sleep(self.seconds)
        return self.engine.matrix(mode, sources, targets)

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:
        self.asked += 1
        time.sleep(self.seconds)
        return self.engine.route(mode, stops)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    graphs.build(write(tmp_path), tmp_path / "graphs", silent)
    return tmp_path / "graphs"


def test_while_roads_answer_nothing_is_estimated(folder: Path) -> None:
    steady = Steady(Osrm(folder), Beeline())
    assert not steady.matrix(Mode.WALK, [HOME], [WORK]).estimated
    assert not steady.route(Mode.WALK, [HOME, WORK]).estimated
    assert steady.degraded is None


def test_without_graphs_the_straight_line_answers_and_says_so(tmp_path: Path) -> None:
    steady = Steady(Osrm(tmp_path / "none"), Beeline())
    matrix = steady.matrix(Mode.WALK, [HOME], [WORK])
    assert matrix.estimated
    assert matrix.seconds == Beeline().matrix(Mode.WALK, [HOME], [WORK]).seconds
    assert steady.route(Mode.WALK, [HOME, WORK]).estimated
    assert steady.degraded == "no_graphs"


def test_it_comes_back_by_itself_when_the_graphs_do(folder: Path, tmp_path: Path) -> None:
    steady = Steady(Osrm(tmp_path / "later"), Beeline(), rest=0.0)
    assert steady.matrix(Mode.WALK, [HOME], [WORK]).estimated
    shutil.copytree(folder, tmp_path / "later")
    assert not steady.matrix(Mode.WALK, [HOME], [WORK]).estimated
    assert steady.degraded is None


def test_the_last_matrix_by_road_serves_before_the_straight_line(folder: Path) -> None:
    steady = Steady(Osrm(folder), Beeline(), rest=60.0)
    by_road = steady.matrix(Mode.WALK, [HOME, WORK], [HOME, WORK, FAR])
    shutil.rmtree(folder)
    new = Point(0.002, 0.002)
    later = steady.matrix(Mode.WALK, [new, WORK], [FAR, HOME])
    assert later.estimated
    assert later.seconds[1, 1] == by_road.seconds[1, 0]
    assert later.seconds[1, 0] == by_road.seconds[1, 2]  # no way, and known to be none
    assert later.seconds[0, 1] == Beeline().matrix(Mode.WALK, [new], [HOME]).seconds[0, 0]


def test_a_slow_engine_is_not_waited_for_and_then_left_to_rest(folder: Path) -> None:
    sleepy = Sleepy(Osrm(folder), 1.0)
    steady = Steady(sleepy, Beeline(), patience=0.1, rest=60.0)
    started = time.perf_counter()
    assert steady.matrix(Mode.DRIVE, [HOME], [WORK]).estimated
    assert steady.route(Mode.DRIVE, [HOME, WORK]).estimated
    assert time.perf_counter() - started < 0.5
    assert sleepy.asked == 1
    assert steady.degraded == TOO_SLOW


def test_a_large_question_has_more_time(folder: Path) -> None:
    steady = Steady(Sleepy(Osrm(folder), 0.3), Beeline(), patience=0.1)
    assert not steady.matrix(Mode.WALK, [HOME] * 150, [WORK] * 150).estimated


def test_that_no_way_leads_there_is_an_answer_and_no_failure(folder: Path) -> None:
    steady = Steady(Osrm(folder), Beeline())
    with pytest.raises(NoWay):
        steady.route(Mode.WALK, [HOME, FAR])
    assert steady.degraded is None
