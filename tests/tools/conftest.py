"""The set-up's own files: plain scripts beside the project, found by their folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _tools_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
