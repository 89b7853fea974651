"""A text, cut into words, the stretches of words that may be a name, and the numbers that may be a house's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from gis.spelling import latin as spelling
from gis.spelling import letters, numerals
from gis.spelling.inside import inside
from gis.spelling.speech import speech

LONGEST_TEXT: Final = 200  #: characters; what is longer is no address but a story
MOST_TOKENS: Final = 40
LONGEST_NAME: Final = 6  #: words
LONGEST_SIGNS: Final = 16  #: Chinese signs of one name
MOST_KEYS: Final = 4  #: ways to read one stretch
CUT: Final = re.compile(r"[,;|\n，；、()（）]|(?<!\d)/|/(?!\d)|\s[-–]\s")


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    segment: int  #: which part between commas
    number: bool
    sign: bool  #: Chinese: several make a word
    filler: bool  #: said in every call, and no name

    @property
    def weight(self) -> int:
        """How much there is to explain."""
        return 0 if self.filler else 2 * len(self.text) if self.sign else len(self.text)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of tokens, from `start` up to `stop`, and the keys that it may be written under."""

    start: int
    stop: int
    keys: tuple[str, ...]

    def covers(self, at: int) -> bool:
        return self.start <= at < self.stop

    def meets(self, start: int, stop: int) -> bool:
        """Whether it shares a token with another stretch."""
        return self.start < stop and start < self.stop


@dataclass(frozen=True, slots=True)
class Number:
    """What may be a house number: a token of digits or some words."""

    start: int
    stop: int
    key: str
    spelt: bool  #: in words


@dataclass(frozen=True)
class Reading:
    """All there is in a text."""

    tokens: tuple[Token, ...]
    inside: tuple[tuple[str, str], ...] = ()  #: block, unit, floor, room as they are asked

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Every stretch within a segment that has a word, and the whole text."""
        found = list(_windows(self.tokens))
        if self.tokens and self.tokens[-1].segment and len(self.tokens) <= 2 * LONGEST_NAME:
            whole = "".join(_meanings(token.text)[0] for token in self.tokens)
            found.append(Window(0, len(self.tokens), (whole,)))
        return tuple(found)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """Numbers in digits, then numbers in words."""
        digits = [Number(at, at + 1, token.text, False) for at, token in enumerate(self.tokens) if token.number]
        usual = [number for number in digits if not self._inside(number)]
        return (*(usual or digits), *_spelt(self.tokens))

    @cached_property
    def weight(self) -> int:
        """How much there is to explain in all."""
        return sum(token.weight for token in self.tokens)

    def openings(self) -> Iterator[Window]:
        """Stretches from the start of a segment to the end of the text: what somebody is still typing."""
        last = len(self.tokens)
        for window in self.windows:
            if window.stop == last and self._opens(window.start):
                yield window

    def _opens(self, at: int) -> bool:
        return at == 0 or self.tokens[at - 1].segment != self.tokens[at].segment or self.tokens[at - 1].number

    def _inside(self, number: Number) -> bool:
        """Whether a word beside the number says that it counts floors, minutes or people."""
        around = self.tokens[number.stop : number.stop + 1]
        return any(token.text.rstrip(".") in speech().inside for token in around)


def read(text: str) -> Reading:
    """Cut `text` up."""
    filler, signs = speech().filler, speech().signs
    found: list[Token] = []
    for segment, part in enumerate(CUT.split(text[:LONGEST_TEXT])):
        for token in letters.tokens(part):
            sign = letters.is_sign(token)
            known = token in signs if sign else token.rstrip(".") in filler
            found.append(Token(token, segment, letters.is_number(token), sign, known))
    return Reading(tuple(found[:MOST_TOKENS]), inside(text[:LONGEST_TEXT]))


def _windows(tokens: tuple[Token, ...]) -> Iterator[Window]:
    meant = [_meanings(token.text) for token in tokens]
    for start, first in enumerate(tokens):
        keys: tuple[str, ...] = ("",)
        words = signs = names = 0
        for stop in range(start + 1, len(tokens) + 1):
            last = tokens[stop - 1]
            signs += last.sign
            words += not last.sign
            names += not last.number
            if last.segment != first.segment or words > LONGEST_NAME or signs > LONGEST_SIGNS:
                break
            keys = tuple(key + more for key in keys for more in meant[stop - 1])[:MOST_KEYS]
            if names:
                yield Window(start, stop, keys)


@lru_cache(maxsize=8192)
def _meanings(token: str) -> tuple[str, ...]:
    """What a word may be short for."""
    return tuple(spelling.keys([token], most=MOST_KEYS)) or ("",)


def _spelt(tokens: tuple[Token, ...]) -> Iterator[Number]:
    """Numbers in words, the longest from each start."""
    known, begins = numerals.known(), numerals.words()
    start = 0
    while start < len(tokens):
        found = None
        if tokens[start].text in begins:
            text = ""
            for stop in range(start + 1, min(start + numerals.LONGEST, len(tokens)) + 1):
                if tokens[stop - 1].number or tokens[stop - 1].segment != tokens[start].segment:
                    break
                text += tokens[stop - 1].text
                if text in known:
                    found = stop, known[text]
        if found is None:
            start += 1
            continue
        yield _with_letter(tokens, start, *found)
        start = found[0]


def _with_letter(tokens: tuple[Token, ...], start: int, stop: int, value: int) -> Number:
    """ "zwölf a" is 12a."""
    letter = tokens[stop].text if stop < len(tokens) and tokens[stop].segment == tokens[start].segment else ""
    if len(letter) == 1 and letter.isascii() and letter.isalpha() and stop == len(tokens) - 1:
        return Number(start, stop + 1, f"{value}{letter}", True)
    return Number(start, stop, str(value), True)
