"""How often an answer like this one is right: the score that people see, and below which nothing is said.

A logistic model of what the search knows of an answer. Its weights are data (`data/reference/geocode.json`), fitted by
`python -m tests.bench.calibrating` on queries that are generated from registers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Final

from gis.geocode.index.model import KIND, PREFIX, SHORTENED, WORDS
from gis.geocode.judging import Found

TABLE: Final = Path(__file__).resolve().parents[2] / "data" / "reference" / "geocode.json"
CLEAR: Final = 0.25  #: distance to the next best beyond which it makes no difference
NEARBY: Final = ("neighbour", "lane", "interpolated")
MOST: Final = 20  #: answers that are judged
TYPING: Final = 0.9  #: of the worth of what somebody may still be typing: nobody knows what comes
SORT: Final = 0.9  #: of the worth of a landmark that was not named: "the fire station"
MOST_BESIDE: Final = 0.4  #: share of the text that may have nothing to do with what is begun
MUCH: Final = 0.25  #: share of the letters of its own from which a name is rather another
RIVALS: Final = 12  #: answers among which the next best is looked for


@dataclass(frozen=True)
class Weights:
    """The table."""

    terms: Mapping[str, float]
    constant: float
    silence: float  #: score below which nothing is said


@cache
def weights(table: Path = TABLE) -> Weights:
    """The weights, read once."""
    found = json.loads(table.read_text(encoding="utf-8"))
    return Weights(found["terms"], found["constant"], found["silence"])


def probability(found: Sequence[Found]) -> list[float | None]:
    """The score of each in the order given, never rising; None for what is not worth saying."""
    scores: list[float | None] = []
    best = 1.0
    for at, each in enumerate(found[:MOST]):
        sure = score(each, found[at + 1 : at + RIVALS])
        if sure < weights().silence:
            scores.append(None)
            continue
        best = min(best, sure)
        scores.append(round(best, 3))
    return scores


def score(found: Found, others: Sequence[Found]) -> float:
    """The chance that `found` is what was meant, when `others` are the next best."""
    if found.match.form == PREFIX or found.kind == "longer":
        whole = found.talk < MOST_BESIDE and not found.unused
        return max(0.0, min(TYPING, TYPING * found.worth)) if whole else 0.0
    if found.match.kind == KIND:
        return max(0.0, min(SORT, SORT * found.worth))
    table = weights()
    total = table.constant + sum(table.terms.get(name, 0.0) * value for name, value in terms(found, others).items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def terms(found: Found, others: Sequence[Found]) -> dict[str, float]:
    """What is known of an answer, in numbers near 1."""
    match = found.match
    rival = next(
        (other.worth for other in others if other.match.target != match.target or other.kind == found.kind), 0.0
    )
    return {
        "worth": min(found.worth, 1.0),
        "clear": min(max(found.worth - rival, 0.0), CLEAR) / CLEAR,
        "wrong": match.cost / (match.core + 0.4 * (match.length - match.core) + 1),
        "two": float(match.cost > 1.5),
        "short": 1 / max(match.core, 1),
        "wrong_short": match.cost / max(match.core, 1),
        "talk": found.talk,
        "before": float(found.before),
        "here": float(found.agrees > 0),
        "elsewhere": float(found.agrees < 0),
        "elsewhere_wrong": float(found.agrees < 0) * match.cost,
        "near": float(found.kind in NEARBY),
        "near_wrong": float(found.kind in NEARBY) * match.cost,
        "gap": min(found.gap, 20) / 10,
        "street": float(found.kind == "street"),
        "crossing": float(found.kind == "crossing"),
        "landmark": float(found.kind in ("facility", "area")),
        "landmark_wrong": float(found.kind in ("facility", "area")) * match.cost,
        "unused_street": float(found.unused and found.kind == "street"),
        "unused_landmark": float(found.unused and found.kind in ("facility", "area")),
        "shortened": float(match.form == SHORTENED),
        "words": float(match.form == WORDS),
        "much": max(match.cost / max(match.core, 1) - MUCH, 0.0),
        "sort": float(bool(found.said)),
    }
