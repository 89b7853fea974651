"""Positions as people paste them."""

from __future__ import annotations

import re
from typing import Final

from gis.model import Point

type Bounds = tuple[float, float, float, float]

NUMBER: Final = r"[-+]?\d{1,3}(?:\.\d+)?"
PAIR: Final = re.compile(rf"(?:geo:)?\(?({NUMBER})\s*[°º]?\s*[,;\s]\s*({NUMBER})\s*[°º]?\)?")
COMMAS: Final = re.compile(r"([-+]?\d{1,3}),(\d+)\s*[;\s]\s*([-+]?\d{1,3}),(\d+)")
ANGLE: Final = (
    r"(\d{1,3}(?:\.\d+)?)\s*(?:[°º]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″\"”]|'')\s*)?)?"
)
BEFORE: Final = re.compile(rf"([NSEWO])\s*{ANGLE}")
BEHIND: Final = re.compile(rf"{ANGLE}\s*([NSEWO])")
NORTHERN: Final = "NS"


def read(text: str, bounds: Bounds) -> Point | None:
    """The position that `text` is, whichever of its two numbers comes first: the order that falls into `bounds` wins.

    Decimal degrees with point or comma, a "geo:" address, or degrees, minutes and seconds with N, S, E (O), W.
    """
    asked = text.strip()
    if decimal := COMMAS.fullmatch(asked):
        asked = f"{decimal[1]}.{decimal[2]} {decimal[3]}.{decimal[4]}"
    if pair := PAIR.fullmatch(asked):
        return _ordered(float(pair[1]), float(pair[2]), bounds) if "." in asked else None
    return _lettered(asked.upper())


def _ordered(first: float, second: float, bounds: Bounds) -> Point | None:
    ways = [Point(second, first), Point(first, second)]
    sound = [point for point in ways if abs(point.lon) <= 180 and abs(point.lat) <= 90]
    inside = [point for point in sound if bounds[0] <= point.lon <= bounds[2] and bounds[1] <= point.lat <= bounds[3]]
    return next(iter([*inside, *sound]), None)


def _lettered(text: str) -> Point | None:
    """Two angles, each with the letter of its quarter before or behind it."""
    before = text[:1] in "NSEWO"
    pattern = BEFORE if before else BEHIND
    found = [part.groups() for part in pattern.finditer(text)]
    if len(found) != 2 or re.sub(r"[,;\s]", "", pattern.sub("", text)):
        return None
    angles = {}
    for groups in found:
        letter, (degrees, minutes, seconds) = (groups[0], groups[1:]) if before else (groups[3], groups[:3])
        angle = float(degrees) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
        angles["lat" if letter in NORTHERN else "lon"] = -angle if letter in "SW" else angle
    if set(angles) != {"lat", "lon"} or abs(angles["lat"]) > 90 or abs(angles["lon"]) > 180:
        return None
    return Point(angles["lon"], angles["lat"])
