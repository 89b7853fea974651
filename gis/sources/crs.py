"""Coordinate systems: names, ways into WGS 84, and which one a file is likely to be in.

A name is `EPSG:n`, `GCJ-02` or `BD-09`; ` yx` at its end says that the first coordinate is the north one, as CGCS2000
(EPSG:4490) and its zones have it on paper and some files have it in fact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from shapely.geometry.base import BaseGeometry

from gis import datum
from gis.model import Point
from gis.sources.turning import turned

DEGREES: Final = "EPSG:4326"
GCJ, BD = "GCJ-02", "BD-09"
SHIFTED: Final = {GCJ: datum.wgs_from_gcj, BD: datum.wgs_from_bd}
NORTH_FIRST: Final = " yx"
GEODETIC: Final = (DEGREES, "EPSG:4490")
ZONES: Final = tuple(f"EPSG:{code}" for code in range(4513, 4555))  #: CGCS2000 by Gauss-Krüger, with zone and without
FLAT: Final = ("EPSG:3826", "EPSG:3857", "EPSG:25832", "EPSG:31467", "EPSG:31468", "EPSG:2056", "EPSG:21781")
ENOUGH: Final = 0.5  #: share of the rows that must fall inside before a guess is worth telling
#: What a person may choose from without typing.
USUAL: Final = (DEGREES, "EPSG:4490", GCJ, BD, "EPSG:3826", "EPSG:3857")

type Coords = NDArray[np.float64]
type Convert = Callable[[Coords], Coords]


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A coordinate system and how much of the file falls inside the place with it."""

    crs: str
    inside: float


def named(text: str) -> str | None:
    """The name of a coordinate system as files and people write it; None where it is none that is known."""
    bare, north = text.strip(), ""
    if bare.lower().endswith(NORTH_FIRST):
        bare, north = bare[: -len(NORTH_FIRST)].strip(), NORTH_FIRST
    special = bare.upper().replace("-", "").replace(" ", "").replace("_", "")
    if special in ("GCJ02", "GCJ", "AMAP", "高德"):
        return GCJ + north
    if special in ("BD09", "BD09LL", "BAIDU", "百度"):
        return BD + north
    code = _epsg(bare)
    return None if code is None else f"EPSG:{code}{north}"


def to_degrees(crs: str) -> Convert:
    """A function from coordinates (n, 2), east first, in `crs` to WGS 84 degrees. What is nowhere becomes inf.

    Raises KeyError for a name that `named` does not give.
    """
    bare = crs.removesuffix(NORTH_FIRST)
    convert = turned(SHIFTED[bare]) if bare in SHIFTED else _projected(bare)
    if crs.endswith(NORTH_FIRST):
        return lambda coords: convert(coords[:, ::-1])
    return convert


def convert(shapes: Sequence[BaseGeometry | None], crs: str) -> NDArray[np.object_]:
    """Shapes in WGS 84 degrees, flat."""
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    return flat if crs == DEGREES else shapely.transform(flat, to_degrees(crs))


def degrees_of(points: Sequence[Point], crs: str) -> list[Point]:
    """Positions whose `lon` and `lat` are coordinates in `crs`, east and north, as WGS 84."""
    found = to_degrees(crs)(np.array([(point.lon, point.lat) for point in points], np.float64).reshape(-1, 2))
    return [Point(float(lon), float(lat)) for lon, lat in found]


def guesses(coords: Coords, place: BaseGeometry, *, hint: str = "") -> list[Guess]:
    """What `coords` (n, 2) may be in, the likeliest first: with what most of them lie in `place`, a polygon in degrees.

    `hint` is text that may name a system (the file, its columns). WGS 84, GCJ-02 and BD-09 differ by some 500 m, which
    the place alone cannot tell apart: the hint can.
    """
    sound = coords[np.isfinite(coords).all(axis=1)][:500]
    if not len(sound):
        return []
    shapely.prepare(place)
    rated = [Guess(crs=crs, inside=_inside(sound, crs, place)) for crs in _possible(sound, place, hint)]
    return sorted((one for one in rated if one.inside > 0), key=lambda one: -one.inside)


def ambiguous(coords: Coords, crs: str) -> bool:
    """Whether nobody can tell by the numbers: degrees on the mainland, where maps shift what they show."""
    if crs.removesuffix(NORTH_FIRST) != DEGREES or not len(coords):
        return False
    middle = np.median(to_degrees(crs)(coords), axis=0)
    return datum.in_mainland(Point(float(middle[0]), float(middle[1])))


def hinted(text: str) -> str | None:
    """GCJ-02 or BD-09 where the text names them or whose maps they are."""
    low = text.lower()
    if any(word in low for word in ("bd09", "bd-09", "baidu", "百度")):
        return BD
    if any(word in low for word in ("gcj", "amap", "gaode", "高德", "腾讯", "騰訊", "火星")):
        return GCJ
    return None


def _possible(coords: Coords, place: BaseGeometry, hint: str) -> list[str]:
    """Systems whose numbers look like these."""
    x, y = np.abs(np.median(coords, axis=0))
    if x <= 180 and y <= 180:
        said = hinted(hint)
        crs = [*([said] if said else []), *GEODETIC[:1]]
        return [*crs, *(f"{one}{NORTH_FIRST}" for one in crs)]
    centre = place.centroid
    zone = int((centre.x + 180) // 6) + 1
    utm = f"EPSG:{(32600 if centre.y >= 0 else 32700) + zone}"
    near = [crs for crs in ZONES if _covers(crs, centre.x)] if datum.in_mainland(Point(centre.x, centre.y)) else []
    flat = [*near, *FLAT, utm] if near else [utm, *FLAT]
    return [*flat, *(f"{one}{NORTH_FIRST}" for one in (*near, *FLAT[:1]))]


@cache
def _covers(crs: str, lon: float) -> bool:
    area = CRS(crs).area_of_use
    return area is not None and float(area.west) - 1 <= lon <= float(area.east) + 1


def _inside(coords: Coords, crs: str, place: BaseGeometry) -> float:
    there = to_degrees(crs)(coords)
    return float(np.mean(shapely.intersects_xy(place, there[:, 0], there[:, 1])))


def _projected(crs: str) -> Convert:
    transformer = _transformer(crs)

    def convert(coords: Coords) -> Coords:
        east, north = transformer.transform(coords[:, 0], coords[:, 1], errcheck=False)
        return np.column_stack([east, north])

    return convert


@cache
def _transformer(crs: str) -> Transformer:
    try:
        return Transformer.from_crs(crs, DEGREES, always_xy=True)
    except (CRSError, ProjError) as error:
        raise KeyError(crs) from error


@cache
def _epsg(text: str) -> int | None:
    try:
        known = CRS.from_user_input(f"EPSG:{text}" if text.isdigit() else text)
        found = known.to_epsg() or known.to_epsg(min_confidence=40)
    except (CRSError, ProjError, ValueError):
        return None
    return 4326 if found is None and _is_crs84(known) else found


def _is_crs84(crs: CRS) -> bool:
    return bool(crs.to_authority() == ("OGC", "CRS84"))
