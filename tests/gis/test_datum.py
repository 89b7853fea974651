"""There and back between WGS 84, GCJ-02 and BD-09."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis import datum
from gis.model import Point

pytestmark = pytest.mark.pure
CENTIMETRES = 1e-6 / 2  #: degrees, about 5 cm


def test_the_check_value_of_beijing_holds() -> None:
    shifted = datum.gcj_from_wgs(Point(116.42079, 39.90105))
    assert (shifted.lon, shifted.lat) == pytest.approx((116.42703, 39.90245), abs=1e-5)


@given(st.floats(100, 118), st.floats(24, 38))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    point = Point(lon, lat)
    gcj = datum.gcj_from_wgs(point)
    back = datum.wgs_from_gcj(gcj)
    baidu = datum.wgs_from_bd(datum.bd_from_gcj(gcj))
    assert (back.lon, back.lat) == pytest.approx((lon, lat), abs=CENTIMETRES)
    assert (baidu.lon, baidu.lat) == pytest.approx((lon, lat), abs=CENTIMETRES)


@pytest.mark.parametrize("point", [Point(120.2, 22.99), Point(121.56, 25.03), Point(9.52, 47.14), Point(126.98, 37.57)])
def test_outside_the_mainland_nothing_is_shifted(point: Point) -> None:
    assert datum.gcj_from_wgs(point) == point


@pytest.mark.parametrize("point", [Point(116.4, 39.9), Point(121.47, 31.23), Point(113.26, 23.13), Point(87.6, 43.8)])
def test_the_cities_of_the_mainland_are_shifted(point: Point) -> None:
    assert datum.gcj_from_wgs(point) != point
