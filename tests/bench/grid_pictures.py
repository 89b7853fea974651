"""Small pictures of faults and of what mending makes of them: `python -m tests.bench.grid_pictures FOLDER`.

The cells are those that the compiler makes of a made-up town, damaged in one way each. `docs/grid.md` shows them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.grid import Fault, Given, check, compile_place, mend
from tests.gis.damage import damaged, given_of
from tests.gis.towns import town

SIDE = 150  #: pixels
REACH = 45.0  #: metres round the fault
SHOWN = {"gap": "cut", "overlap": "shifted", "sliver": "jittered", "building_cut": "shifted", "in_pieces": "cut"}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    blocks = town(7, streets=9, houses=60)
    good = given_of(compile_place(blocks), blocks)
    for kind, how in SHOWN.items():
        bad = damaged(good, 3, how)
        faults = check(bad)
        fault = next(f for f in faults if f.kind.value == kind and f.mends)
        (folder / f"grid-{kind}.svg").write_text(picture(fault, bad, mend(bad, faults).given) + "\n", encoding="utf-8")


def picture(fault: Fault, before: Given, after: Given) -> str:
    """The neighbourhood of a fault, before and after."""
    if fault.geometry is None:
        raise ValueError(fault.kind)
    middle = shapely.point_on_surface(fault.geometry)
    frame = middle.buffer(REACH, cap_style="square")
    left = pane(frame, before, fault.geometry)
    right = pane(frame, after, None)
    size = f'width="{2 * SIDE + 10}" height="{SIDE}" viewBox="0 0 {2 * SIDE + 10} {SIDE}"'
    second = f'<g transform="translate({SIDE + 10} 0)">{right}</g>'
    title = f"<title>{fault.kind.value}: before and after</title>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">{title}{left}{second}</svg>'


def pane(frame: BaseGeometry, given: Given, fault: BaseGeometry | None) -> str:
    """Cells and buildings in a frame; what is wrong in red."""
    cells = drawn((cell.polygon for cell in given.cells), frame, 'fill="#eef3f7" stroke="#33597d" stroke-width="1.2"')
    houses = drawn((house.polygon for house in given.buildings), frame, 'fill="#b9b2a8" fill-opacity="0.8"')
    wrong = drawn([fault.buffer(0.15)], frame, 'fill="#d2342f" fill-opacity="0.75"') if fault is not None else ""
    return f'<rect width="{SIDE}" height="{SIDE}" fill="#ffffff"/>{cells}{houses}{wrong}'


def drawn(shapes: Iterable[BaseGeometry], frame: BaseGeometry, style: str) -> str:
    """Surfaces as SVG paths."""
    west, south, east, _ = frame.bounds
    scale = SIDE / (east - west)
    paths = []
    for shape in shapes:
        for part in shapely.get_parts(shapely.intersection(shape, frame)):
            for ring in shapely.get_rings(part):
                xy = (shapely.get_coordinates(ring) - [west, south]) * [scale, -scale] + [0, SIDE]
                points = " ".join(f"{x:.1f},{y:.1f}" for x, y in np.round(xy, 1).tolist())
                paths.append(f'<polygon points="{points}" {style}/>')
    return "".join(paths)


if __name__ == "__main__":
    main()
