"""Stretches of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Interval:
    """[start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A break of `seconds` that begins within [earliest, latest]."""

    earliest: datetime
    latest: datetime
    seconds: int
