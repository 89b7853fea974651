"""`gridward import` of files of rows, as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from gis.database import begin, engine_for
from tests.api.cli.test_geocode import run
from tests.gis import deliveries, lettering


@pytest.fixture(scope="module")
def town(module_database_url: str) -> str:
    """The made-up town, in a database of its own."""
    engine = engine_for(module_database_url)
    with begin(engine) as tx:
        lettering.pour(tx)
    engine.dispose()
    return module_database_url


def count(town: str) -> int:
    engine = engine_for(town)
    with begin(engine) as tx:
        found = tx.scalar(text("SELECT count(*) FROM address WHERE source IS NOT NULL"))
    engine.dispose()
    return int(found or 0)


def test_a_file_is_tried_then_brought_with_a_report(town: str, tmp_path: Path) -> None:
    file = deliveries.write(tmp_path, "gpkg")
    tried = run(town, tmp_path, "import", str(file), "--dry-run")
    assert (tried.returncode, count(town)) == (0, 0), tried.stderr
    assert "Nothing was changed" in tried.stdout
    done = run(town, tmp_path, "import", str(file), "--into", "X1", "--source", "戶政", "--report", str(tmp_path / "r"))
    assert (done.returncode, count(town)) == (0, 3), done.stderr
    report = json.loads((tmp_path / "r").read_text("utf-8"))
    assert (report["target"], report["crs"], report["source"], report["counts"]["added"]) == (
        *("address", "EPSG:4326", "戶政"),
        3,
    )


def test_what_is_left_out_is_listed_and_what_cannot_be_is_an_error(town: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("kennung,wo,x,y\n1,Obergass 77,24.95,60.15\n2,Obergass 78,1,1\n", encoding="utf-8")
    report = tmp_path / "report.json"
    mapped = ["--map", "address=wo", "--map", "city:=Vaduz", "--target", "address", "--report", str(report)]
    done = run(town, tmp_path, "import", str(file), *mapped)
    assert done.returncode == 0, done.stderr
    assert "outside the district" in done.stdout
    left = json.loads(report.read_text("utf-8"))["rejected"]
    assert [(row["line"], row["reason"], row["value"]) for row in left] == [(3, "outside", "1.000000, 1.000000")]
    wrong = run(town, tmp_path, "import", str(file), "--target", "sensor")
    assert (wrong.returncode, "is missing" in wrong.stderr) == (1, True)
