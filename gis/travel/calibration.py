"""How much longer the roads of a place are than straight lines, measured on its own graphs."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import osmium

from gis.model import Mode, Point
from gis.travel.beeline import PACES, Beeline, Pace
from gis.travel.engine import TravelEngine

SAMPLE: Final = 120  #: positions, so 14,280 pairs per mode
NEAR, FAR = 300.0, 6000.0  #: metres; shorter lines are all approach, longer ones are not what anybody is sent on
FEWEST: Final = 50  #: pairs below which the default stands


def paces(engine: TravelEngine, points: Sequence[Point]) -> Mapping[Mode, Pace]:
    """Median detour and speed over the ways between `points`; the default where a mode finds too few ways."""
    return {mode: _pace(engine, mode, points) for mode in Mode}


def sample(extract: Path, *, most: int = SAMPLE, seed: int = 1) -> list[Point]:
    """Up to `most` positions of things that people go to: nodes that carry tags (addresses, shops, crossings)."""
    chance = random.Random(seed)  # noqa: S311 - a fair sample, no secret
    kept: list[Point] = []
    nodes = osmium.FileProcessor(str(extract), osmium.osm.NODE).with_filter(osmium.filter.EmptyTagFilter())
    positions = (node.location for node in nodes if isinstance(node, osmium.osm.Node) and node.location.valid())
    for count, at in enumerate(positions):
        place = count if count < most else chance.randrange(count + 1)
        if place < most:
            kept[place : place + 1] = [Point(at.lon, at.lat)]
    return kept


def _pace(engine: TravelEngine, mode: Mode, points: Sequence[Point]) -> Pace:
    lines = Beeline(paces=dict.fromkeys(Mode, Pace(detour=1.0, speed=1.0))).matrix(mode, points, points).metres
    ways = engine.matrix(mode, points, points)
    use = np.isfinite(ways.seconds) & (lines >= NEAR) & (lines <= FAR)
    if np.count_nonzero(use) < FEWEST:
        return PACES[mode]
    detour, speed = np.median(ways.metres[use] / lines[use]), np.median(ways.metres[use] / ways.seconds[use])
    return Pace(detour=round(float(detour), 3), speed=round(float(speed), 3))
