"""Links to maps, and `geo:` addresses: which two numbers in them are the position, and in which datum."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from gis.datum import wgs_from_bd, wgs_from_gcj
from gis.model import Point

NUMBER: Final = r"(-?\d{1,3}\.\d+|-?\d{1,3})"
LINK: Final = re.compile(
    r"(?:https?://|geo:)\S+|(?:www\.|maps?\.|uri\.)[\w.-]+/\S+|[\w.]*(?:google|apple|openstreetmap|amap|baidu|bing|osm)[\w.]*/\S+",
    re.IGNORECASE,
)
PAIR: Final = re.compile(rf"{NUMBER}\s*[,~/+ ]\s*{NUMBER}")
GEO: Final = re.compile(rf"geo:{NUMBER},{NUMBER}")
PLACE: Final = re.compile(rf"!3d{NUMBER}!4d{NUMBER}")
AT: Final = re.compile(rf"@{NUMBER},{NUMBER}")
HASH: Final = re.compile(rf"(?:map=)?\d{{1,2}}(?:\.\d+)?/{NUMBER}/{NUMBER}")
#: Parameters that hold a pair, the surest first: the thing itself, then where the map looks.
PARAMETERS: Final = (
    *("q", "query", "coordinate", "destination", "daddr", "ll", "sll", "position", "location", "latlng", "marker"),
    *("dest", "to", "p", "point", "cp", "center", "viewpoint", "saddr", "coord", "loc", "pin"),
)
FIRST_LON: Final = ("amap.com", "gaode", "tianditu")
CHINESE: Final = ("amap.com", "gaode", "qq.com", "tencent", "google.cn", "soso.com")


def read(text: str) -> Point | None:
    """The position of the first link in `text`, WGS 84."""
    link = LINK.search(text)
    if link is None:
        return None
    if geo := GEO.match(link[0]):
        return _point(geo[1], geo[2], lon_first=False)
    address = link[0] if "//" in link[0] else f"//{link[0]}"
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    asked = {key.lower(): values[0] for key, values in parse_qs(parts.query).items()}
    lon_first = any(name in host for name in FIRST_LON)
    return _from(host, asked)(_pair(unquote(link[0]), unquote(parts.fragment), asked, lon_first))


def _pair(link: str, fragment: str, asked: dict[str, str], lon_first: bool) -> Point | None:
    for lat, lon in (("mlat", "mlon"), ("lat", "lon"), ("lat", "lng"), ("latitude", "longitude")):
        if lat in asked and lon in asked:
            return _point(asked[lat], asked[lon], lon_first=False)
    if found := PLACE.search(link):
        return _point(found[1], found[2], lon_first=False)
    for name in PARAMETERS:
        if name in asked and (found := PAIR.search(asked[name])):
            return _point(found[1], found[2], lon_first=lon_first)
    for pattern, text in ((AT, link), (HASH, fragment), (PAIR, fragment)):
        if found := pattern.search(text):
            return _point(found[1], found[2], lon_first=lon_first)
    return None


def _from(host: str, asked: dict[str, str]) -> Callable[[Point | None], Point | None]:
    """How positions of this map become WGS 84."""
    said = (asked.get("coord_type") or asked.get("coordinate") or "").lower()
    if said in ("wgs84", "wgs84ll", "1"):
        return lambda point: point
    if said in ("gcj02", "gcj02ll", "gaode"):
        return lambda point: point and wgs_from_gcj(point)
    if "baidu" in host:
        return lambda point: point and wgs_from_bd(point)
    if any(name in host for name in CHINESE):
        return lambda point: point and wgs_from_gcj(point)
    return lambda point: point


def _point(first: str, second: str, *, lon_first: bool) -> Point | None:
    try:
        one, other = float(first), float(second)
    except ValueError:
        return None
    lon, lat = (one, other) if lon_first else (other, one)
    if abs(lat) > 90 >= abs(lon):
        lon, lat = lat, lon
    return Point(lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None
