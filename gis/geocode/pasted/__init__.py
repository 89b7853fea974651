"""Positions as people paste them: degrees in any usual form (`degrees`), links to maps (`links`), plus codes
(`pluscodes`), metres of a grid (`grids`)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from gis.geocode.pasted import degrees, grids, links, pluscodes
from gis.geocode.pasted.degrees import Bounds
from gis.geocode.pasted.pluscodes import locality
from gis.model import Point

__all__ = ["Bounds", "Pasted", "is_three_words", "locality", "read"]

#: Three words of a company's grid: where they are only the company knows.
THREE_WORDS: Final = re.compile(r"(?:/{3}|(?:https?://)?(?:www\.)?(?:what3words\.com|w3w\.co)/)\w+\.\w+\.\w+")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A position, WGS 84."""

    point: Point
    swapped: bool = False  #: longitude and latitude stood the wrong way round


def read(text: str, bounds: Bounds, around: Point | None = None) -> Pasted | None:
    """The position that `text` is, or that stands in it; None for what is none.

    Where the order of two numbers is doubtful, the one that falls into `bounds` (west, south, east, north) wins; where
    it is said and leads out of `bounds`, but the other way round into it, they are taken as swapped. `around` is where
    a short plus code belongs; without it, to the middle of `bounds`.
    """
    asked = unicodedata.normalize("NFKC", text).strip()
    if not any(sign.isdigit() for sign in asked):
        return None
    if point := pluscodes.read(asked, bounds, around):
        return Pasted(point)
    found = links.read(asked) or grids.read(asked, bounds) or degrees.read(asked, bounds)
    return None if found is None else _swapped(found, bounds)


def is_three_words(text: str) -> bool:
    """Whether `text` is a position of what3words, which nobody can read without asking them."""
    return THREE_WORDS.fullmatch(text.strip()) is not None


def _swapped(point: Point, bounds: Bounds) -> Pasted:
    other = Point(point.lat, point.lon)
    if not _inside(point, bounds) and abs(other.lat) <= 90 and _inside(other, bounds):
        return Pasted(other, swapped=True)
    return Pasted(point)


def _inside(point: Point, bounds: Bounds) -> bool:
    return bounds[0] <= point.lon <= bounds[2] and bounds[1] <= point.lat <= bounds[3]
