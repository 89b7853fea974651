"""How much longer ways take by the hour of the day, in thousandths of the road engine's time.

A way's ratio is its actual time over what the road engine alone had said: what was planned, without the thousandths
that counted then, or learning would unlearn itself. What is learned for an hour is the median ratio, drawn towards 1000
as if FAITH ways had taken exactly as planned, so that a few odd ones change little:

    permille = (n * median + FAITH * 1000) / (n + FAITH), within [LEAST, MOST], for n >= FEWEST ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from gis.model import Mode

NORMAL: Final = 1000
LEAST, MOST = 500, 3000
FEWEST: Final = 8  #: ways below which nothing is said of an hour
FAITH: Final = 12  #: ways that weigh as much as the engine's own speeds
SHORT: Final = 60.0  #: seconds; shorter ways are all leaving and arriving


class Day(StrEnum):
    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    ANY = "any"


KINDS: Final = (Day.WEEKDAY, Day.WEEKEND)


@dataclass(frozen=True, kw_only=True)
class Speed:
    """What counts at one hour."""

    permille: int = NORMAL
    source: str = "default"  #: or table, learned
    samples: int = 0


@dataclass(frozen=True, kw_only=True)
class HourTable:
    """One mode: for every kind of day and hour what counts."""

    hours: Mapping[tuple[Day, int], Speed] = field(default_factory=dict)  #: Day.ANY where the kind says nothing

    def at(self, kind: Day, hour: int) -> Speed:
        """What counts on that kind of day at `hour`, local time."""
        return self.hours.get((kind, hour)) or self.hours.get((Day.ANY, hour)) or Speed()

    @property
    def plain(self) -> bool:
        """Whether every hour is like the engine says."""
        return all(speed.permille == NORMAL for speed in self.hours.values())


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way that somebody of the team went: when it began, how long it was to take, how long it took (seconds)."""

    mode: Mode
    departed: datetime
    planned: float
    actual: float
    permille: int = NORMAL  #: what counted when it was planned


@dataclass(frozen=True, kw_only=True)
class Learned:
    permille: int
    samples: int


def permille(table: HourTable, start: datetime, hours: int, zone: ZoneInfo) -> tuple[int, ...]:
    """What counts in the `hours` full hours from the one in which `start` lies.

    Hours are counted as they pass; which hour of the day each is, the local clock says: on the days the clocks change
    one hour comes twice, or not at all. Zones that are off by a part of an hour take the hour that has begun there.
    """
    first = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return tuple(_at(table, first + timedelta(hours=n), zone) for n in range(hours))


def now(tables: Mapping[Mode, HourTable], mode: Mode, at: datetime, zone: ZoneInfo) -> int:
    """What counts for `mode` at this moment."""
    return _at(tables[mode], at, zone) if mode in tables else NORMAL


def learn(ways: Iterable[Way], zone: ZoneInfo) -> dict[tuple[Mode, Day, int], Learned]:
    """By mode, kind of day and hour of departure, where enough ways say something."""
    ratios: dict[tuple[Mode, Day, int], list[float]] = {}
    for way in ways:
        if way.planned >= SHORT and way.actual > 0:
            local = way.departed.astimezone(zone)
            ratios.setdefault((way.mode, kind(local), local.hour), []).append(
                way.actual / way.planned * way.permille / NORMAL
            )
    return {key: _learned(some) for key, some in ratios.items() if len(some) >= FEWEST}


def kind(local: datetime) -> Day:
    """Saturday and Sunday are the weekend."""
    return Day.WEEKEND if local.isoweekday() >= 6 else Day.WEEKDAY


def _learned(ratios: list[float]) -> Learned:
    n = len(ratios)
    found = (n * median(ratios) * NORMAL + FAITH * NORMAL) / (n + FAITH)
    return Learned(permille=round(min(max(found, LEAST), MOST)), samples=n)


def _at(table: HourTable, moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return table.at(kind(local), local.hour).permille
