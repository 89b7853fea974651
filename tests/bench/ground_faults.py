"""What checking, mending and editing cost and find on real cells: a table of CPU seconds.

`python -m tests.bench.ground_faults URL` over the districts in there; nothing is stored.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from time import process_time

import numpy as np
import shapely
from shapely import LineString

from gis.database import engine_for
from gis.errors import EditRefused
from gis.grid import Fault, Given, GivenCell, Grid, Kind, check, compile_place, mend, merge, split
from gis.store import districts
from gis.store.blocks import blocks
from tests.gis.damage import WAYS, damaged, given_of

SHARE = 0.1  #: of the cells are damaged
EDITS = 40


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("url")
    engine = engine_for(asked.parse_args().url)
    with engine.connect() as tx:
        for place in districts.districts(tx):
            ground = blocks(tx, place.id)
            for line in told(place.code, given_of(compile_place(ground), ground)):
                sys.stdout.write(f"| {line} |\n")
            whole = communes(given_of(compile_place(ground), ground))
            sys.stdout.write(f"| {place.code} | {len(whole.cells)} communities as cells | {kinds(check(whole))} |\n")


def told(code: str, given: Given) -> Iterator[str]:
    """The rows of one place: as it is, edits, and each way of damage."""
    faults, seconds = timed(lambda: check(given))
    size = f"{len(given.cells)} cells, {len(given.buildings)} buildings"
    yield f"{code} | {size} | check {seconds:.2f} s | {kinds(faults)}"
    near, edit = edits(given)
    yield f"{code} | a neighbourhood | check {near:.0f} ms | edit with check {edit:.0f} ms (medians)"
    for kind in WAYS:
        bad = damaged(given, 1, kind, SHARE)
        found, checked = timed(lambda bad=bad: check(bad))  # type: ignore[misc]  # bound at once
        done, mended = timed(lambda bad=bad, found=found: mend(bad, found))  # type: ignore[misc]
        left = [fault for fault in done.left if fault.mends]
        yield f"{code} | {kind} | check {checked:.2f} s | {kinds(found)} | mend {mended:.2f} s | left {kinds(left)}"


def edits(given: Given) -> tuple[float, float]:
    """Milliseconds of CPU, middle of many: a check of a neighbourhood, and a split or a merge with its check."""
    rng = np.random.default_rng(0)
    near, edit = [], []
    for n in rng.integers(len(given.cells), size=EDITS).tolist():
        cell = given.cells[n]
        hood = around(given, cell)
        near.append(timed(lambda hood=hood, key=cell.key: check(hood, near=[key]))[1])  # type: ignore[misc]
        edit.append(timed(lambda hood=hood, cell=cell: drawn(hood, cell))[1])  # type: ignore[misc]
    return 1000 * statistics.median(near), 1000 * statistics.median(edit)


def around(given: Given, cell: GivenCell) -> Given:
    """What a store would load for an edit of `cell`."""
    frame = shapely.box(*cell.polygon.bounds).buffer(50)
    rows = tuple(other for other in given.cells if other.polygon.intersects(frame))
    houses = tuple(house for house in given.buildings if house.polygon.intersects(frame))
    return Given(cells=rows, communities=given.communities, buildings=houses, plane=given.plane)


def drawn(given: Given, cell: GivenCell) -> object:
    """A line across the cell, or its merger where that is no cell to split."""
    west, south, east, north = cell.polygon.bounds
    try:
        return split(given, cell.key, LineString([((west + east) / 2, south - 1), ((west + east) / 2, north + 1)]))
    except EditRefused:
        return merge(given, [cell.key, next(o.key for o in given.cells if o.polygon.touches(cell.polygon))])


def communes(given: Given) -> Given:
    """The communities as cells, as they were given."""
    rows = [GivenCell(key=c.code, polygon=c.polygon, community=c.code) for c in given.communities]
    return Given(cells=tuple(rows), communities=given.communities, plane=given.plane)


def kinds(faults: Sequence[Fault]) -> str:
    """How many of each kind."""
    counts = {kind: sum(fault.kind is kind for fault in faults) for kind in Kind}
    return ", ".join(f"{kind.value} {count}" for kind, count in counts.items() if count) or "none"


def compactness(grid: Grid) -> float:
    """The median of Polsby and Popper's 4 pi area / perimeter²: 1 is a circle, 0.79 a square."""
    polygons = np.array([cell.polygon for cell in grid.cells])
    return float(np.median(4 * np.pi * shapely.area(polygons) / shapely.length(polygons) ** 2))


def timed[Answer](question: Callable[[], Answer]) -> tuple[Answer, float]:
    """The answer, and the CPU seconds it took."""
    began = process_time()
    answer = question()
    return answer, process_time() - began


if __name__ == "__main__":
    main()
