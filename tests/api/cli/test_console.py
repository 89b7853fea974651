"""What the terminal says when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.entry import app

AWAY = "postgresql://somebody:secret@127.0.0.1:1/nothing"


@pytest.mark.parametrize("command", [["user", "list"], ["migrate"], ["import", "{extract}"]])
@pytest.mark.parametrize(("language", "word"), [("en", "Nobody answers"), ("zh_CN", "没有响应"), ("zh_TW", "沒有回應")])
def test_a_database_that_is_away_is_a_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str], language: str, word: str
) -> None:
    extract = tmp_path / "place.osm"
    extract.write_bytes((Path(__file__).parents[2] / "places" / "tiny.osm").read_bytes())
    monkeypatch.setenv("GRIDWARD_DATABASE_URL", AWAY)
    monkeypatch.setenv("GRIDWARD_FOLDER", str(tmp_path))
    monkeypatch.setenv("LANGUAGE", language)
    answer = CliRunner().invoke(app, [part.format(extract=extract) for part in command])
    assert answer.exit_code == 1
    assert word in answer.stderr
    assert "Traceback" not in answer.output
    assert "secret" not in answer.output
