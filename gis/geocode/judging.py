"""How well a name of the register explains a text. Pure.

A score is what is left of 1 after deductions, and compares within one answer and between answers:
above 0.9 the very thing, spelled as in the register; just below, the house next to a number that does not exist; down
to 0.7 the thing misspelled, half typed, in another town or with much talk around it, or the street where a number was
asked; below 0.5 a guess. `Place.found` and `Place.kind` say which of these it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from gis import spelling
from gis.geocode.reading import Reading, Window
from gis.model import Found
from gis.store.register import Name, Spot

DOUBLED: Final = re.compile(r"(.)\1")
TALK: Final = 0.35  #: deducted when nothing of the text is explained
STRAY_NUMBER: Final = 0.04  #: deducted when the house number stands away from the street
COMMON_ENDS: Final = ("strasse", "gasse", "weg", "platz", "katu", "tie", "gatan", "vagen", "street", "road", "avenue")
ALLOWED: Final = ((3, 0), (4, 1), (8, 2), (12, 3))  #: letters of a name without its common end, mistakes allowed
MOST_MISTAKES: Final = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the text, taken for a name."""

    name: Name
    window: Window
    found: Found  #: EXACT, PREFIX or TYPO
    likeness: float  #: 0..1


def exact(names: Iterable[Name], reading: Reading) -> list[Match]:
    """Every stretch that is a name as it stands."""
    written: dict[str, list[Window]] = {}
    for window in reading.windows:
        for key in window.keys:
            written.setdefault(key, []).append(window)
    return [Match(name, window, Found.EXACT, 1.0) for name in names for window in written.get(name.key, ())]


def begun(names: Iterable[Name], window: Window, key: str) -> list[Match]:
    """Names that begin with the stretch."""
    return [Match(name, window, Found.PREFIX, 0.7 + 0.25 * len(key) / len(name.key)) for name in names]


def alike(names: Iterable[Name], windows: Iterable[Window]) -> list[Match]:
    """Stretches that are a name but for a few letters, the best stretch for each name."""
    stretches = [(key, window) for window in windows for key in window.keys]
    found = []
    for name in names:
        allowed = mistakes_allowed(name.key)
        tries = [(mistakes(key, name.key, allowed), w.start - w.stop, w) for key, w in stretches]
        wrong, _, window = min(tries, key=lambda each: each[:2], default=(0, 0, None))
        if window is not None and 0 < wrong <= allowed:
            found.append(Match(name, window, Found.TYPO, 0.97 - 0.8 * wrong / (len(name.key) + 1)))
    return found


def mistakes(typed: str, name: str, most: int) -> int:
    """Letters typed wrong, too few, too many or the wrong way round; ß slips as one letter. Cut at `most`."""
    if typed == name:
        return 0
    single = OSA.distance(DOUBLED.sub(r"\1", typed), DOUBLED.sub(r"\1", name), score_cutoff=most)
    return min(OSA.distance(typed, name, score_cutoff=most), max(1, single))


def mistakes_allowed(key: str) -> int:
    """Letters that may be wrong in a name of this length. What every street ends in does not make it longer."""
    own = next((len(key) - len(end) for end in COMMON_ENDS if key.endswith(end) and len(key) > len(end)), len(key))
    allowed = next((count for letters, count in ALLOWED if own <= letters), MOST_MISTAKES)
    return max(allowed, 1) if len(key) > 3 else allowed


def score(reading: Reading, match: Match, spot: Spot, number: int | None = None, factor: float = 1.0) -> float:
    """How well `spot` explains the text when `match` is its name and the token `number` its number."""
    known = set(spelling.tokens(f"{spot.city or ''} {spot.postcode or ''}"))
    town = spelling.key(spot.city or "")
    talk = 0
    for at, token in enumerate(reading.tokens):
        if match.window.covers(at) or at == number or token.text in known:
            continue
        talk += 0 if _like_town(token.text, town, known) else len(token.text)
    deducted = TALK * talk / max(reading.letters, 1)
    if number is not None and number not in (match.window.stop, match.window.start - 1):
        deducted += STRAY_NUMBER
    return max(0.0, min(1.0, match.likeness * factor - deducted))


def numbers_apart(asked: str, there: str) -> int:
    """How far a house is from the number asked; one across the street counts as somewhat farther."""
    a, b = _leading(asked), _leading(there)
    return abs(a - b) + (2 if (a - b) % 2 else 0)


def _like_town(word: str, town: str, known: set[str]) -> bool:
    if len(word) < 4 or not town:
        return False
    return any(
        OSA.distance(word, other, score_cutoff=2) <= (1 if len(other) < 8 else 2)
        for other in {town, *known}
        if len(other) > 3
    )


def _leading(number: str) -> int:
    found = re.match(r"\d{1,6}", number)
    return int(found[0]) if found else 0
