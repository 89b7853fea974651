"""Chinese signs by how they are said: the toneless syllable, with what people cannot tell apart on the phone as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

FIRST: Final = 0x3400
COUNT: Final = 0xA000 - FIRST
PRIVATE: Final = (
    0xE000  #: syllables are written as signs of their own, one each, so that they can be compared as letters
)
MERGED: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("n", "l"), ("r", "l"), ("h", "f"))


def merged(syllable: str) -> str:
    """ "zhang" -> "zan", "lin" and "ning" -> "lin": what sounds alike is alike."""
    found = syllable
    if found.endswith("ng"):
        found = found[:-1]
    for longer, shorter in MERGED[:3]:
        found = re.sub(f"^{longer}", shorter, found)
    return re.sub("^[nr]", "l", found)


def table() -> list[int]:
    """For each sign from FIRST the number of its merged syllable, 0 where it has none."""
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.contrib.tone_convert import to_normal

    numbers: dict[str, int] = {}
    found = [0] * COUNT
    for code, said_as in PINYIN_DICT.items():
        if FIRST <= code < FIRST + COUNT:
            syllable = merged(to_normal(said_as.split(",")[0]).replace("ü", "v"))
            found[code - FIRST] = numbers.setdefault(syllable, len(numbers) + 1)
    return found


NUMERALS: Final = {str(value): sign for value, sign in enumerate("一二三四五六七八九", 1)}


def as_signs(text: str, table: Sequence[int] | NDArray[np.uint16]) -> str:
    """Every Chinese sign, and every digit among them, as the sign of its syllable; the rest as it is."""
    return "".join(_sign(NUMERALS.get(letter, letter), table) for letter in text)


def pinyin(text: str) -> list[str]:
    """The usual syllable of each Chinese sign, toneless: 成府路 -> cheng, fu, lu; other letters as they are."""
    from pypinyin import lazy_pinyin  # loaded where an index is built, not in every process

    return [syllable.replace("ü", "v") for syllable in lazy_pinyin(text)]


def wade_giles(text: str) -> list[str]:
    """The same as signs in Taiwan spell it, without apostrophes: 中華 -> chung, hua."""
    from pypinyin import Style, lazy_pinyin

    return [
        part.replace("'", "").replace("ʻ", "").replace("ü", "u") for part in lazy_pinyin(text, style=Style.WADEGILES)
    ]


def _sign(letter: str, table: Sequence[int] | NDArray[np.uint16]) -> str:
    at = ord(letter) - FIRST
    number = int(table[at]) if 0 <= at < COUNT and len(table) else 0
    return chr(PRIVATE + number) if number else letter
