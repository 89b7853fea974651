"""Mistakes teach: what dispatchers put right becomes a name."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from gis.database import begin
from gis.geocode.register import Register
from gis.model import DistrictId, Point
from gis.store import additions
from tests.gis import lettering

MILL = Point(24.95, 60.15)


@pytest.fixture
def district(database: Engine) -> DistrictId:
    with begin(database) as tx:
        return lettering.pour(tx)


def said(database: Engine, district: DistrictId, text: str, point: Point) -> int:
    with begin(database) as tx:
        return additions.learn(tx, district, text, point)


def found(database: Engine, district: DistrictId, text: str) -> list[Point | None]:
    return [place.point for place in Register(database).search(text, district=district)]


def test_a_pin_becomes_a_name_when_it_was_moved_there_twice(database: Engine, district: DistrictId) -> None:
    assert said(database, district, "the old mill", MILL) == 1
    assert found(database, district, "the old mill") == []
    assert said(database, district, "The Old Mill", Point(24.9502, 60.1502)) == 2
    (point,) = found(database, district, "the old mil")
    assert point is not None
    assert (point.lon, point.lat) == pytest.approx((24.9501, 60.1501))


def test_two_pins_far_apart_teach_nothing(database: Engine, district: DistrictId) -> None:
    said(database, district, "the old mill", MILL)
    assert said(database, district, "the old mill", Point(24.99, 60.15)) == 1
    assert found(database, district, "the old mill") == []


@pytest.mark.parametrize("text", ["", "a", "x" * 200])
def test_what_is_no_name_is_not_learnt(database: Engine, district: DistrictId, text: str) -> None:
    assert said(database, district, text, MILL) == 0
