"""The geocoder over a register in a real database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from gis.database import begin
from gis.errors import NotFound
from gis.geocode.register import Register
from gis.model import DistrictId, Found, Place, Point
from gis.store import register
from tests.gis.lettering import SOUTH, STEP, WEST, pour


class Town:
    """The made-up town and its geocoder."""

    def __init__(self, geocoder: Register, district: DistrictId) -> None:
        self.geocoder, self.district = geocoder, district

    def search(self, text: str, *, near: Point | None = None, limit: int = 5) -> list[Place]:
        return self.geocoder.search(text, district=self.district, near=near, limit=limit)

    def best(self, text: str, *, near: Point | None = None) -> Place:
        return self.search(text, near=near, limit=1)[0]


@pytest.fixture(scope="module")
def town(module_database: Engine) -> Town:
    with begin(module_database) as tx:
        district = pour(tx)
        tx.exec_driver_sql("UPDATE address SET cell = cell_of(current_grid(district), point)")
    return Town(Register(module_database), district)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Korkeavuorenkatu 30", "Korkeavuorenkatu 30"),
        ("korkeavuorenkatu 30, Vaduz", "Korkeavuorenkatu 30"),
        ("30 Korkeavuorenkatu", "Korkeavuorenkatu 30"),
        ("Korkeavuorenk. 30", "Korkeavuorenkatu 30"),
        ("Korkeavuorenkatu 30 b", "Korkeavuorenkatu 30B"),
        ("Högbergsgatan 30", "Korkeavuorenkatu 30"),
        ("Hoegbergsgatan 30", "Korkeavuorenkatu 30"),
        ("Krämerstr. 5", "Krämerstraße 5"),
        ("Krämer Strasse 12a", "Krämerstraße 12 a"),
        ("Königsbergerstraße 3", "Königsberger Straße 3"),
        ("Straße des 17. Juni 3", "Straße des 17. Juni 3"),
        ("Obergass5", "Obergass 5"),
        ("ich bin bei Krämerstraße 5 in Vaduz", "Krämerstraße 5"),
        ("成府路３５号", "成府路 35号"),
        ("海淀区成府路35号", "成府路 35号"),
        ("Chengfu Road 35", "成府路 35号"),
        ("小東路477巷1號", "小東路477巷 1號"),
    ],
)
def test_a_house_is_found_however_it_is_written(town: Town, text: str, label: str) -> None:
    place = town.best(text)
    assert (place.label, place.found, place.kind) == (label, Found.EXACT, "address")
    assert place.cell_code == "X1-001"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Korkeavuorenkstu 30", "Korkeavuorenkatu 30"),
        ("Krmerstraße 5, Vaduz", "Krämerstraße 5"),
        ("Krämerstraeß 5", "Krämerstraße 5"),
        ("Tehtankaatu 3", "Tehtaankatu 3"),
        ("Hogbersgatan 30", "Korkeavuorenkatu 30"),
        ("bergass 3", "Obergass 3"),
    ],
)
def test_a_slip_of_the_finger_is_forgiven_and_told(town: Town, text: str, label: str) -> None:
    place = town.best(text)
    assert (place.label, place.found) == (label, Found.TYPO)
    assert 0.6 < place.score <= town.best(f"{label}, Vaduz").score


def test_while_one_types_the_streets_that_begin_so_are_offered(town: Town) -> None:
    labels = {place.label: place.found for place in town.search("K")}
    assert labels == {}
    labels = {place.label: place.found for place in town.search("Ko")}
    assert labels["Korkeavuorenkatu"] is Found.PREFIX
    assert town.best("Korkeavuor").label == "Korkeavuorenkatu"


def test_while_one_types_a_number_the_longer_ones_follow(town: Town) -> None:
    places = town.search("Korkeavuorenkatu 2")
    assert [(place.label, place.found) for place in places[:3]] == [
        ("Korkeavuorenkatu 2", Found.EXACT),
        ("Korkeavuorenkatu 20", Found.PREFIX),
        ("Korkeavuorenkatu 21", Found.PREFIX),
    ]


def test_while_one_types_the_sort_of_street_its_beginning_is_no_abbreviation(town: Town) -> None:
    for typed in ("Königsberger S", "Königsberger St", "Königsberger Str", "Königsberger Stra"):
        assert town.best(typed).label == "Königsberger Straße"


def test_a_street_without_a_number_is_the_street(town: Town) -> None:
    place = town.best("Tehtaankatu")
    assert (place.label, place.found, place.kind) == ("Tehtaankatu", Found.STREET, "street")
    assert place.accuracy_m > 100
    assert place.cell_code == "X1-001"


def test_a_number_that_does_not_exist_gives_the_neighbours_and_says_so(town: Town) -> None:
    places = town.search("Korkeavuorenkatu 32")
    assert (places[0].label, places[0].found, places[0].kind) == ("Korkeavuorenkatu 30", Found.STREET, "neighbour")
    assert places[0].score < 0.95 <= town.best("Korkeavuorenkatu 30").score


def test_a_number_far_from_any_gives_the_street(town: Town) -> None:
    place = town.best("Tehtaankatu 900")
    assert (place.label, place.kind) == ("Tehtaankatu", "street")


def test_a_neighbour_in_the_right_street_comes_before_the_number_in_a_street_that_sounds_alike(town: Town) -> None:
    assert town.best("Krämerstraße 7").label == "Krämerstraße 5"


def test_the_town_named_decides_between_two_streets_of_one_name(town: Town) -> None:
    vaduz, triesen = town.best("Landstrasse 3, Vaduz").point, town.best("Landstrasse 3, Triesen").point
    assert vaduz is not None
    assert triesen is not None
    assert triesen.lon - vaduz.lon == pytest.approx(0.05)
    assert town.best("Landstrasse 3, Treisen").point == triesen


def test_two_houses_of_one_name_are_told_apart_by_their_towns(town: Town) -> None:
    labels = {place.label for place in town.search("Landstrasse 3") if place.found is Found.EXACT}
    assert labels == {"Landstrasse 3, Vaduz", "Landstrasse 3, Triesen"}
    assert {"Landstrasse, Vaduz", "Landstrasse, Triesen"} <= {place.label for place in town.search("Landstrasse")}
    assert town.search("Tehtaankatu 3", limit=1)[0].label == "Tehtaankatu 3"


def test_a_register_that_is_made_anew_answers_the_same(town: Town) -> None:
    before = town.search("Korkeavuorenkatu 2")
    with begin(town.geocoder.engine) as tx:
        register.changed(tx, town.district)
    assert town.search("Korkeavuorenkatu 2") == before


def test_where_no_town_is_named_the_nearest_comes_first(town: Town) -> None:
    for lon in (WEST, WEST + 0.06):
        found = town.best("Landstrasse 3", near=Point(lon, SOUTH)).point
        assert found is not None
        assert abs(found.lon - lon) < 0.01


def test_a_wrong_town_does_not_hide_the_house(town: Town) -> None:
    place = town.best("Tehtaankatu 3, Triesen")
    assert place.label == "Tehtaankatu 3"
    assert place.score < town.best("Tehtaankatu 3, Vaduz").score


def test_a_facility_is_found_by_its_name_and_with_a_slip(town: Town) -> None:
    place = town.best("Schloss Apotheke")
    assert (place.label, place.found, place.kind) == ("Schloss-Apotheke", Found.FACILITY, "facility")
    assert town.best("Schloss-Apogheke").found is Found.TYPO


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("opposite the fire station", "Erottajan pelastusasema"),
        ("gegenüber der Feuerwehr", "Erottajan pelastusasema"),
        ("消防站对面", "Erottajan pelastusasema"),
        ("en face de la pharmacie", "Schloss-Apotheke"),
        ("next to the pharmacy in Vaduz", "Schloss-Apotheke"),
    ],
)
def test_the_only_one_of_its_sort_is_found_by_what_it_is(town: Town, text: str, label: str) -> None:
    assert town.best(text).label == label


def test_a_station_that_is_called_like_the_town_is_no_answer_to_an_unknown_street(town: Town) -> None:
    assert town.search("Eartsrquellstrasse 25, Vaduz") == []


@pytest.mark.parametrize(
    "text", ["", "   ", "???", "%", "_", "'; DROP TABLE address; --", "x" * 10_000, "1", "12345", "\x00", "X9-9\x00"]
)
def test_what_nobody_knows_is_nothing_and_no_error(town: Town, text: str) -> None:
    assert town.search(text) == []


def test_pasted_coordinates_are_a_place_in_either_order(town: Town) -> None:
    for text in ("60.15, 24.95", "24.95, 60.15"):
        place = town.best(text)
        assert place.point == Point(24.95, 60.15)
        assert (place.found, place.kind) == (Found.COORDINATES, "coordinates")


def test_the_code_of_a_cell_is_a_place(town: Town) -> None:
    place = town.best("x1-002")
    assert (place.label, place.kind, place.cell_code) == ("X1-002", "cell", "X1-002")


def test_reverse_calls_a_position_by_the_house_next_to_it(town: Town) -> None:
    door = Point(WEST + 0.001, SOUTH + STEP)
    at = town.geocoder.reverse(door, district=town.district)
    assert (at.point, at.label, at.kind) == (door, "Tehtaankatu 1", "address")
    near = town.geocoder.reverse(Point(door.lon, door.lat + 0.0006), district=town.district)
    assert (near.label, near.kind) == ("Tehtaankatu 1 (≈ 70 m)", "near")
    assert town.geocoder.reverse(Point(25.05, 60.19), district=town.district).label == "60.19000, 25.05000"


def test_an_unknown_district_is_an_error(town: Town) -> None:
    with pytest.raises(NotFound):
        town.geocoder.search("Tehtaankatu 1", district=9999)
    with pytest.raises(NotFound):
        town.geocoder.reverse(Point(24.9, 60.1), district=9999)


def test_an_address_mapped_at_the_door_and_on_the_house_is_one_place(town: Town) -> None:
    with begin(town.geocoder.engine) as tx:
        tx.exec_driver_sql(
            "INSERT INTO address (district, osm_type, osm_id, street, number, city, names, label, point, cell)"
            " SELECT district, osm_type, 999000 + id, street, number, city, names, label,"
            " ST_Translate(point, 0.0008, 0), cell FROM address WHERE label = 'Tehtaankatu 3'"
        )
    places = [place for place in town.search("Tehtaankatu 3") if place.found is Found.EXACT]
    assert [place.label for place in places] == ["Tehtaankatu 3"]


def test_no_more_places_than_asked_and_none_twice(town: Town) -> None:
    places = town.search("Landstrasse", limit=3)
    assert len(places) <= 3
    assert len({(place.label, place.point) for place in places}) == len(places)
