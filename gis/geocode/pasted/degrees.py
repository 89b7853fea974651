"""Two angles in any usual form."""

from __future__ import annotations

import re
from typing import Final

from gis.model import Point

type Bounds = tuple[float, float, float, float]

NUMBER: Final = r"[-+]?\d{1,3}(?:\.\d+)?"
PAIR: Final = re.compile(rf"[(\[]?\s*({NUMBER})\s*[°º]?\s*[,;/|\s]\s*({NUMBER})\s*[°º]?\s*[)\]]?")
WKT: Final = re.compile(
    rf"(?:SRID=4326;)?\s*POINT\s*Z?\s*\(\s*({NUMBER})\s+({NUMBER})(?:\s+[-\d.]+)?\s*\)", re.IGNORECASE
)
COMMAS: Final = re.compile(r"([-+]?\d{1,3}),(\d+)\s*[°º]?\s*[,;/\s]\s*([-+]?\d{1,3}),(\d+)\s*[°º]?")
WITHIN: Final = re.compile(r"(?<![\d.,])([-+]?\d{1,3}\.\d{3,})\s*[°º]?\s*[,;/\s]\s*([-+]?\d{1,3}\.\d{3,})(?![\d])")
NAMED: Final = re.compile(
    rf"(?P<a>lat(?:itude)?|lon(?:gitude)?|lng|long|breite|länge|[xy]|纬度|緯度|经度|經度)\W{{0,4}}(?P<av>{NUMBER})\W{{1,4}}"
    rf"(?P<b>lat(?:itude)?|lon(?:gitude)?|lng|long|breite|länge|[xy]|纬度|緯度|经度|經度)\W{{0,4}}(?P<bv>{NUMBER})",
    re.IGNORECASE,
)
NORTH: Final = ("lat", "brei", "y", "纬", "緯")
ANGLE: Final = (
    r"(\d{1,3}(?:[.,]\d+)?)\s*(?:(?:[°ºd度]|\s)\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[′'’‘m分]|\s)?\s*)?"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[″\"”“s秒]|''|′′)?\s*)?)?"
)
BEFORE: Final = re.compile(rf"([NSEWO])\s*{ANGLE}")
BEHIND: Final = re.compile(rf"{ANGLE}\s*([NSEWO])")
BARE: Final = re.compile(rf"([-+]?){ANGLE}[,;\s]+([-+]?){ANGLE}")
RUN: Final = re.compile(
    r"([NS])?(\d{2})(\d{2})(\d{2}(?:\.\d+)?)([NS])?[,;\s]*([EWO])?(\d{3})(\d{2})(\d{2}(?:\.\d+)?)([EWO])?"
)
LETTERS: Final = (
    (r"北[纬緯]|NORD|NORTH|NÖRDL(?:ICHE)?(?:R)?", "N"),
    (r"南[纬緯]|SÜD|SUD|SOUTH", "S"),
    (r"东[经經]|東[经經]|EAST|OST|EST", "E"),
    (r"西[经經]|WEST|OUEST|OVEST", "W"),
)
NORTHERN: Final = "NS"


def read(text: str, bounds: Bounds) -> Point | None:
    """The position that `text` is, whichever of its two numbers comes first: the order that falls into `bounds` wins.

    Decimal degrees with point or comma, alone or in a sentence, with or without names; WKT; degrees, minutes and
    seconds with marks, letters or Chinese words, or written in one run; N, S, E (O), W before or behind.
    """
    asked = text.strip()
    if point := WKT.search(asked):
        return _sound(float(point[1]), float(point[2]))
    if decimal := COMMAS.fullmatch(asked):
        asked = f"{decimal[1]}.{decimal[2]} {decimal[3]}.{decimal[4]}"
    if pair := PAIR.fullmatch(asked):
        return _ordered(float(pair[1]), float(pair[2]), bounds) if "." in asked else None
    return _named(asked) or _run(asked) or _lettered(asked) or _marked(asked, bounds) or _within(asked, bounds)


def _sound(lon: float, lat: float) -> Point | None:
    return Point(lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _named(text: str) -> Point | None:
    """ "lat: 47.14, lon: 9.52", "x=9.52 y=47.14"."""
    found = NAMED.search(text)
    if found is None:
        return None
    first, second = (found[name].lower().startswith(NORTH) for name in ("a", "b"))
    if first == second:
        return None
    lat, lon = (found["av"], found["bv"]) if first else (found["bv"], found["av"])
    return _sound(float(lon), float(lat))


def _within(text: str, bounds: Bounds) -> Point | None:
    """Two numbers with three or more decimals in a sentence."""
    found = WITHIN.search(text)
    return _ordered(float(found[1]), float(found[2]), bounds) if found else None


def _run(text: str) -> Point | None:
    """470823N0093112E."""
    found = RUN.fullmatch(text.upper())
    if found is None or not (found[1] or found[5]) or not (found[6] or found[10]):
        return None
    lat = _angle(found[2], found[3], found[4]) * (-1 if "S" in (found[1], found[5]) else 1)
    lon = _angle(found[7], found[8], found[9]) * (-1 if "W" in (found[6], found[10]) else 1)
    return _sound(lon, lat)


def _marked(text: str, bounds: Bounds) -> Point | None:
    """Two angles with marks and no letters: 47°8'23\" 9°31'12\"."""
    found = BARE.fullmatch(text)
    if found is None or not re.search("[°º度]", text):
        return None
    one = _angle(found[2], found[3], found[4]) * (-1 if found[1] == "-" else 1)
    other = _angle(found[6], found[7], found[8]) * (-1 if found[5] == "-" else 1)
    return _ordered(one, other, bounds)


def _angle(degrees: str, minutes: str | None, seconds: str | None) -> float:
    parts = [float((part or "0").replace(",", ".")) for part in (degrees, minutes, seconds)]
    return parts[0] + parts[1] / 60 + parts[2] / 3600


def _ordered(first: float, second: float, bounds: Bounds) -> Point | None:
    ways = [Point(second, first), Point(first, second)]
    sound = [point for point in ways if abs(point.lon) <= 180 and abs(point.lat) <= 90]
    inside = [point for point in sound if bounds[0] <= point.lon <= bounds[2] and bounds[1] <= point.lat <= bounds[3]]
    return next(iter([*inside, *sound]), None)


def _lettered(text: str) -> Point | None:
    """Two angles, each with the letter of its quarter before or behind it."""
    bare = text.upper()
    for words, letter in LETTERS:
        bare = re.sub(words, letter, bare)
    before = bare[:1] in "NSEWO"
    pattern = BEFORE if before else BEHIND
    found = [part.groups() for part in pattern.finditer(bare)]
    if len(found) != 2 or re.sub(r"[,;/\s]", "", pattern.sub("", bare)):
        return None
    angles = {}
    for groups in found:
        letter, parts = (groups[0], groups[1:]) if before else (groups[3], groups[:3])
        angle = _angle(*parts)
        angles["lat" if letter in NORTHERN else "lon"] = -angle if letter in "SW" else angle
    return _sound(angles["lon"], angles["lat"]) if set(angles) == {"lat", "lon"} else None
