"""Where two streets of the text meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from gis.geocode.matching import Match
from gis.geocode.searching.state import Asked

MEETING: Final = 1.04  #: a crossing explains both streets
AT_MOST: Final = 4  #: places where the same two streets meet


def look(asked: Asked, streets: Sequence[Match]) -> None:
    """The crossings of each two of `streets` that stand in different stretches of the text."""
    index = asked.index
    pairs = index.cross_pair
    for at, one in enumerate(streets):
        for other in streets[at + 1 :]:
            if one.meets(other.start, other.stop) or one.target == other.target:
                continue
            low, high = sorted((one.target, other.target))
            pair = low << 32 | high
            first, last = np.searchsorted(pairs, (pair, pair + 1)).tolist()
            weaker, better = sorted((one, other), key=lambda match: match.likeness)
            for row in range(first, min(last, first + AT_MOST)):
                place = float(index.cross_lon[row]), float(index.cross_lat[row])
                asked.found.append(asked.judge.found("crossing", row, weaker, MEETING, also=better, at=place))
