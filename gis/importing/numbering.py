"""Codes of the areas of a new district: LIE, street offices LIE-A, LIE-B, communities LIE01, LIE02."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from shapely.geometry import MultiPolygon

from gis.model import AreaLevel, Names
from gis.osm.model import Community, Extent

type CodedArea = tuple[AreaLevel, str, str, Names, MultiPolygon, int | None]


def coded(code: str, extent: Extent, areas: Sequence[Community]) -> list[CodedArea]:
    """The district and everything below it, each with its code and the index of what stands above it."""
    digits = max(2, len(str(len(areas))))
    rows: list[CodedArea] = [(AreaLevel.DISTRICT, code, extent.name, extent.names, extent.clip, None)]
    streets = communities = 0
    for area in areas:
        above = 0 if area.parent is None else area.parent + 1
        if area.level is AreaLevel.STREET:
            own = f"{code}-{letters(streets)}"
            streets += 1
        else:
            communities += 1
            own = f"{code}{communities:0{digits}d}"
        rows.append((area.level, own, area.name, area.names, area.geom, above))
    return rows


def letters(index: int) -> str:
    """A .. Z, AA, AB .., as columns of a sheet count."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = ascii_uppercase[rest] + text
    return text
