"""The layers as programs of others see them: GDAL's own reader, schemathesis, and what the standards ask for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from api.identity import Bucket
from gis.database import begin
from gis.store import published
from tests.api.town import Town
from tests.gis.test_tiles import at

ROOT = "/ogc"
GEOJSON = "application/geo+json"
TILE = at(10.001, 50.001, 14)
HERE = "10.0,50.0,10.0021,50.0011"


@pytest.fixture(autouse=True)
def patient(tiny: Town) -> None:
    """The limit of questions is tried elsewhere."""
    tiny.app.state.house.buckets["ogc"] = Bucket(10**6, 60)


def get(town: Town, path: str, **params: Any) -> Any:
    answer = town.client.get(f"{ROOT}/{path}", params=params)
    assert answer.status_code == 200, answer.text[:500]
    return answer.json()


def ogr(town: Town, program: str, *words: str) -> str:
    if shutil.which(program) is None:
        pytest.skip(f"needs {program} (Debian: gdal-bin)")
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def source(town: Town) -> str:
    return f"OAPIF:{town.client.base_url}{ROOT}"


def test_pages_of_one_layer_hold_every_feature_once(tiny: Town) -> None:
    seen: list[int] = []
    url = f"{ROOT}/collections/buildings/items?limit=7"
    for _ in range(20):
        answer = tiny.client.get(url).json()
        assert answer["numberReturned"] == len(answer["features"]) <= 7
        seen += [one["id"] for one in answer["features"]]
        url = next((one["href"] for one in answer["links"] if one["rel"] == "next"), "")
        if not url:
            break
    with begin(tiny.engine) as tx:
        assert sorted(tx.scalars(text("SELECT id FROM building"))) == seen
    assert answer["numberMatched"] == len(seen)


def test_gdal_reads_all_layers_pages_boxes_and_filters(tiny: Town, tmp_path: Path) -> None:
    listed = ogr(tiny, "ogrinfo", "-ro", source(tiny))
    assert all(name in listed for name in ("areas", "cells", "buildings", "addresses", "roads", "land"))
    assert "cameras" not in listed
    file = tmp_path / "b.geojson"
    paged = ("-oo", "PAGE_SIZE=5", "-f", "GeoJSON")
    ogr(tiny, "ogr2ogr", *paged, str(file), source(tiny), "buildings", "-spat", *HERE.split(","))
    box = tuple(map(float, HERE.split(",")))
    with begin(tiny.engine) as tx:
        inside = tx.scalar(
            text("SELECT count(*) FROM building WHERE ST_Intersects(geom, ST_MakeEnvelope(:w, :s, :e, :n, 4326))"),
            dict(zip("wsen", box, strict=True)),
        )
    assert len(json.loads(file.read_text())["features"]) == inside > 5
    chosen = ogr(tiny, "ogrinfo", "-ro", "-al", "-where", "kind = 'school'", source(tiny), "buildings")
    assert "kind (String) = school" in chosen
    assert "kind (String) = house" not in chosen


def test_gdal_reads_the_tiles(tiny: Town, tmp_path: Path) -> None:
    href = get(tiny, "collections/buildings/tiles/WebMercatorQuad", f="tilejson")["tiles"][0]
    file = tmp_path / "tile.mvt"
    file.write_bytes(tiny.client.get(href.format(z=14, y=TILE[2], x=TILE[1])).content)
    found = ogr(tiny, "ogrinfo", "-ro", "-al", "-so", str(file))
    assert "Layer name: buildings" in found
    assert "kind: String" in found


def test_the_row_of_a_tile_comes_before_its_column(tiny: Town) -> None:
    right = tiny.client.get(f"{ROOT}/collections/buildings/tiles/WebMercatorQuad/14/{TILE[2]}/{TILE[1]}")
    wrong = tiny.client.get(f"{ROOT}/collections/buildings/tiles/WebMercatorQuad/14/{TILE[1]}/{TILE[2]}")
    assert len(right.content) > 100
    assert wrong.content == b""


@pytest.mark.parametrize(
    ("question", "sql"),
    [
        ("street LIKE 'M%' AND number > '2'", "street LIKE 'M%' AND number > '2'"),
        ("street IN ('Mill Lane') OR number = '1'", "street = 'Mill Lane' OR number = '1'"),
        ("NOT (street IS NULL)", "street IS NOT NULL"),
        ("CASEI(street) = CASEI('mill lane')", "street = 'Mill Lane'"),
        ("S_INTERSECTS(geom, BBOX(10, 50, 10.0021, 50.0011))",
         "point && ST_MakeEnvelope(10, 50, 10.0021, 50.0011, 4326)"),
        ("S_WITHIN(geom, POLYGON((10 50, 10.002 50, 10.002 50.001, 10 50.001, 10 50)))",
         "point && ST_MakeEnvelope(10, 50, 10.002, 50.001, 4326)"),
        ("valid_from > TIMESTAMP('2001-01-01T00:00:00Z') AND district BETWEEN 1 AND 2", "true"),
        ('{"op": "in", "args": [{"property": "street"}, ["Mill Lane"]]}', "street = 'Mill Lane'"),
    ],
)  # fmt: skip
def test_a_filter_says_what_sql_would(tiny: Town, question: str, sql: str) -> None:
    language = "cql2-json" if question.startswith("{") else "cql2-text"
    params = {"filter": question, "filter-lang": language, "limit": 10_000}
    found = {one["id"] for one in get(tiny, "collections/addresses/items", **params)["features"]}
    with begin(tiny.engine) as tx:
        assert found == set(tx.scalars(text(f"SELECT id FROM address WHERE {sql}")))
    assert found


@pytest.mark.parametrize(
    "params",
    [
        {"unknown": "1"},
        {"limit": "0"},
        {"limit": "ten"},
        {"bbox": "1,2,3"},
        {"bbox": "1,2,nan,4"},
        {"bbox": "500,2,501,4"},
        {"crs": "EPSG:1"},
        {"bbox-crs": "x"},
        {"datetime": "yesterday"},
        {"datetime": ".."},
        {"filter": "nobody = 1"},
        {"filter": "street = 1"},
        {"filter": "street = 'x' OR"},
        {"filter": "(" * 5_000},
        {"filter": "NOT " * 2_000 + "a = 1"},
        {"filter": "[" * 4_000, "filter-lang": "cql2-json"},
        {"filter": "1 = 1; DROP TABLE building"},
        {"filter-lang": "sql"},
        {"district": "x"},
        {"valid_from": ""},
        {"f": "xml"},
        {"name": "a\x00b"},
    ],
)
def test_a_wrong_question_is_refused_and_says_why(tiny: Town, params: dict[str, str]) -> None:
    answer = tiny.client.get(f"{ROOT}/collections/streets/items", params=params)
    assert answer.status_code == 400, answer.text[:300]
    assert answer.json()["error"]["message"]


def test_coordinates_come_in_the_plane_and_order_that_was_asked_for(tiny: Town) -> None:
    path, epsg = "collections/addresses/items", "http://www.opengis.net/def/crs/EPSG/0/"
    plain = get(tiny, path, limit=1)["features"][0]["geometry"]["coordinates"]
    answer = tiny.client.get(f"{ROOT}/{path}", params={"limit": 1, "crs": f"{epsg}4326"})
    assert answer.json()["features"][0]["geometry"]["coordinates"] == plain[::-1]
    assert answer.headers["content-crs"] == f"<{epsg}4326>"
    east, north = get(tiny, path, limit=1, crs=f"{epsg}3857")["features"][0]["geometry"]["coordinates"]
    assert (round(east / 111319.49, 4), north > 6_400_000) == (round(plain[0], 4), True)
    west, south, right, top = HERE.split(",")
    flipped = {"bbox": ",".join((south, west, top, right)), "bbox-crs": f"{epsg}4326"}
    assert get(tiny, path, **flipped)["numberMatched"] == get(tiny, path, bbox=HERE)["numberMatched"] > 0


def test_time_leaves_out_what_was_not_there_yet(tiny: Town) -> None:
    path = "collections/buildings/items"
    assert get(tiny, path, datetime="../2001-01-01T00:00:00Z")["numberMatched"] == 0
    assert get(tiny, path, datetime="2001-01-01T00:00:00Z/..")["numberMatched"] > 0


def test_an_area_chooses_what_touches_it(tiny: Town) -> None:
    south = get(tiny, "collections/cells/items", area=tiny.areas["South Side"])["numberMatched"]
    assert 0 < south < get(tiny, "collections/cells/items")["numberMatched"]


def test_whoever_has_an_answer_is_told_so(tiny: Town) -> None:
    first = tiny.client.get(f"{ROOT}/collections/streets/items")
    again = tiny.client.get(f"{ROOT}/collections/streets/items", headers={"If-None-Match": first.headers["etag"]})
    assert (first.headers["content-type"], again.status_code, again.content) == (GEOJSON, 304, b"")


def test_a_browser_gets_pages_and_names_cannot_break_them(tiny: Town) -> None:
    with begin(tiny.engine) as tx:
        tx.execute(text("UPDATE street SET name = '<script>alert(1)</script>' WHERE id = (SELECT min(id) FROM street)"))
    page = tiny.client.get(f"{ROOT}/collections/streets/items", headers={"Accept": "text/html,*/*"})
    assert page.headers["content-type"].startswith("text/html")
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text


def test_a_hidden_layer_is_not_there(tiny: Town) -> None:
    with begin(tiny.engine) as tx:
        assert published.switch(tx, "streets", False)
    try:
        assert tiny.client.get(f"{ROOT}/collections/streets/items").status_code == 404
        assert "streets" not in [one["id"] for one in get(tiny, "collections")["collections"]]
    finally:
        with begin(tiny.engine) as tx:
            published.switch(tx, "streets", True)


def test_schemathesis_finds_nothing_that_the_description_does_not_say(tiny: Town) -> None:
    base = f"{tiny.client.base_url}{ROOT}"
    phases = ("--phases", "examples,fuzzing", "--max-examples", "3", "--seed", "1", "--no-color")
    tool = Path(sys.executable).with_name("schemathesis")
    left_out = ("--exclude-checks", "unsupported_method,positive_data_acceptance")
    words = [str(tool), "run", f"{base}/api", "--url", base, *phases, *left_out]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-3_000:]


def test_pages_of_others_may_ask(tiny: Town) -> None:
    paths = (
        f"{ROOT}/collections",
        f"/api/tiles/{tiny.district}/base/14/{TILE[1]}/{TILE[2]}.mvt",
        "/api/styles/day/en.json",
    )
    for path in paths:
        assert tiny.client.get(path).headers["access-control-allow-origin"] == "*"
    cells = tiny["planner"].get(f"/api/tiles/{tiny.district}/cells/14/{TILE[1]}/{TILE[2]}.mvt")
    assert "access-control-allow-origin" not in cells.headers
