"""Files of layers, read again by GDAL's own programs."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from sqlalchemy import text

from api.identity import Bucket
from gis.database import begin
from gis.datum import wgs_from_gcj
from gis.layers.exporting.writing import short
from gis.model import Point
from tests.api.town import Town

SUFFIX = {"gpkg": "gpkg", "geojson": "geojson", "csv": "csv", "shp": "shp.zip", "fgb": "fgb"}


@pytest.fixture(autouse=True)
def patient(tiny: Town) -> None:
    tiny.app.state.house.buckets["export"] = Bucket(10**6, 60)


def fetch(town: Town, folder: Path, layer: str, **params: Any) -> Path:
    answer = town["planner"].get(f"/api/layers/{layer}/export", params={"district": town.district, **params})
    assert answer.status_code == 200, answer.text[:400]
    name = answer.headers["content-disposition"].split('filename="')[1].rstrip('"')
    file = folder / name
    file.write_bytes(answer.content)
    return file


def ogrinfo(*words: str) -> str:
    if shutil.which("ogrinfo") is None:
        pytest.skip("needs ogrinfo (Debian: gdal-bin)")
    done = subprocess.run(["ogrinfo", "-ro", *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("ending", SUFFIX)
def test_every_row_comes_back_from_every_format(tiny: Town, tmp_path: Path, ending: str) -> None:
    file = fetch(tiny, tmp_path, "buildings", format=ending, crs="EPSG:3857")
    assert file.name == f"buildings.epsg3857.{SUFFIX[ending]}"
    where = f"/vsizip/{file}" if ending == "shp" else str(file)
    with begin(tiny.engine) as tx:
        stored = tx.scalar(text("SELECT count(*) FROM building"))
    told = ogrinfo("-al", "-so", where)
    assert f"Feature Count: {stored}" in told
    if ending != "csv":
        assert 'ID["EPSG",3857]' in told
        assert "Extent: (1113" in told
    assert "levels: " in told
    assert "licence: String" in told


def test_a_geopackage_says_where_it_comes_from(tiny: Town, tmp_path: Path) -> None:
    file = fetch(tiny, tmp_path, "addresses", format="gpkg")
    told = ogrinfo("-al", "-so", str(file))
    assert "ATTRIBUTION=" in told
    assert "OpenStreetMap" in told
    frame = pyogrio.read_dataframe(file)
    assert str(frame["valid_from"].dtype).startswith("datetime64")
    assert set(frame["street"]) >= {"Mill Lane"}


def test_a_shapefile_is_in_utf8_with_names_that_differ(tiny: Town, tmp_path: Path) -> None:
    with begin(tiny.engine) as tx:
        tx.execute(text("UPDATE street SET name = '成府路' WHERE id = (SELECT max(id) FROM street)"))
    file = fetch(tiny, tmp_path, "streets", format="shp")
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        note = archive.read("README.txt").decode()
    assert {Path(name).suffix for name in names} >= {".shp", ".dbf", ".prj", ".cpg"}
    assert "OpenStreetMap" in note
    assert "成府路" in ogrinfo("-al", f"/vsizip/{file}")


@pytest.mark.pure
def test_names_are_cut_to_ten_bytes_and_stay_apart() -> None:
    assert short(["interval_seconds", "interval_metres", "interval_s", "id", "ID"]) == [
        *("interval_s", "interval_m", "interval_1"[:8] + "_1", "id", "ID_1"),
    ]
    assert all(len(name.encode()) <= 10 for name in short(["单元网格名称"] * 12))


def test_a_selection_is_a_selection(tiny: Town, tmp_path: Path) -> None:
    everything = json.loads(fetch(tiny, tmp_path, "addresses", format="geojson").read_text())["features"]
    chosen = fetch(tiny, tmp_path, "addresses", format="geojson", filter="street = 'Mill Lane'").read_text()
    streets = {one["properties"]["street"] for one in json.loads(chosen)["features"]}
    south = fetch(tiny, tmp_path, "addresses", format="geojson", area=tiny.areas["South Side"]).read_text()
    assert streets == {"Mill Lane"}
    assert 0 < len(json.loads(south)["features"]) < len(everything)


def test_csv_has_positions_for_points_and_no_formulas(tiny: Town, tmp_path: Path) -> None:
    with begin(tiny.engine) as tx:
        tx.execute(text("UPDATE facility SET name = '=1+1' WHERE id = (SELECT min(id) FROM facility)"))
    rows = list(csv.DictReader(io.StringIO(fetch(tiny, tmp_path, "facilities", format="csv").read_text("utf-8-sig"))))
    assert 9.9 < float(rows[0]["lon"]) < 10.1
    assert rows[0]["name"] == "'=1+1"


def test_offset_maps_get_offset_coordinates_and_the_file_says_so(tiny: Town, tmp_path: Path) -> None:
    with begin(tiny.engine) as tx:
        tx.execute(text("UPDATE facility SET point = ST_SetSRID(ST_MakePoint(116.42079, 39.90105), 4326) "
                        "WHERE id = (SELECT max(id) FROM facility)"))  # fmt: skip
    file = fetch(tiny, tmp_path, "facilities", format="geojson", crs="GCJ-02")
    said = json.loads(file.read_text())
    lon, lat = said["features"][-1]["geometry"]["coordinates"]
    assert (file.name, said["COORDINATES"]) == ("facilities.gcj02.geojson", "GCJ-02")
    assert max(abs(lon - 116.42703), abs(lat - 39.90245)) < 1e-5
    back = wgs_from_gcj(Point(lon, lat))
    assert abs(back.lon - 116.42079) < 1e-6


def test_an_empty_selection_is_an_empty_file(tiny: Town, tmp_path: Path) -> None:
    for ending in SUFFIX:
        file = fetch(tiny, tmp_path, "components", format=ending)
        assert file.stat().st_size > 0
    assert json.loads((tmp_path / "components.epsg4326.geojson").read_text())["features"] == []


@pytest.mark.parametrize("params", [{"format": "doc"}, {"crs": "EPSG:99"}, {"filter": "x ="}, {"unknown": "1"}])
def test_a_wrong_wish_is_refused(tiny: Town, params: dict[str, str]) -> None:
    answer = tiny["planner"].get("/api/layers/cells/export", params={"district": tiny.district, **params})
    assert answer.status_code == 422


def test_the_list_says_what_there_is_in_the_caller_s_language(tiny: Town) -> None:
    asked = {"params": {"district": tiny.district}, "headers": {"Accept-Language": "zh-Hant"}}
    found = {one["id"]: one for one in tiny["planner"].get("/api/layers", **asked).json()["layers"]}
    assert found["cells"]["title"] == "單元網格"
    assert found["buildings"]["rows"] == 64
    assert "cameras" not in found
    assert set(found["cells"]["formats"]) == set(SUFFIX)


def test_an_administrator_shows_and_hides_layers(tiny: Town) -> None:
    for shown in (True, False):
        assert tiny["administrator"].request("PUT", "/api/layers/sensors", json={"published": shown}).status_code == 200
        assert tiny.client.get("/ogc/collections/sensors").status_code == (200 if shown else 404)
    assert tiny["administrator"].request("PUT", "/api/layers/people", json={"published": True}).status_code == 404
