"""Where a number would be that nobody knows: the houses next to it, the position between, the mouth of its lane."""

from __future__ import annotations

from typing import Final

import numpy as np

from gis.geocode.index.model import Column, code
from gis.geocode.matching import Match
from gis.geocode.reading import Number
from gis.geocode.searching.state import DEGREE, Asked
from gis.spelling import letters

NEIGHBOURHOOD: Final = 40  #: house numbers
BESIDE: Final = 0.90  #: what the house next to the number asked is worth
EACH: Final = 0.004  #: deducted for each house number between
ACROSS: Final = 3  #: house numbers that a house on the other side of the street counts as farther away
IN_LANE: Final = 0.85  #: a house of the lane, where the number in it is not known
BETWEEN: Final = 16  #: house numbers between two houses among which a third is thought
STRETCH: Final = 250.0  #: metres between two such houses


def look(asked: Asked, match: Match, number: Number, rows: slice, *, only: bool) -> bool:
    """The houses next to a number that nobody knows: of the same lane; `only` in the town that is named."""
    lead, lane = letters.leading(number.key), letters.lane(number.key)
    here = rows.start + np.flatnonzero(asked.index.house_lane[rows] == (code(lane) if lane else 0))
    if not len(here) and lane:
        return _lane(asked, match, number, rows)
    found = False
    for town in np.unique(asked.index.house_town[here]).tolist():
        if only and asked.judge.agreement(match, town, 0)[0] < 1:
            continue
        mine = here[asked.index.house_town[here] == town]
        gaps = np.abs(asked.index.house_lead[mine] - lead) + ACROSS * _odd(asked, mine, lead)
        _between(asked, match, number, mine, lead)
        for at in np.argsort(gaps, kind="stable")[:3].tolist():
            if gaps[at] <= NEIGHBOURHOOD:
                found = True
                gap = int(gaps[at])
                asked.add("neighbour", int(mine[at]), match, BESIDE - EACH * gap, number, gap=gap)
    return found


def _between(asked: Asked, match: Match, number: Number, rows: Column, lead: int) -> None:
    """The position between the next houses before and after the number, on its side of the street."""
    index = asked.index
    leads = index.house_lead[rows]
    side = _odd(asked, rows, lead) == 0
    below, above = rows[side & (leads < lead)], rows[side & (leads > lead)]
    if (leads == lead).any() or not len(below) or not len(above):
        return
    one = int(below[np.argmax(index.house_lead[below])])
    other = int(above[np.argmin(index.house_lead[above])])
    first, last = int(index.house_lead[one]), int(index.house_lead[other])
    if last - first > BETWEEN or _metres(asked, one, other) > STRETCH:
        return
    share, gap = (lead - first) / (last - first), min(lead - first, last - lead)
    lon, lat = (float((1 - share) * xy[one] + share * xy[other]) for xy in (index.house_lon, index.house_lat))
    value = BESIDE + 0.005 - EACH * gap
    nearer = one if share < 0.5 else other
    asked.add("interpolated", nearer, match, value, number, gap=gap, at=(lon, lat), asked=number.key)


def _metres(asked: Asked, one: int, other: int) -> float:
    index = asked.index
    lon = float(index.house_lon[one] - index.house_lon[other])
    lat = float(index.house_lat[one] - index.house_lat[other])
    return DEGREE * float(np.hypot(lon * np.cos(np.radians(float(index.house_lat[one]))), lat))


def _odd(asked: Asked, rows: Column, lead: int) -> Column:
    """1 for houses across the street from the number, 0 for those on its side."""
    return np.asarray((asked.index.house_lead[rows] - lead) % 2)


def _lane(asked: Asked, match: Match, number: Number, rows: slice) -> bool:
    """Houses where a lane that nobody knows leaves the street: lanes are numbered with the houses of the street."""
    gaps = np.abs(asked.index.house_first[rows] - letters.first(number.key))
    order = np.argsort(gaps, kind="stable")[:3].tolist()
    near = [(rows.start + at, int(gaps[at])) for at in order if gaps[at] <= NEIGHBOURHOOD]
    for row, gap in near:
        asked.add("lane", row, match, IN_LANE - EACH * gap, number, gap=min(4 + gap // 4, 12))
    return bool(near)
