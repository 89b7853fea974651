"""An address of a register: its parts as columns, one label, however it was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from gis.spelling import chinese
from gis.spelling.parts import Parts, parts

NUMERAL: Final = r"(\d+|[一二三四五六七八九十百]+)"
LANE: Final = re.compile(NUMERAL + "巷")
ALLEY: Final = re.compile(NUMERAL + "[弄衖]")
BLOCK: Final = re.compile(r"([A-Za-z]|\d+)(?:号楼|號樓|幢|栋|棟|座)")
UNIT: Final = re.compile(r"(\d+|[一二三四五六七八九十甲乙丙丁]+)(?:单元|單元)")
FLOOR: Final = re.compile(r"(?:^|(?<=[^\d樓楼]))(地下|[Bb])?" + NUMERAL + "(?:樓|层|層|楼|[Ff])(?:(?:之|-)(\\d+))?")
ROOM: Final = re.compile(r"(\d+)(?:室|房|号房|號房)")
AFTER_UNIT: Final = re.compile(r"(?:单元|單元)(\d{2,5})(?!\d|室|房|[号號])")
FINE: Final = ("lane", "alley", "block", "unit", "floor", "room")  #: parts below the street, as columns
PLAIN: Final = {"lane": "巷", "alley": "弄", "block": "號樓", "unit": "單元", "floor": "樓", "room": "室"}
SIMPLE: Final = {"block": "号楼", "unit": "单元", "floor": "楼"}


def door(fields: Mapping[str, object]) -> dict[str, object] | None:
    """The columns street, number, label and the fine parts, from what a row says; None where no address comes of it.

    `address` is one text; `street` and `number` win over it where both are said.
    """
    text = _said(fields, "address")
    street, number = _said(fields, "street"), _said(fields, "number")
    found = Parts(street=street, number=number) if street and number else parts(text)
    if found is None:
        return None
    fine = _fine(text or number) | {name: said for name in FINE if (said := _said(fields, name))}
    number = _whole(found, fine, fields)
    if "号" in text and "號" not in text:
        number = number.replace("號", "号")
    made: dict[str, object] = {
        "street": found.street,
        "number": number,
        "postcode": _said(fields, "postcode") or found.postcode,
        "city": _said(fields, "city") or found.city,
        **fine,
        **({"block": fine["block"].casefold()} if "block" in fine else {}),
    }
    made["label"] = label(found.street, number, fine)
    return {name: said for name, said in made.items() if said}


def label(street: str, number: str, fine: Mapping[str, str]) -> str:
    """What people read: the whole door, down to block, unit, floor and room where they are known."""
    if not chinese.has_signs(street):
        rest = "/".join(fine[name] for name in ("block", "unit", "room") if name in fine and fine[name] not in number)
        return f"{street} {number}" + (f"/{rest}" if rest else "")
    simple = "号" in number or chinese.normal(street) == street
    below = "".join(
        _part(name, fine[name], simple=simple) for name in ("block", "unit", "floor", "room") if name in fine
    )
    return street + number + below


def _whole(found: Parts, fine: Mapping[str, str], fields: Mapping[str, object]) -> str:
    """The number with lane and alley before it, where a register has them in columns of their own."""
    number = found.number
    if not (_said(fields, "lane") or _said(fields, "alley")) or "巷" in number or "弄" in number:
        return number
    before = "".join(f"{fine[name]}{PLAIN[name]}" for name in ("lane", "alley") if name in fine)
    return before + (f"{number}號" if number[-1:].isdigit() else number)


def _fine(text: str) -> dict[str, str]:
    """Lane, alley, block, unit, floor and room as a Chinese address names them."""
    bare = unicodedata.normalize("NFKC", text)
    if not chinese.has_signs(bare):
        return {}
    made: dict[str, str] = {}
    for name, pattern in (("lane", LANE), ("alley", ALLEY), ("block", BLOCK), ("unit", UNIT)):
        if found := pattern.search(bare):
            made[name] = found[1]
    rest = BLOCK.sub("#", bare)
    if floor := FLOOR.search(rest):
        made["floor"] = ("B" if floor[1] else "") + floor[2] + (f"-{floor[3]}" if floor[3] else "")
    if room := ROOM.search(rest) or AFTER_UNIT.search(bare):
        made["room"] = room[1]
    return made


def _part(name: str, said: str, *, simple: bool) -> str:
    sign = SIMPLE.get(name, PLAIN[name]) if simple else PLAIN[name]
    if said.endswith(sign):
        return said
    if name == "block" and not said.isdigit():
        return f"{said}座"
    if name == "floor" and "-" in said:
        level, _, door_ = said.partition("-")
        return f"{level}{sign}之{door_}"
    return f"{said}{sign}"


def _said(fields: Mapping[str, object], name: str) -> str:
    given = fields.get(name)
    return unicodedata.normalize("NFKC", str(given)).strip() if given not in (None, "") else ""
