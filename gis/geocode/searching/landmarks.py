"""Landmarks by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gis.geocode.index.model import PLAIN
from gis.geocode.judging import Found
from gis.geocode.matching import Match
from gis.geocode.searching.state import Asked

NAMED: Final = 0.99
AREA: Final = 0.9
UNEXPLAINED: Final = 0.25  #: deducted from a landmark in a text with a number that is no part of its name
WRONG: Final = 0.08  #: and for each mistake in its name
MOST_TALK: Final = 0.7  #: share of a text about something else beside which a landmark is not meant
ALL: Final = 0.06  #: added where the text is nothing but the name, letter by letter


def look(asked: Asked, names: Sequence[Match]) -> None:
    """The landmarks of these names."""
    for match in names:
        spot = match.target
        kind = "area" if asked.index.texts["spot_kind"][spot] == "area" else "facility"
        town = int(asked.index.spot_town[spot])
        told = asked.judge.found(kind, spot, match, NAMED if kind == "facility" else AREA, town=town)
        if _number_left(asked, match):
            told = replace(told, worth=told.worth - UNEXPLAINED - WRONG * match.cost)
        if match.cost == 0 and match.form == PLAIN and match.stop - match.start == len(asked.reading.tokens) > 1:
            told = replace(told, worth=told.worth + ALL)
        if told.talk < MOST_TALK and not _town_alone(asked, match, told):
            asked.found.append(told)


def _number_left(asked: Asked, match: Match) -> bool:
    """Whether a number stands outside the name: then the text is about a house."""
    return any(not number.spelt and not match.meets(number.start, number.stop) for number in asked.reading.numbers)


def _town_alone(asked: Asked, match: Match, found: Found) -> bool:
    """Whether a landmark is found only because it is called like a town, in a text about something else."""
    named = any(town.start == match.start and town.stop == match.stop for town in asked.judge.towns)
    return named and (found.talk > 0 or bool(asked.reading.numbers))
