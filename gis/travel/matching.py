"""Which segments of road a closure takes away.

An area closes every segment that it touches. A line closes the segments that it runs along and those that it crosses:

- It runs along a segment where both lie within ALONG metres of each other, in roughly one direction (less than 60
  degrees apart), over half of the segment, or half of the line, or ENOUGH metres, whichever is least.
- It crosses a segment where they meet; but not within ALONG metres of a junction with a segment that it runs along: a
  line drawn by hand wavers over the mouths of side streets, which are not meant.

Level does not count: a line across a bridge closes what passes beneath as well. Both directions are closed.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from gis.travel.segments import Ints, Segments

ALONG: Final = 8.0  #: metres to either side of a drawn line
ENOUGH: Final = 15.0  #: metres together that are no accident
DEGREE: Final = 111_320.0  #: metres of one degree of latitude

type Mask = NDArray[np.bool_]


def closed(roads: Segments, geometry: BaseGeometry) -> Ints:
    """The rows of `roads` that `geometry` (WGS 84; lines or polygons) closes, ascending."""
    parts = getattr(geometry, "geoms", [geometry])
    found = [_part(roads, part) for part in parts if not part.is_empty]
    return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _part(roads: Segments, part: BaseGeometry) -> Ints:
    if isinstance(part, LineString):
        return _line(roads, part)
    return np.asarray(roads.tree.query(part, predicate="intersects"), dtype=np.int64)


def _line(roads: Segments, line: LineString) -> Ints:
    scale = np.array([DEGREE * np.cos(np.radians(line.centroid.y)), DEGREE])
    near = np.asarray(roads.tree.query(line, predicate="dwithin", distance=ALONG / scale[0]), dtype=np.int64)
    drawn = shapely.transform(line, lambda at: at * scale)
    segments = shapely.transform(roads.lines[near], lambda at: at * scale)
    along = _along(drawn, segments)
    met = np.asarray(shapely.intersects(segments, drawn), dtype=bool) & ~along
    nodes = set(roads.ends[near[along]].ravel().tolist())
    for k in np.flatnonzero(met):
        met[k] = not _mouth(segments[k], drawn, [int(end) in nodes for end in roads.ends[near[k]]])
    found: Ints = near[along | met]
    return found


def _along(drawn: LineString, segments: Any) -> Mask:
    zone = drawn.buffer(ALONG, cap_style="flat")
    inside = np.array([_longest(part) for part in shapely.intersection(segments, zone)], dtype=object)
    together = shapely.length(inside)
    first, last = (shapely.line_locate_point(drawn, shapely.get_point(inside, end)) for end in (0, -1))
    enough = np.minimum(np.minimum(shapely.length(segments), drawn.length) / 2, ENOUGH)
    found: Mask = (together > 0) & (together >= enough) & (np.abs(last - first) >= together / 2)
    return found


def _longest(part: BaseGeometry) -> BaseGeometry:
    lines = [one for one in getattr(part, "geoms", [part]) if isinstance(one, LineString)]
    return max(lines, key=lambda one: one.length, default=LineString())


def _mouth(segment: LineString, drawn: LineString, joined: list[bool]) -> bool:
    """Whether the two meet only near an end of `segment` where it joins what the line runs along."""
    met = segment.intersection(drawn)
    ends = [Point(at) for at, joins in zip(segment.coords, joined, strict=True) if joins]
    return any(end.hausdorff_distance(met) <= ALONG for end in ends)
