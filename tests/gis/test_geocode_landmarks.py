"""Landmarks in the words of callers: sorts of them, in a street, without a name; names with words missing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from gis.database import begin
from gis.geocode.register import Register
from gis.model import Place, Point
from gis.store import register
from tests.gis.lettering import SOUTH, STEP, WEST, pour

#: kind, name, other names, row of the street it stands in, degrees along it
MARKS = [
    ("pharmacy", "Adler-Apotheke", "{}", 2, 0.004),
    ("pharmacy", "Löwen Apotheke", "{}", 8, 0.004),
    ("toilets", None, "{}", 2, 0.002),
    ("toilets", None, "{}", 6, 0.002),
    ("social", "Verein zur Pflege alter Lieder und Tänze der Region Nord", "{}", 9, 0.008),
    ("cafe", "Café Krone", '{"x-old": "Gasthof Hirschen", "zh": "皇冠咖啡馆"}', 9, 0.0),
]


class Town:
    def __init__(self, geocoder: Register, district: int) -> None:
        self.geocoder, self.district = geocoder, district

    def best(self, asked: str, *, near: Point | None = None) -> Place | None:
        return next(iter(self.geocoder.search(asked, district=self.district, near=near, limit=1)), None)


@pytest.fixture(scope="module")
def town(module_database: Engine) -> Town:
    with begin(module_database) as tx:
        district = pour(tx)
        for at, (kind, name, names, row, along) in enumerate(MARKS):
            tx.execute(
                text(
                    "INSERT INTO facility (district, osm_type, osm_id, kind, name, names, point)"
                    " VALUES (:d, 'node', :id, :kind, :name, CAST(:names AS jsonb),"
                    " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))"
                ),
                {"d": district, "id": 100 + at, "kind": kind, "name": name, "names": names}
                | {"lon": WEST + along, "lat": SOUTH + STEP * row + 0.0002},
            )
        tx.execute(
            text(
                "INSERT INTO landmark (district, osm_type, osm_id, kind, name, point)"
                " VALUES (:d, 'node', 1, 'bench', 'Kum Hoch die Hea', ST_SetSRID(ST_MakePoint(24.95, 60.15), 4326))"
            ),
            {"d": district},
        )
        register.changed(tx, district)
    return Town(Register(module_database), district)


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("pharmacy Krämerstraße", "Adler-Apotheke"),
        ("gegenüber der Apotheke in der Krämerstraße", "Adler-Apotheke"),
        ("opposite the pharmacy, Landstrasse", "Löwen Apotheke"),
        ("Apotheke Krämerstrase", "Adler-Apotheke"),
    ],
)
def test_a_sort_and_a_street_are_the_one_in_that_street(town: Town, asked: str, label: str) -> None:
    place = town.best(asked)
    assert place is not None
    assert (place.label, place.kind) == (label, "facility")


def test_what_has_no_name_is_called_by_its_sort_and_the_house_beside_it(town: Town) -> None:
    place = town.best("toilets Krämerstraße")
    assert place is not None
    assert place.label == "toilets (Krämerstraße 3)"
    other = town.best("成府路厕所")
    assert other is not None
    assert other.label.startswith("厕所 (成府路 ")


def test_of_many_of_a_sort_the_nearest_to_the_map_comes_first(town: Town) -> None:
    south, north = (town.best("pharmacy", near=Point(WEST, SOUTH + STEP * row)) for row in (2, 8))
    assert south is not None
    assert north is not None
    assert (south.label, north.label) == ("Adler-Apotheke", "Löwen Apotheke")


@pytest.mark.parametrize(
    "asked",
    [
        "Verein Pflege alter Lieder und Tänze Region",
        "Region Nord Verein zur Pflege alter Lieder",
        "wir sind beim Verein zur Pflege alter Leider und Tänze der Region Nord",
    ],
)
def test_a_long_name_is_known_by_most_of_its_words_in_any_order(town: Town, asked: str) -> None:
    place = town.best(asked)
    assert place is not None
    assert place.label.startswith("Verein zur Pflege")


def test_a_name_of_old_and_one_of_another_language_lead_there(town: Town) -> None:
    for asked in ("Gasthof Hirschen", "皇冠咖啡馆", "Café Krone"):
        place = town.best(asked)
        assert place is not None
        assert place.label == "Café Krone"


def test_what_no_map_shows_is_found_by_its_name(town: Town) -> None:
    place = town.best("Kum Hoch die Hea")
    assert place is not None
    assert (place.label, place.kind) == ("Kum Hoch die Hea", "facility")


def test_a_landmark_is_no_answer_to_a_house_in_a_street_that_does_not_exist(town: Town) -> None:
    assert town.best("Quamenzorweg 11, Vaduz") is None


def test_a_town_that_no_map_places_is_where_its_houses_are(town: Town) -> None:
    place = town.best("Triesen")
    assert place is not None
    assert place.point is not None
    assert place.kind == "area"
    assert place.point.lon == pytest.approx(WEST + 0.0525)
