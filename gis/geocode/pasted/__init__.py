"""Positions as people paste them: degrees in any usual form (`degrees`), links to maps (`links`), plus codes
(`pluscodes`)."""

from __future__ import annotations

import unicodedata

from gis.geocode.pasted import degrees, links, pluscodes
from gis.geocode.pasted.degrees import Bounds
from gis.model import Point

__all__ = ["Bounds", "read"]


def read(text: str, bounds: Bounds) -> Point | None:
    """The position that `text` is, or that stands in it, WGS 84; None for what is none.

    Where the order of two numbers is doubtful, the one that falls into `bounds` (west, south, east, north) wins.
    """
    asked = unicodedata.normalize("NFKC", text).strip()
    if not any(sign.isdigit() for sign in asked):
        return None
    return links.read(asked) or pluscodes.read(asked, bounds) or degrees.read(asked, bounds)
