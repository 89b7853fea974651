"""From a text or a pin to a place with its cell."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from gis.database import begin
from gis.errors import OutsidePlace
from gis.geocode.register import Register
from gis.locate import locate_pin, locate_text
from gis.model import DistrictId, Found, Point
from tests.gis.lettering import SOUTH, STEP, WEST, pour


@pytest.fixture(scope="module")
def district(module_database: Engine) -> DistrictId:
    with begin(module_database) as tx:
        return pour(tx)


def test_a_text_is_located_with_its_cell(module_database: Engine, district: DistrictId) -> None:
    with begin(module_database) as tx:
        place = locate_text(tx, Register(module_database), district, "Tehtaankatu 3")
    assert (place.label, place.found, place.cell_code) == ("Tehtaankatu 3", Found.EXACT, "X1-001")
    assert place.area is not None


def test_a_text_that_nobody_knows_is_kept_as_it_is(module_database: Engine, district: DistrictId) -> None:
    with begin(module_database) as tx:
        place = locate_text(tx, Register(module_database), district, " hinter dem alten Kino ")
    assert (place.point, place.label, place.found, place.cell) == (
        None,
        "hinter dem alten Kino",
        Found.NOT_LOCATED,
        None,
    )


def test_a_pin_is_called_by_the_house_next_to_it_and_stays_where_it_was_put(
    module_database: Engine, district: DistrictId
) -> None:
    pin = Point(WEST + 0.002, SOUTH + STEP + 0.0001)
    with begin(module_database) as tx:
        place = locate_pin(tx, district, pin)
    assert (place.point, place.label, place.found, place.cell_code) == (pin, "Tehtaankatu 3", Found.PIN, "X1-001")


@pytest.mark.parametrize("pin", [Point(24.8, 60.15), Point(0.0, 0.0), Point(25.0, 61.0)])
def test_a_pin_outside_the_place_is_refused_with_its_position(
    module_database: Engine, district: DistrictId, pin: Point
) -> None:
    with begin(module_database) as tx, pytest.raises(OutsidePlace) as caught:
        locate_pin(tx, district, pin)
    assert caught.value.params == {"lon": pin.lon, "lat": pin.lat, "district": district}


def test_coordinates_outside_the_place_are_refused_like_a_pin(module_database: Engine, district: DistrictId) -> None:
    with begin(module_database) as tx, pytest.raises(OutsidePlace):
        locate_text(tx, Register(module_database), district, "40.5, 116.3")
