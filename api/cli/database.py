"""`gridward migrate`, and a place from an extract as `gridward up` and `gridward import` make one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.console import Report, out, settings, told
from api.cli.words import knows, say
from api.machine import cluster
from api.machine.errors import MachineError
from api.settings import Settings

if TYPE_CHECKING:
    from gis.model import ImportReport, Rejection

SHOWN = 5
COUNTS = (
    *("buildings", "people", "addresses", "addresses_with_street", "streets", "named_streets"),
    *("car_km", "foot_km", "facilities", "areas", "cells"),
)


@told
def migrate() -> None:
    """Bring the tables to the newest version."""
    from api.machine import migrating

    migrating.migrate(cluster.address(settings()))
    out.print(say("migrate.done", revision=migrating.newest()), markup=False)


def bring(
    chosen: Settings, url: str, file: Path, report: Report, *, name: str | None = None, fictional: bool = False
) -> ImportReport:
    """Import `file` into the database at `url`. Raises MachineError (no such file), BadExtract and its siblings."""
    from gis.database import engine_for
    from gis.importing import import_place

    if not file.is_file():
        raise MachineError("machine.file_absent", file=str(file))
    engine = engine_for(url)
    try:
        return import_place(engine, file, folder=chosen.folder, progress=report, name=name, fictional=fictional)
    finally:
        engine.dispose()


def show(done: ImportReport, *, every: bool = False) -> None:
    """Counts, then what was left out and why, then what it cost."""
    out.print(f"  {say('import.counts')}:", markup=False)
    for what in COUNTS:
        out.print(f"    {done.counts.get(what, 0):>10,.0f}  {say(f'count.{what}')}", markup=False)
    if done.rejected:
        _show_rejected(done.rejected, every=every)
    else:
        out.print(f"  {say('import.none')}", markup=False)
    out.print(f"  {say('import.cost', seconds=f'{done.seconds:.1f}', mb=f'{done.peak_mb:.0f}')}", markup=False)


def _show_rejected(rejected: tuple[Rejection, ...], *, every: bool) -> None:
    """How many for which reason; the objects themselves when `every` was asked for, else the first few."""
    out.print(f"  {say('import.rejected')}:", markup=False)
    for reason, count in Counter(one.reason for one in rejected).most_common():
        out.print(f"    {count:>10,}  {_why(reason)}", markup=False)
    shown = rejected if every else rejected[:SHOWN]
    for one in shown:
        out.print(f"      {one.osm_type} {one.osm_id}: {_why(one.reason)} {one.detail}".rstrip(), markup=False)
    if len(shown) < len(rejected):
        out.print(f"      {say('import.more', n=len(rejected) - len(shown))} (--rejected)", markup=False)


def _why(reason: str) -> str:
    return say(f"reason.{reason}") if knows(f"reason.{reason}") else reason
