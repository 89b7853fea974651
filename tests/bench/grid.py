"""How long a grid takes and what comes out: `python -m tests.bench.grid postgresql://...` over the districts in there.

`compact` is the median of 4 pi area / perimeter² (Polsby and Popper).
Nothing is kept: each division is stored, checked and rolled back.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, text

from gis.database import engine_for
from gis.grid import Grid, compile_place
from gis.model import District
from gis.store import cells, districts
from gis.store.blocks import blocks
from tests.bench.ground_faults import compactness

HEAD = (
    "place",
    "buildings",
    "cells",
    "min m²",
    "median m²",
    "built-up",
    "max m²",
    "compact",
    "read",
    "compile",
    "save",
    "cut",
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("url")
    engine = engine_for(asked.parse_args().url)
    with engine.connect() as tx:
        places = districts.districts(tx)
    tell(HEAD)
    for place in places:
        tell(row(engine, place))


def tell(words: Sequence[object]) -> None:
    """One line of the table."""
    sys.stdout.write(" ".join(f"{word:>10}" for word in words) + "\n")


def row(engine: Engine, place: District) -> tuple[object, ...]:
    """The figures of one place, in the order of HEAD."""
    with engine.connect() as tx:
        tx.execute(text("SET LOCAL statement_timeout = 0"))
        given, read = timed(lambda: blocks(tx, place.id))
        grid, compiled = timed(lambda: compile_place(given))
        _, saved = timed(lambda: cells.save_grid(tx, place.id, grid))
        tx.rollback()
    return (
        place.code,
        len(given.buildings),
        len(grid.cells),
        *sizes(grid),
        f"{compactness(grid):.2f}",
        read,
        compiled,
        saved,
        cut(grid),
    )


def sizes(grid: Grid) -> tuple[int, ...]:
    """Least, middle, middle of the built-up ones, greatest."""
    area = [cell.area_m2 for cell in grid.cells]
    built = [cell.area_m2 for cell in grid.cells if len(cell.buildings) > 3] or [0.0]
    return round(min(area)), round(median(area)), round(median(built)), round(max(area))


def cut(grid: Grid) -> str:
    """Buildings that a border runs through, by reason."""
    reasons = Counter(found.reason.value for found in grid.cut)
    return " ".join(f"{reason} {count}" for reason, count in sorted(reasons.items())) or "none"


def timed[Answer](question: Callable[[], Answer]) -> tuple[Answer, str]:
    """The answer, and the seconds it took."""
    began = perf_counter()
    answer = question()
    return answer, f"{perf_counter() - began:.2f} s"


if __name__ == "__main__":
    main()
