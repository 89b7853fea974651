"""Which names of the register a text may mean, each with the stretch of the text that is taken for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from gis.geocode.index import grams
from gis.geocode.index.model import INITIALS, LANDMARK, PREFIX, SHORTENED, Column, Index, code
from gis.geocode.reading import Number, Reading, Window
from gis.spelling import sounds

LIKELY: Final = 80  #: names that are compared letter by letter
CUTOFF: Final = 5  #: mistakes beyond which they are no longer counted
HEARD: Final = 0.35  #: of a mistake: a letter that sounds like the right one
LOST: Final = 0.85  #: of the likeness, when as many letters are wrong as a name has of its own
MOST_NAMES: Final = 60  #: that are followed up
MOST_NUMBERS: Final = 2
MOST_NUMBERED: Final = 3_000  #: houses with one number beyond which it tells nothing
LONGEST_BESIDE: Final = 24  #: letters
BROAD: Final = 400  #: names looked at that begin alike
MOST_BEGUN: Final = 12
LAST: Final = "\U0010ffff"  #: sorts behind every letter
SAME: Final = 3  #: places of a text where one name may stand
MENDED: Final = ("strasse", "gasse", "platz", "allee", "street", "avenue", "boulevard", "weg")
MOST_MENDED: Final = 3
SLIPS: Final = 3  #: in a long end; one in a short one
MENDING: Final = 0.5  #: of a mistake: a letter wrong in one of these ends
OUTRIGHT: Final = 0.97  #: likeness of a name without its general word


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the text, taken for a name."""

    kind: int  #: STREET, LANDMARK, TOWN or KIND
    target: int
    form: int
    start: int
    stop: int
    cost: float  #: mistakes
    core: int  #: letters of the name that are its own
    length: int
    likeness: float  #: 0..1

    def meets(self, start: int, stop: int) -> bool:
        """Whether it shares a token with another stretch."""
        return self.start < stop and start < self.stop


def matches(index: Index, reading: Reading) -> list[Match]:
    """The names that stand in a text, likest first; of each name its best stretch."""
    if not reading.tokens:
        return []
    names = grams.likely(index, _grams(index, reading), LIKELY)
    windows = reading.windows
    if not len(names) or not windows:
        return []
    return _sorted(_compared(index, names, windows))


def numbered(index: Index, reading: Reading) -> list[Match]:
    """Names of streets that have the number asked, however little of them is right: the number speaks for them."""
    found: list[Match] = []
    for number in reading.numbers[:MOST_NUMBERS]:
        names = _names_with(index, code(number.key))
        windows = [window for window in reading.windows if _beside(reading, window, number)]
        if len(names) and windows:
            found += _compared(index, names, windows)
    return _sorted(found)


def _beside(reading: Reading, window: Window, number: Number) -> bool:
    """Whether a stretch ends where a number begins, or begins where it ends, with no comma between them."""
    tokens = reading.tokens
    near = window.stop == number.start or window.start == number.stop
    same = tokens[window.stop - 1].segment == tokens[number.start].segment
    return near and same and 1 < len(window.keys[0]) <= LONGEST_BESIDE


