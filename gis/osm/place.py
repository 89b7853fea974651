"""Which place a file is about: the administrative area that holds most of it, else the box it was cut with.

Extracts reach outside the place they are named for (ways and relations are kept whole), and the box in the header may
reach further still. So the buildings and addresses vote.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Point, Polygon

from gis.errors import BadExtract
from gis.model import Names
from gis.osm import tags as read_tags
from gis.osm.metric import widened
from gis.osm.model import Box, Extent, Extract, Thing
from gis.osm.shapes import multipolygon

type Voters = NDArray[np.float64]  #: (n, 2) degrees

GRID = 1e-7  #: OSM's own precision in degrees; shared borders stay shared on it
ENOUGH = 0.5  #: of the voters must lie inside
AS_GOOD = 0.95  #: a smaller area wins that holds this share of what the best one holds
ROOMY = 25.0  #: a box this many times larger than the built-up ground in it says nothing of the place
FAR = 3.0  #: times the distance within which nine of ten voters stand from their middle
RIM = 60.0  #: metres of ground around the outermost building
RANKS = (
    *("country", "state", "city", "town", "municipality", "borough"),
    *("suburb", "quarter", "village", "neighbourhood", "hamlet"),
)


def extent(extract: Extract, file: Path, name: str | None = None) -> Extent:
    """The place of an extract; `name` overrules what the map says. Raises BadExtract where nothing is on the map."""
    voters = extract.voters
    if len(voters) == 0:
        raise BadExtract(file=file.name, reason="empty")
    if area := _administrative(extract.outlines, voters):
        clip = _within(area.geom, extract.box)
        return _extent(name, read_tags.names(area.tags), clip, "administrative")
    clip, source = _unnamed(extract.box, voters)
    names = _nearest_place(extract.places, clip.centroid) or {"": _spoken(file)}
    return _extent(name, names, clip, source)


def _extent(name: str | None, names: Names, clip: MultiPolygon, source: str) -> Extent:
    exact = multipolygon(shapely.set_precision(clip, GRID))
    return Extent(
        name=name or names.get("", "?"), names=names if name is None else {"": name}, clip=exact, source=source
    )


def _administrative(areas: Iterable[Thing[MultiPolygon]], voters: Voters) -> Thing[MultiPolygon] | None:
    """The smallest administrative area that holds most voters, sea areas losing to land areas that hold as many."""
    candidates = list(areas)
    held = {id(a): _share(a, voters) for a in candidates}
    best = max(held.values(), default=0.0)
    if best < ENOUGH:
        return None
    return min((a for a in candidates if held[id(a)] >= AS_GOOD * best), key=lambda a: a.geom.area)


def _share(area: Thing[MultiPolygon], voters: Voters) -> float:
    shapely.prepare(area.geom)
    return float(np.mean(shapely.contains_xy(area.geom, voters[:, 0], voters[:, 1])))


def _within(geom: MultiPolygon, box: Box | None) -> MultiPolygon:
    """A whole relation may reach far outside the data; the file's own box is where the data ends."""
    return multipolygon(shapely.intersection(geom, shapely.box(*box))) if box else geom


def _unnamed(box: Box | None, voters: Voters) -> tuple[MultiPolygon, str]:
    """The file's box where it fits the data, else the hull of what is there without its outliers."""
    xy = _without_outliers(voters)
    low, high = xy.min(axis=0), xy.max(axis=0)
    if box and _fits(shapely.box(*box), xy):
        return multipolygon(shapely.box(*box)), "box"
    reach = widened((0.0, low[1], 0.0, high[1]), RIM)[2]
    return multipolygon(shapely.MultiPoint(xy).convex_hull.buffer(reach, quad_segs=2)), "hull"


def _fits(box: Polygon, xy: NDArray[np.float64]) -> bool:
    """Whether a box is about the ground on which these positions lie."""
    built = float(np.prod(np.ptp(xy, axis=0)))
    return box.contains(Point(*np.median(xy, axis=0))) and box.area < ROOMY * built


def _without_outliers(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions near the middle of all: a stray mapped object must not stretch the place across a continent."""
    away = np.hypot(*(xy - np.median(xy, axis=0)).T)
    near: NDArray[np.float64] = xy[away <= FAR * np.percentile(away, 90)]
    return near


def _nearest_place(nodes: Iterable[Thing[Point]], centre: Point) -> Names | None:
    """The name of the most important place in the file, the nearest of equals."""
    named = [n for n in nodes if n.tags.get("place") in RANKS and n.tags.get("name")]
    order = sorted(named, key=lambda n: (max(1, RANKS.index(n.tags["place"])), n.geom.distance(centre)))
    return read_tags.names(order[0].tags) if order else None


def _spoken(file: Path) -> str:
    words = file.name.split(".")[0].replace("-", " ").replace("_", " ").split()
    return " ".join(word.capitalize() for word in words if not word.isdigit()) or file.name
