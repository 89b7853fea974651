"""A small town by the sea for the travel tests: a net of streets at the equator, where 0.001 degrees are 111 m.

The mainland is 8 x 8 crossings, 111 m apart, from (0, 0) to (0.007, 0.007). One islet lies 167 m east of it, a far
island 5.6 km east.
"""

from __future__ import annotations

from pathlib import Path

from gis.model import Point

STEP = 0.001
HOME = Point(0.001, 0.001)
WORK = Point(0.005, 0.004)
ISLET = Point(0.0087, 0.003)
ISLET_END = Point(0.0097, 0.003)
FAR = Point(0.058, 0.003)
FAR_END = Point(0.0588, 0.003)
SEA = Point(0.03, 0.003)


def town(*, kind: str = "residential") -> str:
    """OSM XML of the town; `kind` is the highway of its streets."""
    nodes: dict[tuple[float, float], int] = {}

    def node(x: float, y: float) -> int:
        return nodes.setdefault((round(x, 7), round(y, 7)), len(nodes) + 1)

    lines = [[(STEP * x, STEP * y) for x in range(8)] for y in range(8)]
    lines += [[(STEP * x, STEP * y) for y in range(8)] for x in range(8)]
    lines += [[(ISLET.lon - 0.0002, 0.003), (ISLET_END.lon + 0.0002, 0.003)], [(0.0575, 0.003), (0.0595, 0.003)]]
    ways = "".join(
        f'<way id="{at}" version="1">'
        + "".join(f'<nd ref="{node(*position)}"/>' for position in line)
        + f'<tag k="highway" v="{kind}"/></way>'
        for at, line in enumerate(lines, 1)
    )
    points = "".join(f'<node id="{i}" version="1" lon="{x}" lat="{y}"/>' for (x, y), i in nodes.items())
    return f'<?xml version="1.0"?><osm version="0.6">{points}{ways}</osm>'


def write(folder: Path, *, kind: str = "residential") -> Path:
    path = folder / "town.osm"
    path.write_text(town(kind=kind), encoding="utf-8")
    return path


def silent(step: str, share: float) -> None:
    """A progress that nobody watches."""
