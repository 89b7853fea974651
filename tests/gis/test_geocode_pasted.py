"""Positions as people paste them."""

from __future__ import annotations

import pytest

from gis.geocode import pasted as coordinates
from gis.model import Point

pytestmark = pytest.mark.pure

HELSINKI = (24.8, 60.1, 25.2, 60.3)
RIO = (-43.8, -23.1, -43.0, -22.7)


@pytest.mark.parametrize(
    "text",
    [
        "60.17, 24.94",
        "24.94,60.17",
        "60.17 24.94",
        "(60.17, 24.94)",
        "60,17 24,94",
        "60,17; 24,94",
        "60.17° 24.94°",
        "geo:60.17,24.94",
        "N 60.17 E 24.94",
        "60.17N, 24.94E",
        "E24.94 N60.17",
        "60°10'12\"N 24°56'24\"E",
        "60° 10′ 12″ N, 24° 56′ 24″ E",
        "N60°10.2' E24°56.4'",
    ],
)
def test_a_pasted_position_is_read_in_either_order(text: str) -> None:
    found = coordinates.read(text, HELSINKI)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((24.94, 60.17))


def test_south_and_west_are_negative() -> None:
    assert coordinates.read("22°54'S 43°12'W", RIO) == Point(-43.2, -22.9)
    assert coordinates.read("-43.2, -22.9", RIO) == Point(-43.2, -22.9)


def test_a_position_outside_the_place_is_latitude_first_if_that_can_be() -> None:
    assert coordinates.read("40.5, 116.3", HELSINKI) == Point(116.3, 40.5)
    assert coordinates.read("116.3, 40.5", HELSINKI) == Point(116.3, 40.5)


@pytest.mark.parametrize(
    "text", ["", "60", "Tehtaankatu 1", "12, 14", "Tehtaankatu 60.17, 24.94", "999.1, 24.9", "N 60.1"]
)
def test_an_address_is_no_position(text: str) -> None:
    assert coordinates.read(text, HELSINKI) is None
