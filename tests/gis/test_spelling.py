"""One key for all the ways in which people write one name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.spelling import latin as spelling

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Krämerstraße", "kramerstrasse"),
        ("KRÄMERSTR.", "kramerstrasse"),
        ("Krämer Str.", "kramerstrasse"),
        ("kramer strasse", "kramerstrasse"),
        ("Ｋｒämerstraße", "kramerstrasse"),
        ("Peter- und Paul-Strasse", "peterundpaulstrasse"),
        ("Rue de l'Église", "ruedeleglise"),
        ("Rue de l’Église", "ruedeleglise"),
        ("Højbro Plads", "hojbroplads"),
        ("Ægirsgade", "aegirsgade"),
        ("Korkeavuorenk.", "korkeavuorenkatu"),
        ("Mannerheimint.", "mannerheimintie"),
        ("Högbergsg.", "hogbergsgatan"),
        ("臺北路", "台北路"),
        ("", ""),
        ("...", ""),
    ],
)
def test_ways_of_writing_a_name_share_its_key(written: str, key: str) -> None:
    assert spelling.key(written) == key


def test_a_name_is_also_found_with_umlauts_written_out() -> None:
    assert spelling.aliases("Königsberger Straße") == {"konigsbergerstrasse", "koenigsbergerstrasse"}
    assert "högbergsgatan" not in spelling.aliases("Högbergsgatan")


def test_a_short_form_with_several_meanings_is_found_under_each() -> None:
    assert {"sanktmartin", "saintmartin", "streetmartin"} <= spelling.aliases("St. Martin")


def test_traditional_and_simplified_stay_two_names() -> None:
    assert spelling.key("東路") != spelling.key("东路")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12 A", "12a"),
        ("３", "3"),
        ("7號", "7"),
        ("7 号", "7"),
        ("320之2號", "320-2"),
        ("12-14", "12-14"),
        ("12/3", "12/3"),
    ],
)
def test_house_numbers_have_one_key_too(written: str, key: str) -> None:
    assert spelling.number_key(written) == key


def test_a_lane_counts_as_part_of_the_number() -> None:
    assert spelling.address_key("小東路477巷", "1號") == spelling.address_key("小東路", "477巷1號") == "小東路 477巷1"
    assert spelling.street_key("小東路477巷") == "小東路"
    assert spelling.street_key("Straße des 17. Juni") == "strassedes17juni"


def test_a_number_glued_to_its_street_is_cut_off() -> None:
    assert spelling.tokens("Obergass5, Schaan") == ["obergass", "5", "schaan"]


@given(st.text(max_size=60))
def test_a_key_is_its_own_key_and_holds_no_space(name: str) -> None:
    key = spelling.key(name)
    assert " " not in key
    assert spelling.plain(key) == spelling.plain(spelling.plain(key))
    assert all(spelling.aliases(name))
