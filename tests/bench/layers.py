"""Three layers of an extract into PostGIS, ours beside osm2pgsql's, and what many of one place cost in memory."""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import shapely
from rich.table import Table
from sqlalchemy import Engine, text

from gis.model import Names
from gis.osm.grounding import lay, survey
from gis.osm.metric import utm
from gis.osm.model import Extent
from gis.osm.reading import read
from gis.osm.shapes import multipolygon
from gis.store.staging import staged
from tests.bench.repeating import repeat
from tests.bench.scratch import database

STYLE = Path(__file__).with_name("layers.lua")
LAYERS = ("building", "road", "address")
KEYS = ("building", "highway", "addr:housenumber")
WORLD: tuple[float, float, float, float] = (-180.0, -85.0, 180.0, 85.0)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One import: seconds by the clock, seconds of processor in the importing process, rows by layer."""

    wall: float
    cpu: float
    rows: dict[str, int]


def table(file: Path, rounds: int) -> Table:
    """Both, turn by turn. Raises AssertionError where they do not count the same."""
    if shutil.which("osm2pgsql") is None:
        raise SystemExit("needs osm2pgsql")
    runs: dict[str, list[Run]] = {"ours": [], "osm2pgsql": []}
    with database() as engine:
        for _ in range(rounds):
            for who, run in (("ours", ours), ("osm2pgsql", theirs)):
                runs[who].append(run(engine, file))
    counts = {who: found[0].rows for who, found in runs.items()}
    assert counts["ours"] == counts["osm2pgsql"], counts
    found = Table(f"{file.name}: {counts['ours']}", "wall, s (median)", "wall, s (best)", "processor, s")
    for who, every in runs.items():
        wall = [run.wall for run in every]
        cpu = min(run.cpu for run in every)
        found.add_row(who, f"{statistics.median(wall):.2f}", f"{min(wall):.2f}", f"{cpu:.2f}")
    return found


def ours(engine: Engine, file: Path) -> Run:
    """Everything of the file, wherever it lies, in a process of its own."""
    url = engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(1) as pool:
        pool.submit(_warm).result()
        return pool.submit(_ours, url, file).result(timeout=1800)


def theirs(engine: Engine, file: Path) -> Run:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        ["osm2pgsql", "-c", "-O", "flex", "-S", str(STYLE), "-d", url, str(file)], check=True, capture_output=True
    )
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall=wall, cpu=cpu, rows=_counted(engine, "theirs_"))


def _warm() -> None:
    """Python is up and everything is loaded before the clock starts."""


def _ours(url: str, file: Path) -> Run:
    from gis.database import begin, engine_for

    engine = engine_for(url)
    began, cpu = time.perf_counter(), time.process_time()
    extract = read(file, keys=KEYS)
    clip = multipolygon(shapely.box(*WORLD))
    names: Names = {}
    west, south, east, north = (*extract.voters.min(axis=0), *extract.voters.max(axis=0))
    place = survey(extract, Extent(name="", names=names, clip=clip, source="world"), areas=())
    with staged(engine, extract.languages, utm((west + east) / 2, (south + north) / 2), LAYERS) as staging:
        for laid in lay(extract, place, ("buildings", "roads", "addresses")):
            staging.add(laid)
        with staging.tx.begin():
            for layer in LAYERS:
                shape = "point" if layer == "address" else "geom"
                staging.tx.execute(text(f"CREATE INDEX ON fresh_{layer} USING gist ({shape})"))
                staging.tx.execute(text(f"ANALYZE fresh_{layer}"))
        found = Run(wall=time.perf_counter() - began, cpu=time.process_time() - cpu, rows={})
        with staging.tx.begin():
            rows = {
                layer: int(
                    staging.tx.execute(text(f"SELECT count(DISTINCT source_key) FROM fresh_{layer}")).scalar_one()
                )
                for layer in LAYERS
            }
    with begin(engine):
        pass
    engine.dispose()
    return Run(wall=found.wall, cpu=found.cpu, rows=rows)


def _counted(engine: Engine, prefix: str) -> dict[str, int]:
    with engine.begin() as tx:
        return {layer: int(tx.execute(text(f"SELECT count(*) FROM {prefix}{layer}")).scalar_one()) for layer in LAYERS}


def peaks(file: Path, times: int) -> Table:
    """Reading, laying out and joining a whole place, and so many of it, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        many = repeat(file, times, Path(folder) / "many.osm.pbf")
        found = Table(file.name, "bytes", "rows", "peak, MB", "seconds")
        for name, one in (("once", file), (f"{times} times", many)):
            rows, peak, seconds = _alone(_staged, one)
            found.add_row(name, f"{one.stat().st_size:,}", f"{rows:,}", f"{peak:.0f}", f"{seconds:.0f}")
    return found


def _alone(work: Callable[[Path], tuple[int, float, float]], file: Path) -> tuple[int, float, float]:
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(work, file).result(timeout=3600)


def _staged(file: Path) -> tuple[int, float, float]:
    from gis.osm.place import extent

    began, rows = time.perf_counter(), 0
    with database() as engine:
        extract = read(file)
        place = survey(extract, extent(extract, file))
        with staged(engine, extract.languages, place.srid) as staging:
            for laid in lay(extract, place):
                staging.add(laid)
                rows += len(laid.buildings) + len(laid.addresses) + len(laid.roads) + len(laid.features)
            staging.finish((), lambda: False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10))
    return rows, peak, time.perf_counter() - began
