"""Positions along a road: "B 14 km 12,5", between the kilometre posts that are known."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from gis.geocode.index.model import Index
from gis.model import Found, Place, Point
from gis.spelling import letters

SAID: Final = re.compile(
    r"(?P<line>[\w .-]{1,40}?)[\s,]*(?:km|kilomet(?:er|re)|pk|k|公里)\s*(?P<km>\d{1,4}(?:[.,+]\d{1,3})?)", re.IGNORECASE
)
CHINESE: Final = re.compile(r"(?P<line>.{1,20}?)(?P<km>\d{1,4}(?:[.]\d{1,3})?)公里(?:处|處)?")
REACH: Final = 1.0  #: kilometres from a post within which a position is told
EXACT: Final = 10.0  #: metres, at a post


def find(index: Index, text: str) -> Place | None:
    """Where that kilometre of that road is; None where the text says no such thing or no post is near it."""
    if not len(index.post_km):
        return None
    said = SAID.fullmatch(text.strip()) or CHINESE.fullmatch(text.strip())
    if said is None:
        return None
    line, km = letters.key(said["line"]), float(re.sub(r"[,+]", ".", said["km"]))
    rows = np.array([at for at in range(len(index.post_km)) if letters.key(index.texts["post_line"][at]) == line], int)
    if not len(rows) or float(np.abs(index.post_km[rows] - km).min()) > REACH:
        return None
    kms, lons, lats = index.post_km[rows], index.post_lon[rows], index.post_lat[rows]
    point = Point(float(np.interp(km, kms, lons)), float(np.interp(km, kms, lats)))
    off = float(np.abs(kms - km).min())
    return Place(
        point=point,
        label=f"{index.texts['post_line'][int(rows[0])]} km {km:g}",
        found=Found.EXACT if off == 0 else Found.STREET,
        score=0.95 if off == 0 else 0.85,
        accuracy_m=round(EXACT + 300 * off, 1),
        kind="post",
    )
