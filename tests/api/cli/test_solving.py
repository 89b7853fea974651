"""`gridward solve` as people type it: the answer, the refusals, the time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED

pytestmark = pytest.mark.pure

BENCH = SHARED.parent / "bench/dispatch/bench.py"
SMALL = {
    "travel": [[0, 100], [100, 0]],
    "responders": [{"shift_end": 3600, "skills": ["gas"]}],
    "incidents": [{"service": 60, "due": 0, "weight": 2, "skills": ["gas"]}],
}


def solve(*words: str, text: str | None = None, language: str = "en") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api.cli", "solve", *words]
    surroundings = {**os.environ, "LANGUAGE": language, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, input=text, text=True, capture_output=True, env=surroundings, timeout=120)


def answered(*words: str, text: str | None = None) -> dict[str, Any]:
    done = solve(*words, text=text)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_problem_on_the_standard_input_is_answered() -> None:
    found = answered("-", "--cpu", "0.2", "--seed", "1", "--times", text=json.dumps(SMALL))
    assert found["routes"] == [[0]]
    assert found["cost"] == round(2 * 100 / 60 + 100 / 60, 1)
    assert found["times"] == [[{"incident": 0, "leave": 0, "travel": 100, "begin": 100, "end": 160}]]
    assert found["unserved"] == []


def test_what_is_left_out_says_why(tmp_path: Path) -> None:
    alone = SMALL | {"responders": [{"shift_end": 3600, "skills": []}]}
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(alone), "utf-8")
    found = answered(str(file), "--cpu", "0.1")
    assert [(u["incident"], u["reason"], u["params"]["skill"]) for u in found["unserved"]] == [(0, "no_skill", "gas")]
    assert found["cost"] == 2000.0


@pytest.mark.parametrize(("language", "word"), [("en", "whole number"), ("zh_CN", "应为整数"), ("zh_TW", "應為整數")])
def test_a_wrong_value_is_said_with_its_place_and_nothing_is_answered(language: str, word: str) -> None:
    done = solve("-", text=json.dumps(SMALL).replace('"due": 0', '"due": "soon"'), language=language)
    assert (done.returncode, done.stdout) == (2, "")
    assert "$.incidents[0].due" in done.stderr
    assert '"soon"' in done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "text", "says"), [(["/no/such"], "", "/no/such"), (["-"], "{,}", "line 1, column 2")]
)
def test_what_cannot_be_read_is_said(words: list[str], text: str, says: str) -> None:
    done = solve(*words, text=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_neither_the_web_nor_the_database_is_loaded() -> None:
    code = (
        "import sys; sys.argv[1:] = ['solve', '-', '--cpu', '0.1']\n"
        "from api.cli import app\n"
        "try: app()\n"
        "except SystemExit: pass\n"
        "print(sorted({'fastapi', 'sqlalchemy', 'pydantic', 'geopandas'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(SMALL), text=True, capture_output=True, timeout=60
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.skipif(not BENCH.exists(), reason=f"the benchmark {BENCH} is not beside the repository")
def test_the_benchmark_counts_the_same_cost(tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    run = [sys.executable, str(BENCH), "--responders", "20", "--incidents", "60", "--seed", "3"]
    subprocess.run([*run, "--write", str(problem)], check=True, timeout=60)
    found = answered(str(problem), "--cpu", "1", "--seed", "1")
    plan.write_text(json.dumps(found), "utf-8")
    said = subprocess.run([*run, "--plan", str(plan)], check=True, timeout=60, text=True, capture_output=True).stdout
    counted = json.loads(said)
    assert (counted["cost"], counted["unserved"]) == (found["cost"], len(found["unserved"]))
