"""What a file says becomes rows of a target: coordinates, columns, addresses, codes."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gis.datum import bd_from_gcj, gcj_from_wgs
from gis.model import Point
from gis.sources import crs, proposing
from gis.sources.doors import door
from gis.sources.model import Field, Layer, Record, Shape
from gis.sources.opening import opened
from gis.sources.proposing import Source
from gis.sources.rows import Reading, Refused, Row
from gis.sources.targets import targets
from gis.sources.values import Unfit, value

BEIJING = shapely.box(116.2, 39.8, 116.6, 40.1)
TAINAN = shapely.box(120.1, 22.9, 120.4, 23.1)
LAUF = shapely.box(11.2, 49.48, 11.36, 49.55)


def scattered(place: shapely.Polygon) -> np.ndarray:
    west, south, east, north = place.bounds
    return np.random.default_rng(7).uniform((west, south), (east, north), (60, 2))


@pytest.mark.parametrize(
    ("system", "place"),
    [
        *((one, BEIJING) for one in ("EPSG:4326", "EPSG:4547", "EPSG:4548", "EPSG:4527", "EPSG:3857", "EPSG:32650")),
        ("EPSG:4547 yx", BEIJING),
        ("EPSG:4326 yx", BEIJING),
        ("EPSG:3826", TAINAN),
        ("EPSG:31468", LAUF),
    ],
)
def test_coordinates_are_recognised_by_where_they_would_fall(system: str, place: shapely.Polygon) -> None:
    degrees = scattered(place)
    there = Transformer.from_crs("EPSG:4326", system.removesuffix(" yx"), always_xy=True)
    coords = np.column_stack(there.transform(degrees[:, 0], degrees[:, 1]))
    coords = coords[:, ::-1] if system.endswith("yx") else coords
    found = crs.guesses(coords, place)[0]
    assert (found.crs, found.inside) == (system, 1.0)
    assert far(crs.to_degrees(found.crs)(coords), degrees) < 0.001


@pytest.mark.parametrize("hint", ["gcj02.csv", "高德地图.xlsx", "百度坐标.csv", "bd09_lng"])
def test_shifted_coordinates_are_recognised_by_what_they_are_called(hint: str) -> None:
    degrees = scattered(BEIJING)
    moved = [gcj_from_wgs(Point(*pair)) for pair in degrees]
    wanted = crs.BD if "bd" in hint or "百度" in hint else crs.GCJ
    moved = [bd_from_gcj(point) for point in moved] if wanted == crs.BD else moved
    coords = np.array([(point.lon, point.lat) for point in moved])
    assert crs.guesses(coords, BEIJING, hint=hint)[0].crs == wanted
    assert crs.ambiguous(coords, "EPSG:4326")
    assert far(crs.to_degrees(wanted)(coords), degrees) < 0.1


def test_taiwan_is_not_shifted() -> None:
    degrees = scattered(TAINAN)
    assert not crs.ambiguous(degrees, "EPSG:4326")
    assert far(crs.to_degrees(crs.GCJ)(degrees), degrees) == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("4490", "EPSG:4490"),
        ("epsg:3826", "EPSG:3826"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("gcj02", "GCJ-02"),
        ("BD-09", "BD-09"),
        ("EPSG:4490 yx", "EPSG:4490 yx"),
        ("the usual one", None),
        ("EPSG:999999", None),
    ],
)
def test_names_of_coordinate_systems(text: str, name: str | None) -> None:
    assert crs.named(text) == name


@pytest.mark.parametrize(
    ("said", "label", "fine"),
    [
        (
            "東區德東街235巷118弄76號5樓之2",
            "德東街235巷118弄76號5樓之2",
            {"lane": "235", "alley": "118", "floor": "5-2"},
        ),
        ("幸福路12号8号楼2单元301室", "幸福路12号8号楼2单元301室", {"block": "8", "unit": "2", "room": "301"}),
        ("臺南市新營區民權里3鄰博愛街2巷1號", "博愛街2巷1號", {"lane": "2"}),
        ("Landstrasse 5, 9490 Vaduz", "Landstrasse 5", {"postcode": "9490", "city": "Vaduz"}),
    ],
)
def test_an_address_comes_apart(said: str, label: str, fine: dict[str, str]) -> None:
    found = door({"address": said})
    assert found is not None
    assert found["label"] == label
    assert fine.items() <= found.items()


def test_parts_of_an_address_in_columns_of_their_own_are_put_together() -> None:
    given: dict[str, object] = {"street": "德東街", "lane": "235", "alley": "118", "number": "76", "floor": "5"}
    found = door(given)
    assert found is not None
    assert (found["number"], found["label"]) == ("235巷118弄76號", "德東街235巷118弄76號5樓")


@pytest.mark.parametrize(
    ("column", "given", "found"),
    [
        ("levels", "１２ 层", 12.0),
        ("levels", "3,5", 3.5),
        ("households", "1,234", 1234),
    ],
)
def test_numbers_are_read_as_people_write_them(column: str, given: str, found: object) -> None:
    kept = targets()["building"].column(column)
    assert kept is not None
    assert value(given, kept, "building") == found


@pytest.mark.parametrize(
    ("column", "given", "reason"),
    [
        ("households", "1.5", "not_a_number"),
        ("people", "many", "not_a_number"),
        ("people", "-", "not_a_number"),
        ("year", "9999", "out_of_range"),
        ("people", "1e999", "out_of_range"),
    ],
)
def test_what_is_no_number_is_told(column: str, given: str, reason: str) -> None:
    kept = targets()["building"].column(column)
    assert kept is not None
    with pytest.raises(Unfit, match=reason):
        value(given, kept, "building")


@given(st.text(max_size=40))
def test_no_text_brings_the_values_down(text: str) -> None:
    for target in targets().values():
        for column in target.columns:
            with suppress(Unfit):
                value(text, column, target.target)


def test_degrees_and_minutes_are_positions_too() -> None:
    lon = targets()["address"].column("lon")
    assert lon is not None
    assert value("120°11'12.5\"E", lon, "address") == pytest.approx(120.186806, abs=1e-6)


def proposed(*names: str, geometry: Shape | None = None, title: str = "") -> dict[str, str | None]:
    fields = tuple(Field(name=name, type="text", examples=("12",)) for name in names)
    layer = Layer(name="a", rows=1, geometry=geometry, fields=fields, crs=None)
    found = proposing.propose(layer, title=title)
    assert found is not None
    return {"": found.target, **{column: source.field for column, source in found.mapping.items()}}


def test_columns_are_known_in_several_languages() -> None:
    german = proposed("OBJECTID", "Strasse", "Hausnummer", "PLZ", "Ort", geometry=Shape.POINT)
    assert german == {"": "address", "key": "OBJECTID", "street": "Strasse", "number": "Hausnummer"} | {
        "postcode": "PLZ",
        "city": "Ort",
    }
    assert proposed("楼栋号", "层数", "建成年份", "户数", geometry=Shape.POLYGON)[""] == "building"
    assert proposed("设备编码", "安装朝向", "名称", "X", "Y", title="摄像机清单")[""] == "camera"
    assert proposed("BFS", "Gemeinde", geometry=Shape.POLYGON, title="gemeindegrenzen")[""] == "areas"


def test_positions_that_are_none_are_told(shared_data: Path) -> None:
    place = shapely.box(-123.2, 37.6, -122.3, 37.9)
    wanted = {"address": "incident_address", "key": "unique_key", "lon": "longitude", "lat": "latitude"}
    mapping = {column: Source(field=name) for column, name in wanted.items()}
    reading = Reading(target=targets()["address"], mapping=mapping, crs=crs.DEGREES, place=place)
    with opened(shared_data / "incidents" / "sf_311_service_requests.csv") as file:
        found = list(reading.rows(file.records()))
    assert len(found) == 10_000
    reasons = Counter(row.fault.reason for row in found if isinstance(row, Refused))
    assert reasons["no_position"] == 4_264
    assert set(reasons) <= {"no_position", "no_address", "outside"}


def test_narrow_lanes_are_addresses(shared_data: Path) -> None:
    with opened(shared_data / "facilities" / "tainan_fire_narrow_lanes.geojson") as file:
        layer = file.layers()[0]
        found = proposing.propose(layer, title="tainan_fire_narrow_lanes")
        assert found is not None
        reading = Reading(target=targets()[found.target], mapping=found.mapping, crs=crs.DEGREES, place=None)
        rows = list(reading.rows(file.records(layer.name)))
    assert found.target == "address"
    assert sum(isinstance(row, Row) for row in rows) == 1_525


def test_a_shape_of_the_wrong_kind_and_one_that_is_nowhere() -> None:
    reading = Reading(target=targets()["building"], mapping={}, crs="EPSG:3826", place=shapely.box(119, 21, 123, 26))
    shapes = [
        shapely.Point(250_000, 2_600_000),
        shapely.box(1e12, 1e12, 2e12, 2e12),
        shapely.box(250_000, 2_600_000, 250_010, 2_600_010),
        None,
    ]
    found = list(reading.rows(Record(line=n, values={}, geom=shape) for n, shape in enumerate(shapes)))
    assert [row.fault.reason if isinstance(row, Refused) else "" for row in found] == [
        "wrong_shape",
        "bad_position",
        "",
        "no_shape",
    ]


def far(these: np.ndarray, those: np.ndarray) -> float:
    """Metres between the pair that lies farthest apart."""
    return float(max(Geod(ellps="WGS84").inv(these[:, 0], these[:, 1], those[:, 0], those[:, 1])[2]))
