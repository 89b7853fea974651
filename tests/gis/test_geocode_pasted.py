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


VADUZ = (9.47, 47.04, 9.64, 47.27)


@pytest.mark.parametrize(
    "text",
    [
        "47.1410/9.5215",
        "POINT(9.5215 47.1410)",
        "N 47° 08.460' E 9° 31.290'",
        "47°08'27.6\" 9°31'17.4\"",
        "470827.6N0093117.4E",
        "lat: 47.1410, lon: 9.5215",
        "北纬47度8分27.6秒 东经9度31分17.4秒",
        "ich bin bei 47.1410, 9.5215 bitte kommen",
        "geo:47.1410,9.5215?z=17",
        "https://www.google.com/maps/@47.1410,9.5215,17z",
        "https://www.google.com/maps/place/V/@47.1,9.5,13z/data=!8m2!3d47.1410!4d9.5215",
        "https://www.google.com/maps/search/?api=1&query=47.1410%2C9.5215",
        "https://maps.apple.com/?ll=47.1410,9.5215&q=Pin",
        "https://www.openstreetmap.org/?mlat=47.1410&mlon=9.5215#map=18/47.1/9.5",
        "https://www.openstreetmap.org/#map=18/47.1410/9.5215",
        "https://uri.amap.com/marker?position=9.5215,47.1410&name=x",
        "8FVF4GRC+CH",
        "4GRC+CH Vaduz",
    ],
)
def test_whatever_people_paste_is_the_same_place(text: str) -> None:
    found = coordinates.read(text, VADUZ)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((9.5215, 47.1410), abs=2e-4)


@pytest.mark.parametrize(
    "text",
    ["Im Riet 12 3", "9490 Vaduz", "5/7", "Strasse des 17. Juni 3", "東區德東街235巷118弄76號", "07.11.2026 12.30"],
)
def test_other_numbers_are_no_position(text: str) -> None:
    assert coordinates.read(text, VADUZ) is None


def test_chinese_maps_are_brought_back_to_wgs_84() -> None:
    amap = coordinates.read("https://uri.amap.com/marker?position=116.42703,39.90245", (116, 39, 117, 40))
    baidu = coordinates.read("https://api.map.baidu.com/marker?location=39.90840,116.43350", (116, 39, 117, 40))
    assert amap is not None
    assert baidu is not None
    assert (amap.lon, amap.lat) == pytest.approx((116.42079, 39.90105), abs=2e-5)
    assert (baidu.lon, baidu.lat) == pytest.approx((116.42079, 39.90105), abs=5e-4)
