"""The straight line that stands in for the road engine."""

from __future__ import annotations

import numpy as np
import pytest

from gis.errors import BadQuestion
from gis.model import Mode, Point
from gis.travel.beeline import PACES, Beeline

pytestmark = pytest.mark.pure

HELSINKI, TALLINN = Point(24.9384, 60.1699), Point(24.7536, 59.4370)


def test_metres_are_the_great_circle_times_the_detour() -> None:
    matrix = Beeline().matrix(Mode.WALK, [HELSINKI], [TALLINN])
    assert matrix.metres[0, 0] == pytest.approx(82_160 * PACES[Mode.WALK].detour, rel=0.002)


def test_seconds_are_metres_at_the_pace_of_the_mode() -> None:
    on_foot, by_car = (Beeline().matrix(mode, [HELSINKI], [TALLINN]) for mode in (Mode.WALK, Mode.DRIVE))
    assert on_foot.seconds == pytest.approx(on_foot.metres / PACES[Mode.WALK].speed)
    assert by_car.seconds[0, 0] < on_foot.seconds[0, 0] / 4


def test_the_matrix_has_a_row_per_source_and_a_column_per_target_and_is_marked_as_estimated() -> None:
    matrix = Beeline().matrix(Mode.CYCLE, [HELSINKI], [TALLINN, HELSINKI, TALLINN])
    assert matrix.seconds.shape == matrix.metres.shape == (1, 3)
    assert matrix.seconds.dtype == np.float64
    assert matrix.seconds[0, 1] == 0.0
    assert matrix.estimated


def test_nobody_to_send_gives_an_empty_matrix() -> None:
    assert Beeline().matrix(Mode.WALK, [], [HELSINKI]).seconds.shape == (0, 1)


def test_a_route_adds_up_its_legs_and_is_drawn_through_its_stops() -> None:
    leg = Beeline().route(Mode.DRIVE, [HELSINKI, TALLINN, HELSINKI])
    there = Beeline().matrix(Mode.DRIVE, [HELSINKI], [TALLINN])
    assert leg.seconds == pytest.approx(2 * there.seconds[0, 0])
    assert leg.line == (HELSINKI, TALLINN, HELSINKI)
    assert leg.estimated


def test_a_route_needs_two_stops() -> None:
    with pytest.raises(BadQuestion):
        Beeline().route(Mode.WALK, [HELSINKI])
