"""How many people live in a building: an estimate, so that coverage can speak of people and not of roofs alone.

    people = footprint x storeys x share / GROSS_PER_PERSON            for residential buildings, else 0

A mapper's own figure wins: `population` as it is, else `building:flats` x PER_FLAT. GROSS_PER_PERSON is 41.76 m2, the
floor area per head of China's seventh census (2020); Europe is close to it (96 m2 per dwelling and 2.3 persons per
household, Eurostat 2012). Storeys that nobody tagged are taken from STOREYS. `share` is what of footprint x storeys is
lived in: walls, stairs, garages, shops on the ground floor and empty flats go off. It was set so that Monaco (38,000
residents) and Liechtenstein (40,000) come out within a third. A plain `building=yes` counts as residential when it has
a house number, a dwelling's size and no other use. Read sums over a cell, not one house.
"""

from __future__ import annotations

from gis.osm import tags as read_tags
from gis.osm.model import Tags

GROSS_PER_PERSON = 41.76
PER_FLAT = 2.3
STOREYS = {"apartments": 4.0, "dormitory": 4.0, "residential": 3.0, "terrace": 2.0, "bungalow": 1.0, "cabin": 1.0}
DEFAULT_STOREYS = 1.5  #: a house with rooms under the roof
MANY_FLATS = frozenset(("apartments", "dormitory", "residential"))
SHARE_OF_FLATS = 0.7
SHARE_OF_HOUSES = 0.5
PLAIN = (40.0, 2500.0)  #: m2 of footprint between which a plain `yes` with a house number may be a dwelling


def estimate(kind: str, tags: Tags, footprint: float, storeys: float | None, *, numbered: bool) -> float:
    """Residents of one building. `footprint` in m2; `numbered`: it carries or holds a house number."""
    if (told := read_tags.number(tags.get("population"))) is not None:
        return max(0.0, told)
    if not _residential(kind, footprint, numbered=numbered):
        return 0.0
    if (flats := read_tags.number(tags.get("building:flats"))) is not None:
        return max(0.0, flats * PER_FLAT)
    share = SHARE_OF_FLATS if kind in MANY_FLATS else SHARE_OF_HOUSES
    return round(footprint * (storeys or STOREYS.get(kind, DEFAULT_STOREYS)) * share / GROSS_PER_PERSON, 2)


def _residential(kind: str, footprint: float, *, numbered: bool) -> bool:
    if kind == "yes":
        return numbered and PLAIN[0] <= footprint <= PLAIN[1]
    return kind in read_tags.DWELLINGS
