"""A text in words, stretches and numbers; numbers said as words; what is heard."""

from __future__ import annotations

import pytest

from gis.geocode.reading import read
from gis.spelling import chinese, letters, numerals, sounds
from gis.spelling.parts import Parts, parts

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Hauptstraße siebenundzwanzig", "27"),
        ("Hauptstraße fuenfunddreissig", "35"),
        ("Hauptstraße hundertzwölf", "112"),
        ("rue Grimaldi quatre-vingt-dix-neuf", "99"),
        ("rue Grimaldi soixante et onze", "71"),
        ("via Roma ventisette", "27"),
        ("Main Street one hundred and five", "105"),
        ("Main Street twenty-seven", "27"),
        ("Hauptstraße zwölf a", "12a"),
        ("Hauptstraße 12 a", "12a"),
        ("boulevard de Belgique 32 bis", "32bis"),
        ("boulevard de Belgique 32Bis", "32bis"),
        ("海安路二段四百零一號", "401"),
        ("小東路477巷11弄7號之2", "477巷11弄7-2"),
        ("金華路一段四百八十四巷九十九弄二-七號", "484巷99弄2-7"),
    ],
)
def test_a_house_number_is_read_in_digits_and_in_words(text: str, number: str) -> None:
    assert number in {each.key for each in read(text).numbers}


def test_floors_and_minutes_are_no_house_numbers() -> None:
    assert [number.key for number in read("Landstrasse 5, 3 Stock").numbers] == ["5"]
    assert [number.key for number in read("北區開元路485巷24號12樓-3").numbers] == ["485巷24"]


def test_a_name_may_hold_a_number() -> None:
    keys = {key for window in read("Straße des 17. Juni 3").windows for key in window.keys}
    assert "strassedes17juni" in keys


def test_what_is_said_in_every_call_weighs_nothing() -> None:
    reading = read("hallo ich bin bei der Obergass 5")
    assert [token.text for token in reading.tokens if token.weight] == ["obergass", "5"]


@pytest.mark.parametrize(
    ("value", "word"), [(21, "einundzwanzig"), (80, "quatrevingts"), (28, "ventotto"), (42, "fortytwo")]
)
def test_numbers_are_known_by_their_words(value: int, word: str) -> None:
    assert numerals.known()[word] == value


@pytest.mark.parametrize(
    ("spelt", "value"), [("二十一", 21), ("四百零一", 401), ("一百二十", 120), ("一二三", 123), ("十", 10)]
)
def test_chinese_numerals_have_a_value(spelt: str, value: int) -> None:
    assert chinese.number(spelt) == value


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("wiesengass", "wisenkas"),
        ("danzigerstrasse", "tanzikerstrase"),
        ("weizenstrasse", "waizenstrase"),
        ("stadtle", "statle"),
    ],
)
def test_what_sounds_alike_is_heard_alike(written: str, spoken: str) -> None:
    assert sounds.heard(written) == sounds.heard(spoken)


def test_traditional_and_simplified_and_full_width_are_one() -> None:
    assert letters.key("臺南東門路") == letters.key("台南东门路")
    assert letters.tokens("德善路２５１巷７弄１７號") == letters.tokens("德善路251巷7弄17号")


def test_a_number_before_a_word_is_not_cut_in_two() -> None:
    assert letters.tokens("5abc 32") == ["5", "abc", "32"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("東區德東街235巷118弄76號等", Parts(street="德東街", number="235巷118弄76號", city="東區")),
        (
            "臺南市安南區安慶里21鄰安中路一段189巷70弄1號",
            Parts(street="安中路一段", number="189巷70弄1號", city="安南區"),
        ),
        ("將軍區保源里18鄰源頭77之8號", Parts(street="源頭", number="77-8號", city="將軍區")),
        ("永康區正南五街337巷33號1樓等", Parts(street="正南五街", number="337巷33號", city="永康區")),
        ("北京市海淀区成府路35号", Parts(street="成府路", number="35號", city="海淀区")),
        ("Landstrasse 5a, 9490 Vaduz", Parts(street="Landstrasse", number="5a", city="Vaduz", postcode="9490")),
        ("no number here", None),
    ],
)
def test_a_row_of_a_register_is_taken_apart(address: str, found: Parts | None) -> None:
    assert parts(address) == found
