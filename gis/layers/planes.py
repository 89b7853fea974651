"""Coordinate reference systems by the names that others use, and which of their axes comes first."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import BadQuestion

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
WGS84: Final = 4326
OFFERED: Final = (WGS84, 3857, 4490, 4258, 3826, *range(4513, 4555), *range(32601, 32661))
SHAPED: Final = re.compile(
    r"\[?(?:EPSG:|https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/|urn:ogc:def:crs:EPSG:[\d.]*:)(\d{4,5})\]?"
)


LISTED: Final = OFFERED[:5]  #: what an answer lists; the others are there for those who know their number


def uri(srid: int) -> str:
    """The name of a plane with an EPSG code."""
    return f"{EPSG}{srid}"


def plane(name: str, field: str = "crs") -> tuple[int, bool]:
    """EPSG code, and whether north comes before east, of a name: a URI, a URN or EPSG:n. Raises BadQuestion."""
    if name in (CRS84, "CRS84", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"):
        return WGS84, False
    match = SHAPED.fullmatch(name)
    srid = int(match[1]) if match else 0
    if srid not in OFFERED:
        raise BadQuestion(field=field, value=name[:80], allowed=f"{CRS84}, {', '.join(uri(one) for one in LISTED)}")
    return srid, north_first(srid)


@cache
def north_first(srid: int) -> bool:
    """Whether the authority lists north before east."""
    try:
        return bool(CRS.from_epsg(srid).axis_info[0].direction == "north")
    except CRSError:
        return False
