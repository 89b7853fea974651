"""Named streets: the ways of one name that hang together. Two villages may each have a Dorfstrasse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from gis.model import Names
from gis.osm import tags as read_tags
from gis.osm.metric import project
from gis.osm.model import Street, Thing

APART = 500.0  #: metres between two pieces of one name that make them two streets


def of_name(name: str, pieces: Sequence[tuple[BaseGeometry, Names]], srid: int) -> list[Street]:
    """The streets of one name. `srid`: a plane in metres."""
    metric = project([geom for geom, _ in pieces], srid)
    return [_street(name, [pieces[i] for i in group]) for group in clusters(metric)]


def of_square(squares: Iterable[Thing[MultiPolygon]], srid: int) -> list[Street]:
    """The rims of named squares."""
    pieces: dict[str, list[tuple[BaseGeometry, Names]]] = defaultdict(list)
    for square in squares:
        pieces[square.tags["name"]] += [(part.exterior, read_tags.names(square.tags)) for part in square.geom.geoms]
    return [street for name in sorted(pieces) for street in of_name(name, pieces[name], srid)]


def _street(name: str, pieces: Sequence[tuple[BaseGeometry, Names]]) -> Street:
    names: dict[str, str] = {}
    for _, more in pieces:
        names = {**more, **names}
    lines = [shapely.LineString(geom.coords) for geom, _ in pieces]
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    longest = max(shapely.get_parts(merged), key=shapely.length)
    return Street(
        name=name,
        names=names,
        geom=shapely.MultiLineString([line.coords for line in shapely.get_parts(merged)]),
        point=longest.interpolate(0.5, normalized=True),
    )


def clusters(metric: Sequence[BaseGeometry]) -> list[list[int]]:
    """Indexes of shapes that hang together within APART metres, directly or through others."""
    parent = list(range(len(metric)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    if len(metric) > 1:
        one, other = shapely.STRtree(list(metric)).query(
            np.array(metric, dtype=object), predicate="dwithin", distance=APART
        )
        for i, j in zip(one.tolist(), other.tolist(), strict=True):
            parent[max(root(i), root(j))] = min(root(i), root(j))
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(metric)):
        groups[root(i)].append(i)
    return list(groups.values())
