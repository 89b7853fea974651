"""What an import costs: `python -m tests.bench.imports EXTRACT...` prints seconds per step, counts and peak memory.

Each extract is imported in a process of its own into a new database of the server that GRIDWARD_TEST_SERVER names: the
peak of one place must not hide behind that of another.

`--layers`: only buildings, roads and addresses, beside osm2pgsql (flex output, tests/bench/layers.lua), turn by turn in
one run: read, copied, indexed; the counts must be equal. `--memory TIMES`: the same place so many times in one file.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gis.importing import import_place
from gis.model import ImportReport
from tests.bench import layers
from tests.bench.scratch import database

STEPS = ("read", "clip", "travel", "store", "grid", "register")
COUNTS = (
    "buildings",
    "addresses",
    "streets",
    "car_km",
    "foot_km",
    "facilities",
    "people",
    "areas",
    "cells",
    "rejected",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extracts", type=Path, nargs="+")
    parser.add_argument("--layers", type=int, metavar="ROUNDS", help="beside osm2pgsql")
    parser.add_argument("--memory", type=int, metavar="TIMES", help="peak of a place and of so many of it in one file")
    chosen = parser.parse_args()
    if chosen.layers:
        Console().print(*(layers.table(file, chosen.layers) for file in chosen.extracts))
    elif chosen.memory:
        Console().print(*(layers.peaks(file, chosen.memory) for file in chosen.extracts))
    else:
        Console().print(whole([measured(file) for file in chosen.extracts]))


def whole(reports: Sequence[ImportReport]) -> Table:
    """Places imported with everything, a column each."""
    table = Table("", *(report.file.split(".")[0] for report in reports))
    for step in STEPS:
        table.add_row(f"{step}, s", *(f"{report.counts[f'seconds_{step}']:.1f}" for report in reports))
    table.add_row("together, s", *(f"{report.seconds:.1f}" for report in reports))
    table.add_row("peak, MB", *(f"{report.peak_mb:.0f}" for report in reports), end_section=True)
    for what in COUNTS:
        table.add_row(what, *(counted(report, what) for report in reports))
    return table


def counted(report: ImportReport, what: str) -> str:
    """As stored in the place; where the file held more, that behind it."""
    stored, read = report.counts[what], report.counts.get(f"file_{what}")
    return f"{stored:,.0f}" if read is None or read == stored else f"{stored:,.0f} of {read:,.0f}"


def measured(file: Path) -> ImportReport:
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(imported, file).result(timeout=1800)


def imported(file: Path) -> ImportReport:
    with database() as engine, tempfile.TemporaryDirectory() as folder:
        return import_place(engine, file, folder=Path(folder), progress=lambda *_: None)


if __name__ == "__main__":
    main()
