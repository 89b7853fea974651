"""Figures are kept under what they depend on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.cells import Cells, Missing

pytestmark = pytest.mark.pure


def test_a_figure_is_measured_once_and_then_remembered(tmp_path: Path) -> None:
    cells, times = Cells(tmp_path / "cells.jsonl"), []
    for _ in range(2):
        got = cells.measured("seed 0", "engine 1", lambda: {"cost": times.append(1) or 7.5})
        assert got["cost"] == 7.5
    assert len(times) == 1


def test_a_figure_of_another_engine_is_measured_again(tmp_path: Path) -> None:
    cells = Cells(tmp_path / "cells.jsonl")
    cells.measured("seed 0", "engine 1", lambda: {"cost": 9})
    assert cells.recall("seed 0", "engine 2") is None
    assert cells.measured("seed 0", "engine 2", lambda: {"cost": 8})["cost"] == 8


def test_the_last_figure_of_a_key_counts(tmp_path: Path) -> None:
    cells = Cells(tmp_path / "cells.jsonl")
    cells.keep("seed 0", "engine 1", {"cost": 9})
    cells.keep("seed 0", "engine 1", {"cost": 8})
    found = cells.recall("seed 0", "engine 1")
    assert found is not None
    assert found["cost"] == 8


def test_a_figure_that_is_not_good_is_measured_again(tmp_path: Path) -> None:
    cells = Cells(tmp_path / "cells.jsonl")
    cells.keep("seed 0", "engine 1", {"cpu": 5})
    assert cells.measured("seed 0", "engine 1", lambda: {"cpu": 10}, lambda f: f["cpu"] >= 10) == {"cpu": 10}
    assert cells.recall("seed 0", "engine 1") == {"cpu": 10}


def test_where_nothing_is_measured_what_is_not_there_is_missing(tmp_path: Path) -> None:
    Cells(tmp_path / "cells.jsonl").keep("seed 0", "engine 1", {"cost": 9})
    closed = Cells(tmp_path / "cells.jsonl", closed=True)
    assert closed.measured("seed 0", "engine 1", dict)["cost"] == 9
    with pytest.raises(Missing):
        closed.measured("seed 1", "engine 1", dict)
