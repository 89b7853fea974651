"""How names are written down for searching: one key for all the ways in which people type one name.

Case, accents, full-width signs, punctuation, spaces and common abbreviations make no difference to a key. Chinese
characters are left as they are (Traditional and Simplified stay two), except 臺, which everybody also writes 台.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice, product
from typing import Final

FOLDED: Final = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "臺": "台"}
)
UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
APOSTROPHES: Final = re.compile(r"['’‘`´ʼ]")
LANE: Final = r"[巷弄]"
CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
TOKEN: Final = re.compile(rf"\d+(?:{LANE}\d+)*[a-z]?(?![a-z])(?:[-/]\d+[a-z]?(?![a-z]))*|\d+|[{CJK}]|[^\W\d_{CJK}]+\.?")
NUMBER: Final = re.compile(r"\d")
DIGITS: Final = {sign: str(value) for value, sign in enumerate("一二三四五六七八九", 1)}

#: A whole word that is short for others; the first is the usual one.
WORDS: Final = {
    "str": ("strasse",),
    "av": ("avenue",),
    "ave": ("avenue",),
    "bd": ("boulevard",),
    "bld": ("boulevard",),
    "blvd": ("boulevard",),
    "rd": ("road",),
    "st": ("street", "sankt", "saint", "st"),
    "pl": ("platz", "place", "pl"),
    "sq": ("square",),
    "ln": ("lane",),
    "dr": ("doktor", "drive", "dr"),
    "prof": ("professor",),
}
#: The end of a word that is short for another; those of one letter count with a full stop alone.
ENDS: Final = (
    ("str.", "strasse"),
    ("str", "strasse"),
    ("pl.", "platz"),
    ("g.", "gatan"),
    ("g.", "gasse"),
    ("v.", "vagen"),
    ("w.", "weg"),
    ("k.", "katu"),
    ("t.", "tie"),
    ("p.", "polku"),
)


def plain(text: str) -> str:
    """Lower case, half width, without accents: "Ｋrämerstraße" -> "kramerstrasse", "Tehtaankatu" stays."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(FOLDED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", APOSTROPHES.sub("", bare))


def tokens(text: str) -> list[str]:
    """Words, house numbers and single Chinese characters, plain; a full stop stays at a word that it may shorten.

    "12 a" is one number, "320之2號" too; of "7號" the sign goes.
    """
    bare = plain(text)
    bare = re.sub(r"(\d)\s*[之–—]\s*(?=\d)", r"\1-", bare)
    bare = re.sub(r"(\d)\s*[号號]", r"\1 ", bare)
    bare = re.sub(r"(\d+)\s+([a-z])(?=$|[\s,;])", r"\1\2", bare)
    return TOKEN.findall(bare)


def is_number(token: str) -> bool:
    """Whether a token may be a house number."""
    return NUMBER.match(token) is not None


def is_character(token: str) -> bool:
    """Whether a token is a single Chinese, Japanese or Korean sign, of which several make a word."""
    return re.fullmatch(f"[{CJK}]", token) is not None


def key(text: str) -> str:
    """The key of a name: its tokens written together, abbreviations in full. "Krämer Str." -> "kramerstrasse"."""
    return next(keys(tokens(text)), "")


def street_key(name: str) -> str:
    """The key of a street, up to a lane that counts as part of the number: "小東路477巷" -> "小東路"."""
    return key(_lane(name)[0])


def address_key(street: str, number: str) -> str:
    """The keys of street and number with a space between: "小東路477巷", "1號" -> "小東路 477巷1"."""
    name, lane = _lane(street)
    return f"{key(name)} {number_key(lane + number)}"


def keys(words: list[str], *, most: int = 8) -> Iterator[str]:
    """All keys that `words` may stand for, the usual one first, at most `most`: "St. Martin" is a saint or a street."""
    seen = dict.fromkeys("".join(way) for way in islice(product(*(_meanings(word) for word in words)), most))
    return iter(seen)


def aliases(name: str) -> set[str]:
    """Every key under which a name of the register shall be found: with ä as a and as ae, short forms in full."""
    composed = unicodedata.normalize("NFC", name).casefold()
    spellings = {composed, composed.translate(UMLAUTS)}
    return {found for spelling in spellings for found in keys(tokens(spelling))} - {""}


def number_key(number: str) -> str:
    """The key of a house number: "12 A" -> "12a", "３號" -> "3"."""
    return "".join(token.rstrip(".") for token in tokens(number)) or plain(number).replace(" ", "")


def _lane(street: str) -> tuple[str, str]:
    """A street with a numbered lane at its end, as street and lane."""
    found = re.fullmatch(rf"(\D*[{CJK}])(\d+{LANE}.*)", unicodedata.normalize("NFKC", street).strip())
    return (found[1], found[2]) if found else (street, "")


def _meanings(word: str) -> tuple[str, ...]:
    if word in DIGITS:
        return (DIGITS[word],)  # 育德二 and 育德2 are one, whatever follows
    bare = word.rstrip(".")
    if bare in WORDS:
        return WORDS[bare]
    longer = tuple(bare[: len(bare) + word.endswith(".") - len(end)] + full for end, full in ENDS if _ends(word, end))
    return (*longer, bare) if word.endswith(".") and longer and not word.endswith("str.") else longer or (bare,)


def _ends(word: str, end: str) -> bool:
    return word.endswith(end) and len(word) > len(end) + (1 if end.startswith("str") else 2)
