"""People of the demonstration move along lines, evenly, and stop at the end."""

import pytest

from api.demo.walking import Walk
from gis.model import Leg, Point

CORNER = (Point(24.0, 60.0), Point(24.0, 60.001), Point(24.0, 60.001), Point(24.002, 60.001))
LEG = Leg(seconds=100.0, metres=222.6, line=CORNER, estimated=False)


def test_halfway_in_time_is_halfway_along_the_line() -> None:
    step = Walk.of(LEG).at(50.0)
    assert step.point.lat == pytest.approx(60.001, abs=1e-5)
    assert step.point.lon == pytest.approx(24.0, abs=1e-5)


def test_the_heading_follows_the_street() -> None:
    walk = Walk.of(LEG)
    assert walk.at(10.0).heading == pytest.approx(0.0)
    assert walk.at(90.0).heading == pytest.approx(90.0)


def test_after_the_end_one_stands_at_the_end() -> None:
    step = Walk.of(LEG).at(1e6)
    assert (step.point, step.heading, step.speed) == (CORNER[-1], None, 0.0)


def test_twice_the_pace_takes_half_the_time() -> None:
    assert Walk.of(LEG, pace=2.0).seconds == pytest.approx(50.0)
    assert Walk.of(LEG, pace=2.0).at(10.0).speed == pytest.approx(2 * Walk.of(LEG).at(10.0).speed)


def test_a_way_of_no_length_is_a_place() -> None:
    here = Point(24.0, 60.0)
    assert Walk.of(Leg(seconds=0.0, metres=0.0, line=(here, here), estimated=False)).at(0.0).point == here
