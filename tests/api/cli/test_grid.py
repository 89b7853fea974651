"""`gridward grid` as people type it: files in, files and a report out, no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from typer.testing import CliRunner, Result

from api.cli.grid import app
from gis.grid import Rank, compile_place
from gis.grid.files import write_cells
from tests.gis.damage import damaged, given_of
from tests.gis.towns import PLANE, town

pytestmark = pytest.mark.pure

TOWN = town(5, streets=8, houses=30)
GOOD = given_of(compile_place(TOWN), TOWN)
HIGHWAYS = {Rank.PATH: "footway", Rank.MINOR: "residential", Rank.MAJOR: "primary"}


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def written(file: Path, shapes: list[BaseGeometry], **columns: list[Any]) -> Path:
    geopandas.GeoDataFrame(columns, geometry=[PLANE.to_degrees(shape) for shape in shapes], crs=4326).to_file(
        file, driver="GeoJSON", COORDINATE_PRECISION=11
    )
    return file


def surroundings(folder: Path) -> list[object]:
    communities = written(
        folder / "communities.geojson",
        [community.polygon for community in TOWN.communities],
        code=[community.code for community in TOWN.communities],
    )
    people = [building.people for building in TOWN.buildings]
    buildings = written(folder / "buildings.geojson", [b.polygon for b in TOWN.buildings], people=people)
    return ["--communities", communities, "--buildings", buildings]


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
def test_cells_that_are_written_are_read_back_without_a_fault(tmp_path: Path, suffix: str) -> None:
    write_cells(tmp_path / f"cells{suffix}", GOOD.cells, PLANE)
    done = run("check", tmp_path / f"cells{suffix}")
    assert done.exit_code == 0, done.output
    assert f"{len(GOOD.cells)} cells, no fault." in done.output


def test_faults_are_told_and_reported_and_the_exit_code_says_so(tmp_path: Path) -> None:
    write_cells(tmp_path / "cells.geojson", damaged(GOOD, 1, "cut").cells, PLANE)
    report = tmp_path / "report.json"
    done = run("check", tmp_path / "cells.geojson", *surroundings(tmp_path), "--report", report)
    assert done.exit_code == 1
    said = json.loads(report.read_text())
    assert said["faults"] == len(said["found"]) == sum(said["kinds"].values()) > 0
    assert {"key", "kind", "cells", "mends", "geometry"} <= set(said["found"][0])
    west, south, east, north = shapely.geometry.shape(said["found"][0]["geometry"]).bounds
    assert PLANE.lon - 0.01 < west <= east < PLANE.lon + 0.01
    assert PLANE.lat - 0.01 < south <= north < PLANE.lat + 0.01


def test_mended_cells_pass_the_check(tmp_path: Path) -> None:
    write_cells(tmp_path / "bad.geojson", damaged(GOOD, 2, "jittered").cells, PLANE)
    around = surroundings(tmp_path)
    report = tmp_path / "report.json"
    done = run("mend", tmp_path / "bad.geojson", "-o", tmp_path / "good.gpkg", *around, "--report", report)
    said = json.loads(report.read_text())
    assert {fault["detail"] for fault in said["left"]} <= {"community", "edge"}
    assert done.exit_code == (1 if said["left"] else 0)
    assert sum(said["ways"].values()) == len(said["mends"]) > 0
    again = run("check", tmp_path / "good.gpkg", *around, "--report", report)
    assert json.loads(report.read_text())["kinds"].keys() <= {"building_cut"}, again.output


def test_new_cells_get_codes_by_the_pattern(tmp_path: Path) -> None:
    write_cells(tmp_path / "bad.geojson", damaged(GOOD, 2, "dropped").cells, PLANE)
    run("mend", tmp_path / "bad.geojson", "-o", tmp_path / "good.gpkg", *surroundings(tmp_path), "--pattern", "plain")
    codes = geopandas.read_file(tmp_path / "good.gpkg")["code"]
    assert codes.is_unique
    assert codes.str.fullmatch(r"TST0[12]\d{3}").all()


def test_a_place_is_cut_from_files_alone(tmp_path: Path) -> None:
    lines = [barrier.line for barrier in TOWN.barriers]
    roads = written(tmp_path / "roads.geojson", lines, highway=[HIGHWAYS[b.rank] for b in TOWN.barriers])
    around = surroundings(tmp_path)
    done = run("cut", *around, "--roads", roads, "--measure", "people", "--aim", 60, "-o", tmp_path / "cells.fgb")
    assert done.exit_code == 0, done.output
    checked = run("check", tmp_path / "cells.fgb", *around, "--report", tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text())["kinds"].keys() <= {"building_cut"}, checked.output


@pytest.mark.parametrize(
    "words",
    [("check",), ("check", "absent.geojson"), ("cut", "-o", "x.gpkg", "--measure", "tea", "--communities", "y")],
)
def test_what_cannot_be_done_is_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_taipeis_456_li_are_taken_as_they_are_with_two_that_are_invalid(shared_data: Path, tmp_path: Path) -> None:
    file, report = shared_data / "china" / "taipei_village_li_boundaries.geojson", tmp_path / "report.json"
    assert run("check", file, "--code", "NPTVID", "--report", report).exit_code == 1
    said = json.loads(report.read_text())
    assert said["cells"] == 456
    assert said["kinds"]["invalid"] == 2
    assert set(said["kinds"]) == {"invalid", "sliver"}
    out = tmp_path / "li.gpkg"
    assert run("mend", file, "--code", "NPTVID", "-o", out, "--report", report).exit_code == 0
    said = json.loads(report.read_text())
    assert (said["ways"]["make_valid"], len(said["mends"]), said["left"]) == (2, said["faults"], [])
    assert sum(mend["area_m2"] for mend in said["mends"]) < 10
    assert run("check", out).exit_code == 0
    assert set(geopandas.read_file(out)["code"]) == set(geopandas.read_file(file)["NPTVID"].astype("int64").astype(str))
