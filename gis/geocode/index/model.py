"""The shape of an index: columns of numbers and of texts, read as they lie in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Final
from zlib import crc32

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.spelling import syllables
from gis.spelling.inside import block_of

type Column = NDArray[Any]

STREET: Final = 0  #: a name of a street; its target is the number of the street
LANDMARK: Final = 1  #: a name of one thing; its target is a spot
TOWN: Final = 2  #: a name of a town or postcode; its target is the number of the town
KIND: Final = 3  #: what a sort of facility is called; its target is the number of the sort
PLAIN: Final = 0  #: a name as it is written
INITIALS: Final = 1  #: the first letters of its syllables, which have to be typed without a slip
SHORTENED: Final = 2  #: without the word that says what it is
PREFIX: Final = 3  #: of a match: only the beginning is typed
WORDS: Final = 4  #: of a match: most of its words, in any order


def code(text: str) -> int:
    """A number for a text, the same in every process."""
    return crc32(text.encode())


@dataclass(frozen=True)
class Texts:
    """Many texts in one run of bytes."""

    data: Column  #: uint8
    ends: Column  #: int64, one more than there are texts, from 0

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, at: int) -> str:
        return bytes(self.data[self.ends[at] : self.ends[at + 1]]).decode()

    @staticmethod
    def of(texts: Iterable[str]) -> Texts:
        return Texts.raw(text.encode() for text in texts)

    @staticmethod
    def raw(parts: Iterable[bytes]) -> Texts:
        """Bytes that are no text."""
        parts = list(parts)
        ends = np.zeros(len(parts) + 1, np.int64)
        np.cumsum([len(part) for part in parts], out=ends[1:])
        return Texts(np.frombuffer(b"".join(parts), np.uint8), ends)


@dataclass(frozen=True)
class Index:
    """All of one district. Every column of one table has one length; what a column means stands beside its table."""

    version: int
    bounds: tuple[float, float, float, float]
    numbers: Mapping[str, Column] = field(repr=False)
    texts: Mapping[str, Texts] = field(repr=False)

    def __getattr__(self, name: str) -> Column:
        try:
            return self.numbers[name]
        except KeyError:
            raise AttributeError(name) from None

    @cached_property
    def grams(self) -> dict[str, int]:
        """Gram -> row of `gram_start` and `gram_weight`."""
        found = self.texts["gram"]
        text, ends = bytes(found.data), found.ends
        return {text[ends[at] : ends[at + 1]].decode(): at for at in range(len(found))}

    @cached_property
    def keys(self) -> list[str]:
        """The key of every name, sorted; all in memory, for they are what every search compares."""
        return _listed(self.texts["name_key"])

    @cached_property
    def words(self) -> list[str]:
        """The words of each of `keys`, with spaces between; empty for names of one word."""
        return _listed(self.texts["name_words"])

    @cached_property
    def sounds(self) -> list[str]:
        """How each of `keys` sounds."""
        return _listed(self.texts["name_sound"])

    @cached_property
    def said(self) -> dict[int, int]:
        """Chinese sign -> sign of its syllable, as codes."""
        found = np.flatnonzero(self.syllable)
        codes = (found + syllables.FIRST).tolist()
        said = dict(zip(codes, (syllables.PRIVATE + self.syllable[found].astype(int)).tolist(), strict=True))
        return said | {ord(digit): said[ord(sign)] for digit, sign in syllables.NUMERALS.items() if ord(sign) in said}

    @cached_property
    def codes(self) -> dict[str, int]:
        """Code of each cell in force, in small letters -> its row."""
        ends = self.texts["cell_outline"].ends
        codes = enumerate(_listed(self.texts["cell_code"]))
        return {code.casefold(): at for at, code in codes if ends[at + 1] > ends[at]}

    @cached_property
    def blocks(self) -> dict[str, list[int]]:
        """Number of a block -> the spots of buildings that are called so."""
        found: dict[str, list[int]] = {}
        for spot, label in enumerate(_listed(self.texts["spot_label"])):
            if label and (block := block_of(label)):
                found.setdefault(block, []).append(spot)
        return found

    @cached_property
    def outlines(self) -> tuple[shapely.STRtree, Column]:
        """The outlines of the cells in force, and the row of the cell of each."""
        outlines = self.texts["cell_outline"]
        data, ends = bytes(outlines.data), outlines.ends.tolist()
        rows = [at for at, (a, b) in enumerate(pairwise(ends)) if b > a]
        shapes = shapely.from_wkb([data[ends[at] : ends[at + 1]] for at in rows])
        shapely.prepare(shapes)
        return shapely.STRtree(shapes), np.array(rows, np.int64)

    @cached_property
    def towns(self) -> list[str]:
        """Towns as they are shown."""
        return _listed(self.texts["town"])


def _listed(texts: Texts) -> list[str]:
    data, ends = bytes(texts.data), texts.ends.tolist()
    return [data[a:b].decode() for a, b in pairwise(ends)]
