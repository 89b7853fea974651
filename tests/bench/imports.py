"""What an import costs: `python -m tests.bench.imports EXTRACT...` prints seconds per step, counts and peak memory.

Each extract is imported in a process of its own into a new database of the server that GRIDWARD_TEST_SERVER names: the
peak of one place must not hide behind that of another.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from api.machine.migrating import driver, migrate
from gis.database import engine_for
from gis.importing import import_place
from gis.model import ImportReport

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
    chosen = parser.parse_args()
    reports = [measured(file) for file in chosen.extracts]
    table = Table("", *(report.file.split(".")[0] for report in reports))
    for step in STEPS:
        table.add_row(f"{step}, s", *(f"{report.counts[f'seconds_{step}']:.1f}" for report in reports))
    table.add_row("together, s", *(f"{report.seconds:.1f}" for report in reports))
    table.add_row("peak, MB", *(f"{report.peak_mb:.0f}" for report in reports), end_section=True)
    for what in COUNTS:
        table.add_row(what, *(counted(report, what) for report in reports))
    Console().print(table)


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


@contextmanager
def database() -> Iterator[Engine]:
    """A new migrated database, dropped at the end."""
    server = os.environ["GRIDWARD_TEST_SERVER"]
    name = f"gridward_bench_{uuid.uuid4().hex[:8]}"
    tell(server, f"CREATE DATABASE {name}")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        migrate(url)
        engine = engine_for(url)
        yield engine
        engine.dispose()
    finally:
        tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def tell(server: str, statement: str) -> None:
    engine = create_engine(driver(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as tx:
        tx.execute(text(statement))


if __name__ == "__main__":
    main()
