"""Figures that took long to measure, kept until what they measure changes: stop a bench anywhere and go on later.

One line of JSON a figure in `.gridward/bench/cells.jsonl`; the last line of a key and stamp counts, so several runs may
write at once. The stamp names what was measured (sources, versions): a figure of another stamp is measured again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("GRIDWARD_BENCH_CELLS", ROOT / ".gridward" / "bench"))

type Figures = dict[str, Any]


class Missing(LookupError):
    """Nothing is to be measured, and this figure is not there."""


class Cells:
    """The figures in one file; `closed`: those that are there, and no new ones."""

    def __init__(self, file: Path = FOLDER / "cells.jsonl", *, closed: bool = False) -> None:
        self.file = file
        self.closed = closed

    def recall(self, key: str, stamp: str) -> Figures | None:
        """The figures measured last under this stamp, if any."""
        return self._read().get((key, stamp))

    def measured(
        self,
        key: str,
        stamp: str,
        measure: Callable[[], Mapping[str, Any]],
        good: Callable[[Figures], bool] = lambda _: True,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Figures:
        """The figures there, if they are good, else those of `measure`, told and kept. Raises Missing."""
        found = self.recall(key, stamp)
        if found is not None and good(found):
            return found
        if self.closed:
            raise Missing(key)
        fresh = self.keep(key, stamp, measure())
        tell(f"{key}: {fresh}")
        return fresh

    def keep(self, key: str, stamp: str, figures: Mapping[str, Any]) -> Figures:
        line = {"key": key, "stamp": stamp, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **figures}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
        return dict(figures)

    def _read(self) -> dict[tuple[str, str], Figures]:
        if not self.file.is_file():
            return {}
        lines = (json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines() if line)
        return {(cell.pop("key"), cell.pop("stamp")): {k: v for k, v in cell.items() if k != "at"} for cell in lines}


@cache
def sources(*folders: str, without: tuple[str, ...] = ()) -> str:
    """A short name of the Python sources under these folders or files of the project."""
    total = hashlib.sha256()
    for file in sorted(_files(folders)):
        if file.relative_to(ROOT).as_posix().startswith(without):
            continue
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:12]


def _files(folders: Iterable[str]) -> Iterable[Path]:
    for folder in folders:
        path = ROOT / folder
        yield from path.rglob("*.py") if path.is_dir() else [path]


def engine() -> str:
    """The stamp of our own engine: what plans, and what that runs on."""
    speaking = ("dispatch/solver/explaining", "dispatch/solver/problemfile", "dispatch/solver/reasons")
    return f"{sources('dispatch/solver', without=speaking)} {package('numba')} {package('ortools')}"


def package(name: str) -> str:
    return f"{name} {version(name)}"
