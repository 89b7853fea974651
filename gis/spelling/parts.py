"""A written address taken apart: town, street, number. For registers, where every row is an address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from gis.spelling import chinese, letters

SIGN: Final = chinese.SIGNS
NUMERAL: Final = "一二三四五六七八九十百千零〇"
COUNTY: Final = re.compile(
    rf"^(?:[{SIGN}]{{2,6}}?(?:省|自治区|自治區))?(?:[{SIGN}]{{2,6}}?市)?(?P<district>[{SIGN}]{{1,5}}?(?:[区區县縣镇鎮乡鄉]))?"
)
VILLAGE: Final = re.compile(
    rf"^[{SIGN}]{{1,4}}?[里村](?=\d+\s*[邻鄰]|[^路街段巷弄衖号號\d\s]{{1,}}|\d)(?:\d+\s*[邻鄰])?"
)
STREET: Final = re.compile(
    rf"^(?P<street>.*?(?:大道|[路街道])(?:[\d{NUMERAL}]+段)?)(?P<number>[\d{NUMERAL}]+(?:[巷弄衖号號之-]|$).*)$"
)
RURAL: Final = re.compile(r"^(?P<street>\D+?)(?P<number>\d+.*)$")
SPELT: Final = re.compile(rf"^(?P<street>[^{NUMERAL}]+?)(?P<number>[{NUMERAL}]+[号號].*)$")
LATIN: Final = re.compile(
    r"^(?P<street>.*?[^\d\s].*?)\s+(?P<number>\d+(?:\s?[a-zA-Z](?![a-zA-Z]))?(?:[-/]\d+\w?)?)(?:\s*,\s*(?:(?P<postcode>\d{4,6})\s+)?(?P<city>.+))?$"
)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """An address in parts, as written."""

    street: str
    number: str
    city: str | None = None
    postcode: str | None = None

    @property
    def together(self) -> bool:
        """Whether street and number are written without a space."""
        return chinese.has_signs(self.street)


LISTED: Final = re.compile(r"\s*(?:[;,&+]|\s(?:et|und|and|e|y)\s)\s*")
RANGE: Final = re.compile(r"(\d{1,4})\s*[-–]\s*(\d{1,4})")
LONGEST_RANGE: Final = 20  #: numbers from the first to the last


def spread(number: str) -> list[str]:
    """The numbers that one plate stands for: "1;3;5" three, "12-16" itself and its ends and what lies between them."""
    if chinese.has_signs(number):
        return [number]
    found = [each for each in LISTED.split(number) if each]
    for each in list(found):
        span = RANGE.fullmatch(each)
        if span and 0 < int(span[2]) - int(span[1]) <= LONGEST_RANGE:
            step = 2 if (int(span[2]) - int(span[1])) % 2 == 0 else 1
            found += [str(value) for value in range(int(span[1]), int(span[2]) + 1, step)]
    return list(dict.fromkeys(found)) or [number]


def parts(text: str) -> Parts | None:
    """The parts of an address ("東區德東街235巷118弄76號", "Landstrasse 5, 9490 Vaduz"); None without a number."""
    found = unicodedata.normalize("NFKC", text).strip()
    return _chinese(found) if chinese.has_signs(found) else _latin(found)


def _chinese(text: str) -> Parts | None:
    bare = re.sub(r"\s+", "", re.sub(r"[(（].*?[)）]", "", text))
    above = COUNTY.match(bare)
    district = above["district"] if above else None
    rest = bare[above.end() :] if above else bare
    village = VILLAGE.match(rest)
    if village and rest[village.end() : village.end() + 1].strip("0123456789"):
        rest = rest[village.end() :]
    split = STREET.match(rest) or RURAL.match(rest) or SPELT.match(rest)
    if split is None:
        return None
    number = letters.house(split["number"])
    return Parts(street=split["street"], number=_shown(number), city=district)


def _shown(number: str) -> str:
    return f"{number}號" if number[-1:].isdigit() else number


def _latin(text: str) -> Parts | None:
    split = LATIN.match(text)
    return Parts(**split.groupdict()) if split else None
