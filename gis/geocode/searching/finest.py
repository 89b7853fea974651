"""Down to the block: what of block, unit, floor and room is known, and which of them is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from gis.geocode.index.model import LANDMARK, PLAIN, code
from gis.geocode.judging import Found
from gis.geocode.matching import Match
from gis.geocode.searching.state import DEGREE, HOUSES, Asked, place
from gis.spelling.inside import block_of, inside

BLOCK: Final = re.compile(r"([A-Za-z]|\d+|[一二三四五六七八九十]+)\s*(?:号楼|號樓|[幢栋棟座楼樓])$")
COMMUNITY: Final = re.compile(r"(?:[区區园園苑院村里庭城寓坊庄莊]|大[厦廈]|[号號][楼樓])$")
AROUND: Final = 500.0  #: metres around a community within which its blocks stand
FIRST: Final = 4  #: answers that are followed inside
SAME: Final = 0.01  #: added to a door for each part that is right, deducted for each that is wrong
ALONE: Final = 0.8  #: worth of a block that is told without its community


def refined(asked: Asked, found: list[Found]) -> list[Found]:
    """`found` with each of the first as fine as it is known."""
    parts = dict(asked.reading.inside)
    if not parts:
        return found
    if not found:
        return _alone(asked, parts)
    return [_finer(asked, each, parts) if at < FIRST else each for at, each in enumerate(found)]


def worth(asked: Asked, row: int, parts: Mapping[str, str]) -> float:
    """How much better or worse this row of a door fits the parts that are asked."""
    known = asked.index.numbers
    value = 0.0
    for name in ("block", "unit", "floor", "room"):
        column = known[f"house_{name}"]
        if len(column) and column[row]:
            value += SAME if parts.get(name) and code(parts[name].casefold()) == column[row] else -SAME
    return value


def _finer(asked: Asked, found: Found, parts: Mapping[str, str]) -> Found:
    if found.kind in HOUSES:
        columns = {name: asked.index.numbers[f"house_{name}"] for name in parts}
        known = {
            name
            for name, column in columns.items()
            if len(column) and column[found.row] == code(parts[name].casefold())
        }
        return replace(found, unknown=tuple(name for name in parts if name not in known))
    if found.kind not in ("facility", "area") or "block" not in parts:
        return replace(found, unknown=tuple(parts))
    whole = asked.index.texts["spot_label"][found.row]
    if found.kind != "area" and not COMMUNITY.search(whole) and block_of(whole) is None:
        return replace(found, unknown=tuple(parts))
    if parts["block"] in (dict(inside(whole)).get("block"), block_of(whole)):
        return replace(found, unknown=tuple(name for name in parts if name != "block"))
    block = _nearest_block(asked, found, parts["block"], whole)
    if block is None:
        return replace(found, unknown=tuple(parts))
    rest = tuple(name for name in parts if name != "block")
    return replace(found, row=block, kind="facility", unknown=rest, at=None, within=found.row)


def _nearest_block(asked: Asked, found: Found, block: str, whole: str) -> int | None:
    """The building of that number nearest to the middle of the community, called so or by the community's name too."""
    labels = asked.index.texts["spot_label"]
    every = asked.index.blocks.get(block, ())
    spots = np.array([at for at in every if not BLOCK.sub("", labels[at]).removeprefix(whole)], np.int64)
    if not len(spots):
        return None
    lon, lat = place(asked.index, found)
    east = (asked.index.spot_lon[spots] - lon) * np.cos(np.radians(lat))
    metres = DEGREE * np.hypot(east, asked.index.spot_lat[spots] - lat)
    best = int(np.argmin(metres))
    return int(spots[best]) if metres[best] <= AROUND else None


def _alone(asked: Asked, parts: Mapping[str, str]) -> list[Found]:
    """A block without its community: all of that number."""
    spots = asked.index.blocks.get(parts.get("block", ""), ())
    size = len(asked.reading.tokens)
    rest = tuple(name for name in parts if name != "block")
    told = [(spot, Match(LANDMARK, spot, PLAIN, 0, size, 0.0, 3, 3, 1.0)) for spot in spots]
    value = ALONE if len(told) == 1 else ALONE / 2
    return [
        Found("facility", spot, value, match, town=int(asked.index.spot_town[spot]), unknown=rest)
        for spot, match in told
    ]
