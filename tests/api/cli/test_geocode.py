"""`gridward geocode` and `gridward register` as people type them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gis.database import begin, engine_for
from tests.gis import lettering


@pytest.fixture(scope="module")
def town(module_database_url: str) -> str:
    """A database with the made-up town in it."""
    engine = engine_for(module_database_url)
    with begin(engine) as tx:
        lettering.pour(tx)
    engine.dispose()
    return module_database_url


def run(town: str, folder: Path, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    surroundings = {
        **os.environ,
        "LANGUAGE": "en",
        "PYTHONIOENCODING": "utf-8",
        "GRIDWARD_DATABASE_URL": town,
        "GRIDWARD_FOLDER": str(folder),
    }
    command = [sys.executable, "-m", "api.cli", *words]
    return subprocess.run(command, input=text, text=True, capture_output=True, env=surroundings, timeout=120)


def test_a_batch_is_answered_line_by_line_in_order(town: str, tmp_path: Path) -> None:
    queries = ["Tehtaankatu 3", "Nowhere Lane 99", "Krmerstraße 5", "60.15, 24.95", "成府路三十五號"]
    file = tmp_path / "queries.jsonl"
    file.write_text("".join(json.dumps({"query": each}) + "\n" for each in queries), encoding="utf-8")
    done = run(town, tmp_path, "geocode", "--batch", str(file), "--limit", "2", "--place", "town")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["query"] for line in lines] == queries
    assert [len(line["answers"]) > 0 for line in lines] == [True, False, True, True, True]
    assert all(len(line["answers"]) <= 2 for line in lines)
    assert {"lon", "lat", "label", "kind", "score"} <= set(lines[0]["answers"][0])
    assert lines[0]["answers"][0]["label"] == "Tehtaankatu 3"


def test_the_standard_input_is_a_batch_too_and_a_single_query_needs_none(town: str, tmp_path: Path) -> None:
    piped = run(town, tmp_path, "geocode", "--batch", "-", text='{"query": "Obergass 5"}\n')
    single = run(town, tmp_path, "geocode", "Obergass 5")
    assert json.loads(piped.stdout) == json.loads(single.stdout)


def test_an_unknown_place_is_a_sentence(town: str, tmp_path: Path) -> None:
    done = run(town, tmp_path, "geocode", "Obergass 5", "--place", "Atlantis")
    assert done.returncode == 1
    assert "There is no place Atlantis" in done.stderr
    assert "X1" in done.stderr


def test_a_register_is_poured_in_and_searched(town: str, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text("address,lon,lat\n東區德東街76號,24.95,60.15\n西區遠方路1號,2,40\n", encoding="utf-8")
    done = run(town, tmp_path, "register", str(file))
    assert done.returncode == 0, done.stderr
    assert "1 addresses" in done.stdout
    assert "outside the place" in done.stdout
    found = json.loads(run(town, tmp_path, "geocode", "德东街76号").stdout)
    assert found["answers"][0]["label"] == "德東街76號"
