"""What the demonstration is made of, read from `data/demo`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

from dispatch.model import ResponderKind, Source
from dispatch.store.shifts import Pattern
from gis.model import Mode

DATA = Path(__file__).resolve().parents[2] / "data" / "demo"
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, kw_only=True)
class Character:
    """Somebody of the crew."""

    name: str
    kind: ResponderKind
    mode: Mode
    skills: frozenset[str]
    radius_m: float | None
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a caller says."""

    class_code: str
    weight: int
    source: Source
    texts: tuple[str, ...]


@cache
def crew() -> tuple[Character, ...]:
    """The crew, workers first."""
    known = _read("crew.json")
    workers = [_character(ResponderKind.WORKER, one) for one in known["workers"]]
    return (*workers, *(_character(ResponderKind.VOLUNTEER, one) for one in known["volunteers"]))


@cache
def visitors() -> dict[str, str]:
    """Name of the visitor's account by role; `dispatcher-2` is a second dispatcher."""
    return {role: one["name"] for role, one in _read("crew.json")["visitors"].items() if role != "about"}


def visiting(kind: ResponderKind) -> Character:
    """The worker or volunteer that a visitor plays."""
    return _character(kind, _read("crew.json")["visitors"][kind.value])


@cache
def lines() -> tuple[Line, ...]:
    """What callers say."""
    return tuple(
        Line(class_code=one["class"], weight=one["weight"], source=Source(one["source"]), texts=tuple(one["texts"]))
        for one in _read("reports.json")["reports"]
    )


def _character(kind: ResponderKind, one: dict[str, Any]) -> Character:
    return Character(
        name=one["name"],
        kind=kind,
        mode=Mode(one["mode"]),
        skills=frozenset(one["skills"]),
        radius_m=one.get("radius_m"),
        patterns=tuple(
            Pattern(weekdays=EVERY_DAY, starts=time.fromisoformat(start), ends=time.fromisoformat(end))
            for start, end in one["shifts"]
        ),
    )


@cache
def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
