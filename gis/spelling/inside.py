"""What a Chinese address says of the inside: block, unit, floor, room (8号楼2单元301, A棟12樓之3), as bare values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from gis.spelling import chinese

PARTS: Final = ("block", "unit", "floor", "room")  #: from the outside inwards
NUMBER: Final = rf"(\d+|[{chinese.NUMERAL}]+)"
BLOCK: Final = re.compile(rf"([a-z](?![a-z])|\d+|[{chinese.NUMERAL}]+)\s*(?:号楼|[幢栋座])")
UNIT: Final = re.compile(rf"{NUMBER}\s*单元")
FLOOR: Final = re.compile(rf"(地下|b)?{NUMBER}\s*(?:[楼层]|f(?![a-z]))(?:[之-]{NUMBER})?")
ROOM: Final = re.compile(rf"{NUMBER}\s*(?:室|房|号房)|(?<=单元)(\d{{2,5}})(?![\d室房号])")
NAMED: Final = re.compile(r"([a-z]|\d+)(?:号楼|[幢栋座楼])$")


def inside(text: str) -> tuple[tuple[str, str], ...]:
    """(part, value) from the outside inwards; a floor with a door is "5-2", one below ground "B1"; () for none."""
    if not chinese.has_signs(text):
        return ()
    return tuple(_parts(_plain(text)))


def block_of(name: str) -> str | None:
    """Which block a building is by its name: 蓝旗营6号楼 -> 6; None for other names."""
    found = NAMED.search(_plain(name))
    return found[1] if found else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(chinese.simplified()).casefold()


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for name, pattern in (("block", BLOCK), ("unit", UNIT)):
        if found := pattern.search(text):
            yield name, _digits(found[1])
    rest = BLOCK.sub("#", text)
    if floor := FLOOR.search(rest):
        yield "floor", ("B" if floor[1] else "") + _digits(floor[2]) + (f"-{_digits(floor[3])}" if floor[3] else "")
    if room := ROOM.search(rest):
        yield "room", _digits(room[1] or room[2])


def _digits(said: str) -> str:
    return str(chinese.number(said)) if said[0] in chinese.NUMERAL else said
