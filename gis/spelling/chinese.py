"""Chinese as people write addresses: Traditional or Simplified, full width, numbers as signs, 段巷弄號樓之室."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import opencc

SIGNS: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
HAS: Final = re.compile(rf"[{SIGNS}\u3040-\u30ff\uac00-\ud7af]")
DIGITS: Final = (
    {sign: value for value, sign in enumerate("零一二三四五六七八九")}
    | {"〇": 0, "两": 2, "○": 0}
    | {"壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
)
UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000}
NUMERAL: Final = "".join([*DIGITS, *UNITS])
COUNTED: Final = "巷弄衖号段街路道邻楼层室幢栋单座组之-"
SPELT: Final = re.compile(
    rf"(?<![{NUMERAL}])([{NUMERAL}]+)(?=[{COUNTED}])|(?<=之)([{NUMERAL}]+)|(?<=[巷弄段])([{NUMERAL}]+)$"
)
#: What follows the door: floor, room, unit, "and others". It says nothing of where the house is.
INSIDE: Final = re.compile(
    r"(?<=[号\d])[,\s]*(?:(?:地?下)?\d*(?:-\d+)?(?:楼|层|室|户|单元|f(?![a-z]))(?:[-之]?\d+)?[-,、\s\d]*)+等?|(?<=[号楼室])等",
    re.IGNORECASE,
)
HIGH: Final = re.compile(r"(?<=号)\s*(?:\d+\s*(?:[幢栋座]|号楼)|[a-z]\s*(?:[幢栋座]|号楼))", re.IGNORECASE)
NEIGHBOUR: Final = re.compile(r"\d+\s*邻")
DOOR: Final = re.compile(r"(\d)\s*号(?:\s*-\s*(\d+))?")
BLANK: Final = re.compile(rf"(?<=[{SIGNS}\d])\s+(?=[{SIGNS}])|(?<=[{SIGNS}])\s+(?=\d)")
#: From the largest to the smallest: what stands before the street and says in which part of the country it is.
ABOVE: Final = re.compile(
    rf"(?:[{SIGNS}]{{2,7}}?省)?(?P<city>[{SIGNS}]{{2,6}}?市)?(?P<district>[{SIGNS}]{{1,5}}?(?:区|县|镇|乡))?(?P<village>[{SIGNS}]{{1,4}}?(?:里|村))?"
)


def has_signs(text: str) -> bool:
    """Whether there is anything Chinese (or Japanese or Korean) in a text."""
    return HAS.search(text) is not None


def normal(text: str) -> str:
    """One form for an address: simplified, half width, numerals in digits, floors and rooms left out, 3號之2 as 3-2."""
    found = unicodedata.normalize("NFKC", text).translate(simplified())
    found = SPELT.sub(
        lambda spelt: " " * spelt.string[: spelt.start()][-1:].isdigit() + str(number(spelt[0])), BLANK.sub("", found)
    )
    found = re.sub(r"(\d)\s*[之–—]\s*(?=\d)", r"\1-", found)
    found = re.sub(r"号\s*[之–—]\s*(?=\d)", "号-", found)
    found = NEIGHBOUR.sub("", found).replace("衖", "弄")
    found = INSIDE.sub("", HIGH.sub("", found))
    return DOOR.sub(lambda door: door[1] + (f"-{door[2]}" if door[2] else "") + " ", found)


def number(spelt: str) -> int:
    """二十一 -> 21, 四百零一 -> 401, 一二三 -> 123."""
    if not any(sign in UNITS for sign in spelt):
        return int("".join(str(DIGITS[sign]) for sign in spelt))
    total = digit = 0
    for sign in spelt:
        if sign in UNITS:
            total += (digit or (1 if total == 0 else 0)) * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit


@cache
def simplified() -> dict[int, str]:
    """Traditional sign -> Simplified sign, by OpenCC, sign by sign."""
    signs = [chr(code) for start, stop in ((0x3400, 0x4DC0), (0x4E00, 0xA000)) for code in range(start, stop)]
    turned = opencc.OpenCC("t2s").convert("\n".join(signs)).split("\n")
    return {ord(a): b for a, b in zip(signs, turned, strict=True) if a != b and len(b) == 1} | {ord("妳"): "你"}
