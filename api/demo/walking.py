"""Somebody on the way along a line: where, and looking which way, after so many seconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import atan2, cos, degrees, hypot, radians

from gis.model import Leg, Point

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, kw_only=True)
class Step:
    point: Point
    heading: float | None  #: degrees clockwise from north; None when standing
    speed: float  #: m/s


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A way of `seconds` along `line`, at an even pace."""

    line: tuple[Point, ...]
    along: tuple[float, ...]  #: metres from the start at each point of the line
    seconds: float

    @classmethod
    def of(cls, leg: Leg, *, pace: float = 1.0) -> Walk:
        """The way of `leg`, `pace` times as fast as it would be."""
        line = _without_repeats(leg.line)
        along = tuple(accumulate((_metres(a, b) for a, b in pairwise(line)), initial=0.0))
        return cls(line=line, along=along, seconds=max(leg.seconds / pace, 0.001))

    def at(self, elapsed: float) -> Step:
        """Where one is `elapsed` seconds after the start; at the end, standing."""
        if elapsed >= self.seconds or len(self.line) < 2:
            return Step(point=self.line[-1], heading=None, speed=0.0)
        gone = self.along[-1] * max(elapsed, 0.0) / self.seconds
        i = min(bisect_right(self.along, gone), len(self.line) - 1)
        start, end = self.line[i - 1], self.line[i]
        share = (gone - self.along[i - 1]) / (self.along[i] - self.along[i - 1])
        point = Point(start.lon + share * (end.lon - start.lon), start.lat + share * (end.lat - start.lat))
        return Step(point=point, heading=_heading(start, end), speed=self.along[-1] / self.seconds)


def _without_repeats(line: Sequence[Point]) -> tuple[Point, ...]:
    """The line without a point that repeats its neighbour: a stretch without length has no direction."""
    return tuple(p for i, p in enumerate(line) if i == 0 or p != line[i - 1])


def _metres(a: Point, b: Point) -> float:
    return METRES_PER_DEGREE * hypot((b.lon - a.lon) * cos(radians(a.lat)), b.lat - a.lat)


def _heading(a: Point, b: Point) -> float:
    return degrees(atan2((b.lon - a.lon) * cos(radians(a.lat)), b.lat - a.lat)) % 360
