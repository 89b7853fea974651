"""Positions as people paste them."""

from __future__ import annotations

from io import BytesIO

import pyproj
import pytest
from PIL import ExifTags, Image

from gis.geocode import pasted as coordinates
from gis.geocode.pasted import grids, photos
from gis.model import Point

pytestmark = pytest.mark.pure

HELSINKI = (24.8, 60.1, 25.2, 60.3)
RIO = (-43.8, -23.1, -43.0, -22.7)
TAINAN = (120.0, 22.8, 120.5, 23.4)


def _read(text: str, bounds: coordinates.Bounds) -> Point | None:
    found = coordinates.read(text, bounds)
    return None if found is None else found.point


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
    found = _read(text, HELSINKI)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((24.94, 60.17))


def test_south_and_west_are_negative() -> None:
    assert _read("22°54'S 43°12'W", RIO) == Point(-43.2, -22.9)
    assert _read("-43.2, -22.9", RIO) == Point(-43.2, -22.9)


def test_a_position_outside_the_place_is_latitude_first_if_that_can_be() -> None:
    assert _read("40.5, 116.3", HELSINKI) == Point(116.3, 40.5)
    assert _read("116.3, 40.5", HELSINKI) == Point(116.3, 40.5)


@pytest.mark.parametrize(
    "text", ["", "60", "Tehtaankatu 1", "12, 14", "Tehtaankatu 60.17, 24.94", "999.1, 24.9", "N 60.1"]
)
def test_an_address_is_no_position(text: str) -> None:
    assert _read(text, HELSINKI) is None


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
    found = _read(text, VADUZ)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((9.5215, 47.1410), abs=2e-4)


@pytest.mark.parametrize(
    "text",
    ["Im Riet 12 3", "9490 Vaduz", "5/7", "Strasse des 17. Juni 3", "東區德東街235巷118弄76號", "07.11.2026 12.30"],
)
def test_other_numbers_are_no_position(text: str) -> None:
    assert _read(text, VADUZ) is None


def test_chinese_maps_are_brought_back_to_wgs_84() -> None:
    amap = _read("https://uri.amap.com/marker?position=116.42703,39.90245", (116, 39, 117, 40))
    baidu = _read("https://api.map.baidu.com/marker?location=39.90840,116.43350", (116, 39, 117, 40))
    assert amap is not None
    assert baidu is not None
    assert (amap.lon, amap.lat) == pytest.approx((116.42079, 39.90105), abs=2e-5)
    assert (baidu.lon, baidu.lat) == pytest.approx((116.42079, 39.90105), abs=5e-4)


@pytest.mark.parametrize(
    "text",
    [
        "32T 539538 5220964",
        "UTM 32T 539538 E, 5220964 N",
        "zone 32 T 539538 5220964",
        "32TNT3953820964",
        "MGRS 32T NT 39538 20964",
        "32TNT 395 209",
        "2757985 / 1223211",
        "LV95 2'757'985, 1'223'211",
        "757985 223211",
        "539538, 5220964",
    ],
)
def test_metres_of_a_grid_are_a_position(text: str) -> None:
    found = _read(text, VADUZ)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((9.5215, 47.1410), abs=1.2e-3)


@pytest.mark.parametrize(
    "text", ["167988.3, 2544506.8", "TWD97 167988 2544507", "X:167988 Y:2544507", "2544507 167988"]
)
def test_a_pair_of_taiwan_is_a_position_in_taiwan_alone(text: str) -> None:
    found = _read(text, TAINAN)
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((120.2, 23.0), abs=1e-5)
    assert _read(text, VADUZ) is None


@pytest.mark.parametrize(("epsg", "zone", "south"), [(32632, 32, False), (32650, 50, False), (32733, 33, True)])
def test_a_zone_is_what_proj_says(epsg: int, zone: int, south: bool) -> None:
    proj = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    for east in (-2.9, 0.0, 2.9):
        for lat in (0.5, 30.0, 60.0, 83.0):
            there = (zone * 6 - 183 + east, -lat if south else lat)
            found = grids.utm(zone, south).point(*proj.transform(*there))
            assert (found.lon, found.lat) == pytest.approx(there, abs=1e-9)


@pytest.mark.parametrize("text", ["geo:9.5215,47.1410", "N 9.5215 E 47.1410", "lat: 9.5215, lon: 47.1410"])
def test_what_stands_the_wrong_way_round_is_turned_and_told(text: str) -> None:
    found = coordinates.read(text, VADUZ)
    assert found == coordinates.Pasted(Point(9.5215, 47.1410), swapped=True)
    assert coordinates.read("geo:47.1410,9.5215", VADUZ) == coordinates.Pasted(Point(9.5215, 47.1410))


def test_a_short_code_belongs_to_the_town_beside_it() -> None:
    assert coordinates.locality("4GRC+CH Vaduz") == "Vaduz"
    assert coordinates.locality("8FVF4GRC+CH") is None
    near = coordinates.read("4GRC+CH Vaduz", VADUZ)
    far = coordinates.read("4GRC+CH Nowhere", VADUZ, Point(24.9, 60.2))
    assert near is not None
    assert far is not None
    assert far.point.lat - near.point.lat == pytest.approx(13, abs=1)


def test_three_words_are_told_to_be_unreadable() -> None:
    assert coordinates.is_three_words("///filled.count.soap")
    assert coordinates.is_three_words("https://what3words.com/filled.count.soap")
    assert not coordinates.is_three_words("St. Martin Str. 5")


def _photo(gps: dict[int, object] | None) -> BytesIO:
    picture, found = Image.new("RGB", (4, 4)), BytesIO()
    exif = picture.getexif()
    if gps is not None:
        exif[ExifTags.IFD.GPSInfo] = gps
    picture.save(found, "JPEG", exif=exif)
    found.seek(0)
    return found


def test_a_photo_says_where_it_was_taken() -> None:
    south_west = {1: "S", 2: (22.0, 54.0, 36.0), 3: "W", 4: (43.0, 12.0, 0.0)}
    found = photos.position(_photo(south_west))
    assert found is not None
    assert (found.lon, found.lat) == pytest.approx((-43.2, -22.91))


@pytest.mark.parametrize(
    "gps",
    [
        None,
        {},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (9.0, 0.0, 0.0)},
    ],
)
def test_a_photo_without_a_sound_position_has_none(gps: dict[int, object] | None) -> None:
    assert photos.position(_photo(gps)) is None


def test_what_is_no_photo_has_no_position() -> None:
    assert photos.position(BytesIO(b"GIF89a and nothing more")) is None
    assert photos.position(BytesIO(b"")) is None
