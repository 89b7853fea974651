"""Words and numbers of a text, in one form whatever the script."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gis.spelling import chinese, latin

SIGN: Final = latin.CJK
PART: Final = "街路道段线"  #: a number before one of these belongs to the name of the street
NUMBER: Final = r"\d++(?:[巷弄]\d++)*+[巷弄]?+(?:-\d++)*+"
TOKEN: Final = re.compile(
    rf"\d+[{PART}]|\d++(?:bis|ter)\b|{NUMBER}[a-z]?(?![a-z])(?:[-/]\d+[a-z]?(?![a-z]))*|\d+|[{SIGN}]|[^\W\d_{SIGN}]+\.?"
)
LETTERED: Final = re.compile(r"(\d+)\s+([a-z]|bis|ter)(?=$|[\s,;)])")
NAMED: Final = re.compile(rf"\d+[{PART}]")
HOUSE: Final = re.compile(r"\d")


def plain(text: str) -> str:
    """Lower case, half width, without accents; Chinese simplified, its numerals and address signs in digits."""
    return latin.plain(chinese.normal(text) if chinese.has_signs(text) else text)


def tokens(text: str) -> list[str]:
    """Words, house numbers, single Chinese signs; a full stop stays at a word that it may shorten."""
    return TOKEN.findall(LETTERED.sub(r"\1\2", plain(text)))


def is_number(token: str) -> bool:
    """Whether a token may be a house number."""
    return token[0].isdigit() and NAMED.fullmatch(token) is None


def is_sign(token: str) -> bool:
    """Whether a token is Chinese, Japanese or Korean: several of them make a word."""
    return (not token[0].isascii() and chinese.has_signs(token)) or NAMED.fullmatch(token) is not None


@lru_cache(maxsize=4096)
def keys(words: tuple[str, ...]) -> tuple[str, ...]:
    """All keys that these tokens may stand for, the usual one first."""
    return tuple(latin.keys(list(words), most=4))


def aliases(name: str) -> set[str]:
    """Every key under which a name of the register shall be found: with ä as a and as ae, short forms in full."""
    composed = name.casefold()
    spellings = {composed, composed.translate(latin.UMLAUTS)}
    return {key for spelt in spellings for key in latin.keys(tokens(spelt))} - {""}


def spelt(name: str) -> set[tuple[str, tuple[str, ...]]]:
    """The same keys, each with the words that it is made of."""
    composed = name.casefold()
    found = set()
    for way in {composed, composed.translate(latin.UMLAUTS)}:
        words = tokens(way)
        found |= {(key, tuple(word.rstrip(".") for word in words)) for key in latin.keys(words)}
    return {each for each in found if each[0]}


def key(text: str) -> str:
    """The usual key of a name."""
    return next(iter(keys(tuple(tokens(text)))), "")


def house(number: str) -> str:
    """The key of a house number: "12 A" -> "12a", "３號" -> "3", "477巷1號之2" -> "477巷1-2"."""
    found = [token.rstrip(".") for token in tokens(number)]
    if chinese.has_signs(number) and found and found[0][0].isdigit():
        return found[0]  # what follows is another door, a floor, a room
    return "".join(found) or plain(number).replace(" ", "")


def leading(number: str) -> int:
    """The number that orders a house in its street or lane; 0 without one."""
    digits = re.search(r"(\d{1,7})(?!.*[巷弄])", number)
    return int(digits[1]) if digits else 0


def first(number: str) -> int:
    """The number at which a house leaves its street: that of its outermost lane, else its own; 0 without one."""
    digits = re.match(r"\d{1,7}", number)
    return int(digits[0]) if digits else 0


def lane(number: str) -> str:
    """The lanes of a house number: "477巷3弄1" -> "477巷3弄"."""
    return number[: 1 + max(number.rfind("巷"), number.rfind("弄"))]


def split(street: str, number: str) -> tuple[str, str]:
    """Key of the street and key of the number, lanes counted to the number: 小東路477巷, 1號 -> 小东路, 477巷1."""
    found = re.fullmatch(rf"(.*[{SIGN}])(\d+[巷弄].*)", plain(street).strip()) if chinese.has_signs(street) else None
    name, before = (found[1], found[2]) if found else (street, "")
    return key(name), house(before + number) if before else house(number)
