"""What lies around a position, and positions along a road, from the index alone."""

from __future__ import annotations

import statistics
import time

import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.geocode.register import Register
from gis.geocode.surroundings import Surroundings
from gis.model import Found, Point
from gis.store import register
from tests.gis.lettering import SOUTH, STEP, WEST, pour

POST = (
    "INSERT INTO milestone (district, osm_type, osm_id, way, line, km, point)"
    " VALUES (:d, 'node', 1, 'road', 'B 14', :km, ST_SetSRID(ST_MakePoint(:lon, 60.15), 4326))"
)


class Town:
    def __init__(self, geocoder: Register, district: int) -> None:
        self.geocoder, self.district = geocoder, district

    def around(self, lon: float, lat: float) -> Surroundings:
        return self.geocoder.around(Point(lon, lat), district=self.district)


@pytest.fixture(scope="module")
def town(module_database: Engine) -> Town:
    with begin(module_database) as tx:
        district = pour(tx)
        for km, lon in ((12.0, 24.95), (13.0, 24.968), (14.0, 24.986)):
            tx.execute(text(POST), {"d": district, "km": km, "lon": lon})
        register.changed(tx, district)
    return Town(Register(module_database), district)


def test_door_street_cell_and_community_are_told_with_their_distance(town: Town) -> None:
    found = town.around(WEST + 0.001, SOUTH + STEP + 0.0003)
    assert found.door is not None
    assert found.street is not None
    assert (found.door.label, found.street.label) == ("Tehtaankatu 1", "Tehtaankatu")
    assert found.door.metres == pytest.approx(33.4, abs=0.5)
    assert found.street.metres == pytest.approx(33.4, abs=0.5)
    assert (found.cell_code, found.community) == ("X1-001", "All")
    assert town.around(25.05, 60.19).cell_code == "X1-002"


def test_a_street_is_near_between_its_points_too(town: Town) -> None:
    found = town.around(WEST + 0.00533, SOUTH + 2 * STEP - 0.0009).street
    assert found is not None
    assert (found.label, found.metres) == ("Krämerstraße", pytest.approx(100.2, abs=0.5))
    assert found.point.lon == pytest.approx(WEST + 0.00533, abs=1e-6)


def test_a_kilometre_post_in_sight_is_told(town: Town) -> None:
    found = town.around(24.951, 60.15).post
    assert found is not None
    assert (found.label, found.metres) == ("B 14 km 12", pytest.approx(55.4, abs=0.5))
    assert town.around(WEST, SOUTH).post is None


def test_outside_of_everything_nothing_is_told(town: Town) -> None:
    found = town.around(26.0, 61.0)
    assert (found.door, found.street, found.cell, found.community, found.post) == (None,) * 5


@pytest.mark.parametrize(("asked", "lon", "accuracy"), [("B14 km 12", 24.95, 10), ("B 14, km 12,5", 24.959, 160)])
def test_a_kilometre_of_a_road_is_a_position(town: Town, asked: str, lon: float, accuracy: float) -> None:
    place = town.geocoder.search(asked, district=town.district)[0]
    assert place.point is not None
    assert place.point.lon == pytest.approx(lon)
    assert (place.kind, place.accuracy_m) == ("post", accuracy)
    assert place.found is (Found.EXACT if accuracy == 10 else Found.STREET)


def test_a_kilometre_that_no_post_is_near_is_unknown(town: Town) -> None:
    assert all(place.kind != "post" for place in town.geocoder.search("B 14 km 99", district=town.district))
    assert all(place.kind != "post" for place in town.geocoder.search("B 2 km 12", district=town.district))


def test_looking_around_takes_a_millisecond(town: Town) -> None:
    town.around(WEST, SOUTH)
    took = []
    for at in range(200):
        started = time.thread_time()
        town.around(WEST + at * 1e-5, SOUTH + at * 1e-5)
        took.append(time.thread_time() - started)
    assert statistics.median(took) < 0.001
