"""Landmarks of the sort that is said: "opposite the fire station", "the pharmacy in the Landstrasse"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from gis.geocode.judging import Found
from gis.geocode.matching import Match
from gis.geocode.searching.landmarks import MOST_TALK
from gis.geocode.searching.state import DEGREE, Asked, metres

MOST: Final = 16
ONLY: Final = 0.95  #: worth of the only fire station when a fire station is asked
OF_MANY: Final = 0.7
NEXT_TO: Final = 1.02  #: worth of the one in the street that is named
AT_STREET: Final = 120.0  #: metres from a street within which something is in it
AWAY: Final = 0.12  #: deducted for each AT_STREET beyond the nearest
SHARE: Final = 0.35  #: least likeness of the name of a street that counts here
IN_SIGHT: Final = 3_000.0  #: metres around the middle of the map within which the nearest of a sort is meant


def look(asked: Asked, sorts: Sequence[Match], streets: Sequence[Match]) -> None:
    """Those of the sort: in the street that is named, else in the town, else the nearest, else all of them."""
    starts = asked.index.sort_start
    for match in sorts[:2]:
        spots = asked.index.sort_spot[starts[match.target] : starts[match.target + 1]]
        beside = [street for street in streets if not street.meets(match.start, match.stop) and street.likeness > SHARE]
        for street in beside[:4]:
            _by_street(asked, match, street, spots)
        _all(asked, match, spots)


def _by_street(asked: Asked, match: Match, street: Match, spots: np.ndarray) -> None:
    """The ones nearest to a street."""
    index = asked.index
    away = metres(index, street.target, index.spot_lon[spots], index.spot_lat[spots])
    order = np.argsort(away, kind="stable")[:4].tolist()
    best = float(away[order[0]]) if order else np.inf
    for at in order:
        if away[at] > max(AT_STREET, 2.5 * best) or away[at] > 4 * AT_STREET:
            continue
        value = NEXT_TO - AWAY * (float(away[at]) - best) / AT_STREET - AWAY * max(0.0, best / AT_STREET - 0.5)
        spot = int(spots[at])
        weaker = match if match.likeness <= street.likeness else street
        also = street if weaker is match else match
        told = asked.judge.found("facility", spot, weaker, value, town=int(index.spot_town[spot]), also=also)
        if told.talk < MOST_TALK and not told.unused:
            asked.found.append(replace(told, said=_said(asked, match)))


def _all(asked: Asked, match: Match, spots: np.ndarray) -> None:
    told = [_one(asked, match, spot) for spot in spots.tolist()[:256]]
    there = [each for each in told if each.agrees > 0] or told
    kept = [each for each in there if each.talk < MOST_TALK and not each.unused]
    value = ONLY if len(there) == 1 else OF_MANY
    asked.found += _ranked(asked, [replace(each, worth=each.worth * value) for each in kept])[:MOST]


def _one(asked: Asked, match: Match, spot: int) -> Found:
    town = int(asked.index.spot_town[spot])
    return replace(asked.judge.found("facility", spot, match, 1.0, town=town), said=_said(asked, match))


def _said(asked: Asked, match: Match) -> str:
    """The sort in the words of the text."""
    words = [token.text for token in asked.reading.tokens[match.start : match.stop]]
    return ("" if asked.reading.tokens[match.start].sign else " ").join(words)


def _ranked(asked: Asked, told: list[Found]) -> list[Found]:
    """The nearest first where somebody looks at a map; the nearest of all is a little surer."""
    if asked.near is None or not told:
        return told
    rows = [each.row for each in told]
    lon, lat = asked.index.spot_lon[rows] - asked.near[0], asked.index.spot_lat[rows] - asked.near[1]
    away = DEGREE * np.hypot(lon * np.cos(np.radians(asked.near[1])), lat)
    order = np.argsort(away, kind="stable").tolist()
    return [replace(told[at], worth=told[at].worth + max(0.0, 0.1 * (1 - float(away[at]) / IN_SIGHT))) for at in order]
