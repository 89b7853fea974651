"""A database of its own with real places in it, for measurements: `python -m tests.bench.place DATABASE FILE...`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Engine

from api.machine.migrating import create_if_missing, migrate
from gis.database import engine_for
from gis.importing import import_place
from gis.model import ImportReport

SERVER = os.environ.get("GRIDWARD_TEST_SERVER", "postgresql://postgres@127.0.0.1:5432/postgres")
FOLDER = Path(os.environ.get("GRIDWARD_BENCH_FOLDER", Path(tempfile.gettempdir()) / "gridward-bench"))


def database(name: str) -> Engine:
    """The migrated database `name` on the test server; made if it is missing, kept for the next measurement."""
    url = SERVER.rsplit("/", 1)[0] + f"/{name}"
    create_if_missing(url)
    migrate(url)
    return engine_for(url)


def imported(engine: Engine, file: Path) -> ImportReport:
    """`file` as a district; at once when it is one already."""
    return import_place(engine, file, folder=FOLDER, progress=lambda *_: None)


if __name__ == "__main__":
    there = database(sys.argv[1])
    for path in sys.argv[2:]:
        report = imported(there, Path(path))
        sys.stdout.write(f"{path} {report.district} {report.seconds} s {dict(report.counts)}\n")
