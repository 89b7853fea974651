"""The straight line times a detour factor: fallback of the road engine, and a stand-in for it in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gis.errors import BadQuestion
from gis.model import Leg, Mode, Point
from gis.travel.engine import Floats, Matrix

EARTH_M: Final = 6_371_008.8  #: mean radius


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How one mode of travel relates to the straight line."""

    detour: float  #: length of the way / length of the straight line
    speed: float  #: metres per second along the way, stops at crossings included


#: Between what was measured on a German small town and on Liechtenstein; a place's own stand with its graphs.
PACES: Final[Mapping[Mode, Pace]] = {
    Mode.WALK: Pace(detour=1.3, speed=1.38),
    Mode.CYCLE: Pace(detour=1.35, speed=3.65),
    Mode.DRIVE: Pace(detour=1.45, speed=8.5),
}


@dataclass(frozen=True)
class Beeline:
    """A TravelEngine that needs no road: great circle x detour / speed. Every answer is marked as estimated."""

    paces: Mapping[Mode, Pace] = field(default_factory=lambda: PACES)

    def matrix(self, mode: Mode, sources: Sequence[Point], targets: Sequence[Point]) -> Matrix:
        """Estimates for all pairs; none is np.inf, since a straight line knows no river."""
        pace = self.paces[mode]
        metres = great_circle(degrees(sources)[:, None, :], degrees(targets)[None, :, :]) * pace.detour
        return Matrix(seconds=metres / pace.speed, metres=metres, estimated=True)

    def route(self, mode: Mode, stops: Sequence[Point]) -> Leg:
        """Straight from stop to stop. Raises BadQuestion for fewer than two."""
        if len(stops) < 2:
            raise BadQuestion(field="stops", value=len(stops), allowed="≥ 2")
        at = degrees(stops)
        pace = self.paces[mode]
        metres = float(great_circle(at[:-1], at[1:]).sum()) * pace.detour
        return Leg(seconds=metres / pace.speed, metres=metres, line=tuple(stops), estimated=True)


def degrees(points: Sequence[Point]) -> Floats:
    """Longitude and latitude as an array [n, 2]."""
    return np.array([(p.lon, p.lat) for p in points], dtype=np.float64).reshape(-1, 2)


def great_circle(a: Floats, b: Floats) -> Floats:
    """Metres between positions [..., 2] in degrees, broadcast against each other (haversine, exact when near)."""
    a, b = np.radians(a), np.radians(b)
    half = np.sin((b - a) / 2.0) ** 2
    chord = half[..., 1] + np.cos(a[..., 1]) * np.cos(b[..., 1]) * half[..., 0]
    metres: Floats = 2.0 * EARTH_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return metres
