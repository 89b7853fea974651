"""A typed text, cut into the stretches of words that may be a name and the numbers that may be a house's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gis import spelling

LONGEST_TEXT: Final = 200  #: characters; what is longer is no address but a story
MOST_TOKENS: Final = 40
LONGEST_NAME: Final = 6  #: words; Chinese characters count a third
CUT: Final = re.compile(r"[,;|\n，；、]|(?<!\d)/|/(?!\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    text: str
    segment: int  #: which part between commas
    number: bool


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of tokens, from `start` up to `stop`, and the keys that it may be written under."""

    start: int
    stop: int
    keys: tuple[str, ...]

    def covers(self, at: int) -> bool:
        return self.start <= at < self.stop


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All there is in a text."""

    tokens: tuple[Token, ...]
    windows: tuple[Window, ...]  #: every stretch within a segment that has a word, the longest first

    @property
    def numbers(self) -> list[int]:
        """Where the numbers stand."""
        return [at for at, token in enumerate(self.tokens) if token.number]

    @property
    def letters(self) -> int:
        """How much there is to explain."""
        return sum(len(token.text) for token in self.tokens)

    def beside_numbers(self) -> list[Window]:
        """Stretches without a number that end before one or begin after one; all stretches where there is none."""
        numbers = set(self.numbers)
        bare = [w for w in self.windows if not numbers & set(range(w.start, w.stop))]
        beside = [w for w in bare if self._together(w.stop - 1, w.stop) or self._together(w.start, w.start - 1)]
        return beside if numbers else bare

    def _together(self, word: int, number: int) -> bool:
        """Whether a number stands at `number`, in the same segment as the word."""
        there = 0 <= number < len(self.tokens) and self.tokens[number].number
        return there and self.tokens[number].segment == self.tokens[word].segment

    def openings(self) -> list[Window]:
        """Stretches from the start of a segment to its end or its number: what somebody is still typing."""
        return [w for w in self.windows if self._opens(w.start) and self._ends(w.stop)]

    def _opens(self, at: int) -> bool:
        return at == 0 or self.tokens[at - 1].segment != self.tokens[at].segment or self.tokens[at - 1].number

    def _ends(self, at: int) -> bool:
        return (
            at == len(self.tokens) or self.tokens[at - 1].segment != self.tokens[at].segment or self.tokens[at].number
        )


def read(text: str) -> Reading:
    """Cut `text` up."""
    parts = CUT.split(text[:LONGEST_TEXT])
    tokens = tuple(
        Token(text=token, segment=segment, number=spelling.is_number(token))
        for segment, part in enumerate(parts)
        for token in spelling.tokens(part)
    )[:MOST_TOKENS]
    windows = sorted(_windows(tokens), key=lambda w: (w.start - w.stop, w.start))
    return Reading(tokens=tokens, windows=tuple(windows))


def _windows(tokens: tuple[Token, ...]) -> Iterator[Window]:
    for start in range(len(tokens)):
        size = 0.0
        for stop in range(start + 1, len(tokens) + 1):
            last = tokens[stop - 1]
            size += 1 / 3 if spelling.is_character(last.text) else 1
            if last.segment != tokens[start].segment or size > LONGEST_NAME:
                break
            if not all(token.number for token in tokens[start:stop]):
                words = [token.text for token in tokens[start:stop]]
                yield Window(start, stop, tuple(spelling.keys(words)))
