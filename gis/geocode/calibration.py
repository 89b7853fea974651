"""How often an answer like this one is right: the score that people see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gis.geocode.judging import Found

LEAST: Final = 0.55  #: worth below which nothing is said


def probability(found: Sequence[Found]) -> list[float]:
    """The score of each, in the order given, ending before the first that is not worth saying."""
    scores: list[float] = []
    for each in found:
        if each.worth < LEAST:
            break
        scores.append(round(max(0.0, min(1.0, each.worth)), 3))
    return scores