def _names_with(index: Index, number: int) -> Column:
    """The names of all streets with a house of this number."""
    first, last = np.searchsorted(index.code_sorted, (number, number + 1)).tolist()
    if last - first > MOST_NUMBERED:
        return np.empty(0, np.int32)  # everybody has this number
    streets = np.unique(index.house_street[index.code_house[first:last]])
    starts, ends = index.called_start[streets], index.called_start[streets + 1]
    parts = [index.called_name[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    return np.concatenate(parts) if parts else np.empty(0, np.int32)


def begun(index: Index, reading: Reading) -> list[Match]:
    """Names that begin with what stands at the end of the text, the shortest first."""
    found: dict[tuple[int, int], Match] = {}
    for window, key in _openings(reading):
        first = bisect_left(index.keys, key)
        names = range(first, bisect_right(index.keys, key + LAST, lo=first, hi=min(first + BROAD, len(index.keys))))
        for name in sorted(names, key=lambda at: len(index.keys[at]))[:MOST_BEGUN]:
            length = len(index.keys[name])
            kind, target = int(index.name_kind[name]), int(index.name_target[name])
            if length > len(key):
                likeness = 0.70 + 0.25 * len(key) / length
                match = Match(kind, target, PREFIX, window.start, window.stop, 0.0, length, length, likeness)
                found.setdefault((kind, target), match)
    return _sorted(list(found.values()))


def _openings(reading: Reading) -> Iterator[tuple[Window, str]]:
    """What may be a beginning, under each of its keys and as it stands: "hersbrucker st" is no street yet."""
    for window in reading.openings():
        bare = "".join(token.text.rstrip(".") for token in reading.tokens[window.start : window.stop])
        for key in dict.fromkeys((*window.keys, bare)):
            if len(key) > 1 or not key.isascii():
                yield window, key


def _sorted(found: list[Match]) -> list[Match]:
    return sorted(found, key=lambda match: (-match.likeness, match.start - match.stop))


def _compared(index: Index, names: Column, windows: Sequence[Window]) -> list[Match]:
    """Each name with its best stretches, where the mistakes in it may be slips."""
    typed = [(key, at, 0.0) for at, window in enumerate(windows) for key in window.keys]
    typed += [(key, at, extra) for at, window in enumerate(windows) for key, extra in mended(window.keys[0])]
    costs = _costs(index, names, [key for key, *_ in typed])
    if any(extra for *_, extra in typed):
        costs += np.array([extra for *_, extra in typed], np.float32)
    least = costs.min(axis=1)
    kept = np.flatnonzero(least <= index.name_allowed[names])
    if len(kept) > MOST_NAMES:
        kept = kept[np.argpartition(least[kept] / index.name_allowed[names[kept]], MOST_NAMES)[:MOST_NAMES]]
    found = []
    for row in kept.tolist():
        name, cost, seen = int(names[row]), float(least[row]), set()
        for at in np.flatnonzero(costs[row] == least[row])[:SAME].tolist():
            window = windows[typed[at][1]]
            if window.start not in seen:
                seen.add(window.start)
                found.append(_match(index, name, window, cost))
    return found


@lru_cache(maxsize=16384)
def mended(key: str) -> tuple[tuple[str, float], ...]:
    """`key` with a slip in its common end put right, and what that costs: "austasrse" -> "austrasse"."""
    if len(key) < 6 or not key.isascii() or not key.isalpha() or any(key.endswith(end) for end in MENDED):
        return ()
    found: list[tuple[float, str]] = []
    for end in MENDED:
        sizes = range(max(2, len(end) - 2), min(len(end) + 3, len(key) - 1))
        tries = [(OSA.distance(key[-size:], end, score_cutoff=SLIPS), abs(size - len(end)), size) for size in sizes]
        wrong, _, size = min(tries, default=(SLIPS + 1, 0, 0))
        if wrong <= (SLIPS if len(end) > 5 else 1):
            found.append((MENDING * wrong, key[:-size] + end))
    return tuple((mended, cost) for cost, mended in sorted(found)[:MOST_MENDED])


def _grams(index: Index, reading: Reading) -> set[str]:
    words = [token.text.rstrip(".") for token in reading.tokens]
    found = grams.of_words(words)
    for window in reading.windows:
        if window.stop - window.start == 1 and len(window.keys) > 1:
            for key in window.keys:
                found |= grams.of_key(key)
        elif window.stop - window.start == 1 and window.keys[0] != words[window.start]:
            found |= grams.of_key(window.keys[0])
        for key, _ in mended(window.keys[0]) if window.stop - window.start < 3 else ():
            found |= grams.of_key(key)
    if any(token.sign for token in reading.tokens):
        text = "".join(words)
        found |= set(text) | grams.of_key(text.translate(index.said))
    return found


def _costs(index: Index, names: Column, typed: list[str]) -> Column:
    """Mistakes for each name (rows) and each stretch typed (columns); what sounds right is half right."""
    keys = [index.keys[at] for at in names]
    letters = cdist(keys, typed, scorer=OSA.distance, score_cutoff=CUTOFF, dtype=np.uint8).astype(np.float32)
    if (letters.min(axis=1) == 0).sum() > 3:
        return letters
    heard = [sounds.heard(text) if text.isascii() else text.translate(index.said) for text in typed]
    said = cdist([index.sounds[at] for at in names], heard, scorer=OSA.distance, score_cutoff=CUTOFF, dtype=np.uint8)
    alike = said.astype(np.float32)
    return np.where(letters == 0, 0, np.minimum(letters, alike + HEARD * np.maximum(letters - alike, 1)))


def _match(index: Index, name: int, window: Window, cost: float) -> Match:
    core, length, form = int(index.name_core[name]), len(index.keys[name]), int(index.name_form[name])
    kind = int(index.name_kind[name])
    likeness = 1 - LOST * cost / (core + 0.4 * (length - core) + 1)
    if form == SHORTENED:
        likeness *= OUTRIGHT
    elif form == INITIALS:
        likeness *= 0.8
    if kind == LANDMARK and cost > 0:
        likeness -= 0.01
    target = int(index.name_target[name])
    return Match(kind, target, form, window.start, window.stop, cost, core, length, max(likeness, 0.0))
