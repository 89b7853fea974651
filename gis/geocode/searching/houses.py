"""Houses with the number asked, else beside it, else the street."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gis.geocode.index.model import Column, code
from gis.geocode.matching import Match
from gis.geocode.reading import Number
from gis.geocode.searching import beside, finest
from gis.geocode.searching.state import Asked
from gis.spelling import letters
from gis.spelling.inside import PARTS

MOST_NUMBERS: Final = 4
WHOLE_STREET: Final = 0.72  #: what the street is worth when a number was asked that is not near any there is
LESS: Final = 0.9  #: of that, when there are houses beside it
BARE: Final = 0.90  #: number 30 when 30b was asked
SPELT: Final = 0.99  #: a number in words, which may be a word of the name
BEGUN: Final = 0.80  #: number 25 while somebody types 2
MOST_BEGUN: Final = 2_000  #: houses of a street among which longer numbers are looked for
LONGER: Final = 10
MOST_ROWS: Final = 64  #: of one door that are answers
MOST_ROOMS: Final = 2_000  #: and that are looked at
MOST_TALK: Final = 0.2  #: share of the text that may be something else where only the town is known


def look(asked: Asked, streets: Sequence[Match]) -> None:
    """What the numbers of the text are in each of `streets`."""
    for match in streets:
        numbers = [each for each in asked.reading.numbers if not match.meets(each.start, each.stop)]
        numbers.sort(key=lambda each: (each.spelt, min(abs(each.start - match.stop), abs(match.start - each.stop))))
        rows, before = asked.rows(match.target), len(asked.found)
        if match.cost == 0 and numbers and numbers[0].stop == len(asked.reading.tokens):
            _longer(asked, match, numbers[0], rows)
        there = any(_at_number(asked, match, number, rows) for number in numbers[:MOST_NUMBERS])
        near = False
        if numbers and (not there or _elsewhere(asked, match)):
            near = beside.look(asked, match, numbers[0], rows, only=there)
        if not there:
            asked.street(match, (WHOLE_STREET if numbers else 1.0) * (LESS if near else 1.0))
        if _town(asked, match):  # houses without a street stand under their town
            asked.found[before:] = [found for found in asked.found[before:] if found.talk < MOST_TALK]


def _fitting(asked: Asked, rows: Column) -> list[tuple[int, float]]:
    """Of the rows of one door those that fit block, unit, floor and room best, and by how much."""
    if not any(len(asked.index.numbers[f"house_{name}"]) for name in PARTS):
        return [(row, 0.0) for row in rows[:MOST_ROWS].tolist()]
    parts = dict(asked.reading.inside)
    told = [(row, finest.worth(asked, row, parts)) for row in rows[:MOST_ROOMS].tolist()]
    return sorted(told, key=lambda each: -each[1])[:MOST_ROWS]


def _town(asked: Asked, match: Match) -> bool:
    """Whether what is taken for a street is rather the name of the town."""
    return any(town.start == match.start and town.stop == match.stop for town in asked.judge.towns)


def _longer(asked: Asked, match: Match, number: Number, rows: slice) -> None:
    """The houses 20, 21, 2b while somebody has typed 2."""
    leads, lane = asked.index.house_lead[rows], letters.lane(number.key)
    begins = number.key.removeprefix(lane)
    if not begins.isdigit() or len(leads) >= MOST_BEGUN:
        return
    begun = np.char.startswith(leads.astype(str), begins) & (asked.index.house_code[rows] != code(number.key))
    begun &= asked.index.house_lane[rows] == (code(lane) if lane else 0)
    for at in np.flatnonzero(begun)[:LONGER].tolist():
        asked.add("longer", rows.start + at, match, BEGUN, number)


def _elsewhere(asked: Asked, match: Match) -> bool:
    """Whether the houses found so far in this street are in another town than the one named."""
    mine = [found for found in asked.found if found.match == match and found.kind == "address"]
    return all(found.agrees < 0 for found in mine)


def _at_number(asked: Asked, match: Match, number: Number, rows: slice) -> bool:
    """Whether the street has the number: exactly, or without its letter."""
    codes = asked.index.house_code[rows]
    bare = number.key.rstrip("abcdefghijklmnopqrstuvwxyz")
    for key, value in ((number.key, 1.0), (bare, BARE)):
        hits = np.flatnonzero(codes == code(key))
        fits = _fitting(asked, rows.start + hits)
        for row, fit in fits:
            asked.add("address", row, match, (value + fit) * (SPELT if number.spelt else 1.0), number)
        if len(hits) or key == bare:
            return bool(len(hits))
    return False
