"""From what was found in an index to places as others know them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from gis.geocode.calibration import probability
from gis.geocode.index.model import PREFIX, Index
from gis.geocode.judging import Found
from gis.geocode.reversing import nearest_house
from gis.geocode.searching import HOUSES, place
from gis.model import Found as How
from gis.model import Place, Point
from gis.spelling import chinese

SAME: Final = 3e-4  #: degrees within which two rows with one label are one thing, mapped twice
DOOR: Final = 10.0  #: metres within which an address is at its point
CROSSING: Final = 15.0
BLOCK: Final = 60.0  #: metres more where it is not known in which block
IN_SIGHT: Final = 300.0  #: metres within which a house tells where something is
WHOLE: Final = {"longer": "address"}  #: kinds that a place is told apart by


def places(index: Index, found: Sequence[Found], limit: int) -> list[Place]:
    """The best first, each once, at most `limit`; where two are called the same, each with its town."""
    kept: list[tuple[Place, str]] = []
    for each, sure in zip(found, probability(found), strict=False):
        if sure is None:
            continue
        told, town = _place(index, each, sure), index.towns[each.town]
        if not any(_same(told, other) or _indistinct(told, other, town == its) for other, its in kept):
            kept.append((told, town))
        if len(kept) == limit:
            break
    called = Counter(told.label for told, _ in kept)
    return [
        replace(told, label=f"{told.label}, {town}") if called[told.label] > 1 and town else told for told, town in kept
    ]


def _place(index: Index, found: Found, score: float) -> Place:
    lon, lat = place(index, found)
    cell = _cell(index, found)
    at = int(np.searchsorted(index.cell_id, cell)) if cell else -1
    known = at >= 0 and at < len(index.cell_id) and int(index.cell_id[at]) == cell
    return Place(
        point=Point(lon, lat),
        label=_label(index, found),
        found=_how(found),
        score=score,
        accuracy_m=round(_reach(index, found), 1),
        cell=cell if known else None,
        cell_code=index.texts["cell_code"][at] if known else None,
        area=int(index.cell_area[at]) if known else None,
        kind=WHOLE.get(found.kind, found.kind),
        unknown=found.unknown,
    )


def _cell(index: Index, found: Found) -> int:
    if found.kind == "crossing":
        return int(index.cross_cell[found.row])
    return int(
        (index.house_cell if found.kind in HOUSES or found.kind == "interpolated" else index.spot_cell)[found.row]
    )


def _label(index: Index, found: Found) -> str:
    if found.kind in HOUSES:
        return index.texts["house_label"][found.row]
    if found.kind == "crossing" and found.other is not None:
        first, second = sorted((found.match, found.other), key=lambda match: match.start)
        return f"{_street(index, first.target)} / {_street(index, second.target)}"
    if found.kind == "interpolated":
        name = _street(index, found.match.target)
        return f"{name}{found.asked}" if chinese.has_signs(name) else f"{name} {found.asked}"
    if found.within is not None:
        whole, block = index.texts["spot_label"][found.within], index.texts["spot_label"][found.row]
        return block if block.startswith(whole) else f"{whole}{block}"
    return index.texts["spot_label"][found.row] or _unnamed(index, found)


def _unnamed(index: Index, found: Found) -> str:
    """What has no name by its sort and the house next to it: "toilets (Landstrasse 5)"."""
    lon, lat = place(index, found)
    next_to = nearest_house(index, Point(lon, lat), IN_SIGHT)
    return f"{found.said} ({index.texts['house_label'][next_to[0]]})" if next_to else found.said


def _street(index: Index, street: int) -> str:
    return index.texts["street_name"][street]


def _how(found: Found) -> How:
    if found.match.form == PREFIX or found.kind == "longer":
        return How.PREFIX
    if found.kind in ("neighbour", "lane", "interpolated"):
        return How.STREET
    if found.match.cost > 0:
        return How.TYPO
    return {"street": How.STREET, "facility": How.FACILITY, "area": How.FACILITY}.get(found.kind, How.EXACT)


def _reach(index: Index, found: Found) -> float:
    if found.kind == "crossing":
        return CROSSING
    if found.kind in ("neighbour", "lane", "interpolated"):
        return 2 * DOOR + DOOR * found.gap
    lost = BLOCK if "block" in found.unknown else 0.0
    return lost + (DOOR if found.kind in HOUSES else float(index.spot_reach[found.row]))


def _same(a: Place, b: Place) -> bool:
    """One thing, found twice or mapped twice."""
    if a.label != b.label or a.point is None or b.point is None:
        return False
    return abs(a.point.lon - b.point.lon) < 2 * SAME and abs(a.point.lat - b.point.lat) < SAME


def _indistinct(a: Place, b: Place, one_town: bool) -> bool:
    """Two of one name in one cell and one town: nobody could choose between them."""
    return a.cell is not None and one_town and (a.label, a.kind, a.cell) == (b.label, b.kind, b.cell)
