"""A fictional village as OSM XML, small enough to know by heart, with one of each broken thing if asked.

Two streets cross at (10.0, 50.0); four houses, a school, a hydrant, a pond, a border between two communities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

Position = tuple[float, float]
LON, LAT = 10.0, 50.0
STEP = 0.001  #: about 71 m east, 111 m north


class Village:
    """Collects nodes, ways and relations and writes them as an extract."""

    def __init__(self, box: bool = True) -> None:
        self.nodes: list[str] = []
        self.ways: list[str] = []
        self.relations: list[str] = []
        self.box = box
        self._next = 100

    def node(self, at: Position, **tags: str) -> int:
        self._next += 1
        lon, lat = LON + at[0] * STEP, LAT + at[1] * STEP
        self.nodes.append(f'<node id="{self._next}" version="1" lon="{lon:.7f}" lat="{lat:.7f}">{_tags(tags)}</node>')
        return self._next

    def way(self, points: Sequence[Position | int], **tags: str) -> int:
        """A way through positions, or through nodes by number."""
        refs = [point if isinstance(point, int) else self.node(point) for point in points]
        self._next += 1
        nodes = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        self.ways.append(f'<way id="{self._next}" version="1">{nodes}{_tags(tags)}</way>')
        return self._next

    def ring(self, west: float, south: float, size: float, **tags: str) -> int:
        """A closed square."""
        corners = [(west, south), (west + size, south), (west + size, south + size), (west, south + size)]
        refs: list[Position | int] = [self.node(corner) for corner in corners]
        return self.way([*refs, refs[0]], **tags)

    def relation(self, members: Sequence[tuple[str, int, str]], **tags: str) -> int:
        self._next += 1
        inner = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
        self.relations.append(f'<relation id="{self._next}" version="1">{inner}{_tags(tags)}</relation>')
        return self._next

    def text(self) -> str:
        west, south, east, north = LON - 5 * STEP, LAT - 5 * STEP, LON + 5 * STEP, LAT + 5 * STEP
        bounds = f'<bounds minlon="{west}" minlat="{south}" maxlon="{east}" maxlat="{north}"/>' if self.box else ""
        inside = "\n".join([bounds, *self.nodes, *self.ways, *self.relations])
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">\n{inside}\n</osm>\n'

    def write(self, file: Path) -> Path:
        file.write_text(self.text(), encoding="utf-8")
        return file


def village(*, box: bool = True) -> Village:
    """Nothing broken in it."""
    v = Village(box=box)
    v.way([(-4, 0), (0, 0), (4, 0)], highway="residential", name="成府路", **{"name:en": "Chengfu Road"})
    v.way([(0, -4), (0, 0), (0, 4)], highway="tertiary", name="Mühlgasse", **{"name:zh-Hant": "磨坊巷"})
    v.way([(-4, 2), (4, 2)], highway="footway")
    v.ring(1, 0.3, 0.3, building="house", **{"addr:street": "成府路", "addr:housenumber": "28"})
    v.ring(2, 0.3, 0.3, building="yes", **{"building:levels": "3"})
    v.node((2.1, 0.4), **{"addr:street": "成府路", "addr:housenumber": "30"})
    v.ring(-2, 0.3, 0.3, building="garage")
    v.ring(-3, -2, 1, building="school", amenity="school", name="Schule")
    v.node((-1, -1), **{"addr:housenumber": "7"})
    v.node((0.1, 0.1), emergency="fire_hydrant")
    v.node((0.2, 1.1), place="village", name="Musterdorf", **{"name:zh": "样板村", "name:sv": "Mönsterby"})
    v.ring(-4, 3, 0.8, natural="water", name="Weiher")
    return v


def add_communities(v: Village) -> None:
    """A district with a west and an east community, whose common border follows the Mühlgasse."""
    south, north = v.node((0, -4.5)), v.node((0, 4.5))
    west = v.way([south, (-4.5, -4.5), (-4.5, 4.5), north])
    east = v.way([south, (4.5, -4.5), (4.5, 4.5), north])
    middle = v.way([south, north])
    border = {"type": "boundary", "boundary": "administrative"}
    v.relation([("way", west, "outer"), ("way", east, "outer")], **border, admin_level="8", name="Musterstadt")
    v.relation([("way", west, "outer"), ("way", middle, "outer")], **border, admin_level="10", name="Westend")
    v.relation([("way", east, "outer"), ("way", middle, "outer")], **border, admin_level="10", name="Ostend")


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
