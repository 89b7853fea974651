"""Areas of a place as they stand and as an extract draws them: told, never applied: cells and codes hang on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shapely.geometry.base import BaseGeometry

from gis.model import Area, AreaLevel
from gis.osm.model import Community

SAME: Final = 0.999  #: of the ground in either that must be in both
ALIKE: Final = 0.5  #: that makes an area of another name the same area


@dataclass(frozen=True, kw_only=True)
class AreaChange:
    """A difference that somebody may want to draw a new division for."""

    verdict: str  #: added, changed, gone
    code: str | None  #: of the area that stands
    name: str
    was: str | None  #: its name until now
    share: float  #: of the ground of both that is in both
    geom: BaseGeometry  #: as it would be; where it is gone, as it was


def compared(standing: Sequence[tuple[Area, BaseGeometry]], drawn: Sequence[Community]) -> list[AreaChange]:
    """Every area below the district that is not as it was."""
    here = [(area, geom) for area, geom in standing if area.level is not AreaLevel.DISTRICT]
    if len(here) <= 1 and len(drawn) <= 1:  # a place without areas of its own is its outline, which stays
        return []
    found: list[AreaChange] = []
    left = list(drawn)
    for area, geom in here:
        level = [one for one in left if one.level is area.level]
        now = max(level, key=lambda one: (one.name == area.name, _share(geom, one.geom)), default=None)
        if now is None or (now.name != area.name and _share(geom, now.geom) < ALIKE):
            found.append(
                AreaChange(verdict="gone", code=area.code, name=area.name, was=area.name, share=0.0, geom=geom)
            )
            continue
        left.remove(now)
        share = _share(geom, now.geom)
        if share < SAME or now.name != area.name:
            found.append(
                AreaChange(
                    verdict="changed",
                    code=area.code,
                    name=now.name,
                    was=area.name,
                    share=round(share, 4),
                    geom=now.geom,
                )
            )
    found += [AreaChange(verdict="added", code=None, name=one.name, was=None, share=0.0, geom=one.geom) for one in left]
    return found


def _share(one: BaseGeometry, other: BaseGeometry) -> float:
    both = one.intersection(other).area
    return float(both / (one.area + other.area - both))
