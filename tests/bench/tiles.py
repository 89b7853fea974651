"""Tiles side by side in one run: ours, tipg's, and the plain query: `python -m tests.bench.tiles EXTRACT`.

In a new database of the server that GRIDWARD_TEST_SERVER names, dropped at the end; JIT is off for all. All serve the
same features with the same columns (kind, name, rank, min_zoom, tags) of the same squares, over HTTP from one process
each, asked by CLIENTS at once. tipg's collection of a zoom holds exactly what our tiles of that zoom hold. "Plain" is
one query in EPSG:4326 that transforms what it finds; it and a kept tile are asked in turns without HTTP, by one caller.
Rounds alternate and the best of each counts. The machine may be busy, so what is compared is time on the processor: of
the server and its PostgreSQL backends together, per tile. Rates by the clock stand beside it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import asinh, pi, radians, tan
from pathlib import Path

import httpx
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from gis.database import Transaction, begin
from gis.importing import import_place
from gis.store.basemap import LAYERS
from gis.tiles import Memory, tile_with_etag
from tests.bench.imports import database

ZOOMS = (12, 14, 16)
SAMPLE = 60
ROUNDS = 2
SECONDS = 3.0
CLIENTS = 4

type Place = tuple[int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path)
    chosen = parser.parse_args()
    title = f"{chosen.extract.name}: processor ms per tile (tiles/s by the clock)"
    heads = (
        "zoom",
        "tiles",
        "KB",
        "ours, kept",
        "ours, cut",
        "tipg",
        "tipg/kept",
        "plain p95",
        "kept p95",
        "plain/kept",
    )
    table = Table(*heads, title=title)
    with database() as engine, tempfile.TemporaryDirectory() as folder:
        district = import_place(engine, chosen.extract, folder=Path(folder), progress=lambda *_: None).district
        url = engine.url.render_as_string(hide_password=False).replace("+psycopg2", "")
        prepare(engine, district)
        with served(_ours, url, folder) as ours, served(_tipg, url, folder) as theirs:
            for z in ZOOMS:
                table.add_row(*row(engine, district, z, ours, theirs))
    Console(width=150).print(table)


def row(engine: Engine, district: int, z: int, ours: Served, theirs: Served) -> list[str]:
    where = places(engine, district, z)
    size = warm(engine, district, z, where)
    base, cut = f"/api/tiles/{district}/base/{z}", f"/cut/{district}/{z}"
    tipg = f"/collections/bench.z{z}/tiles/WebMercatorQuad/{z}"
    best: dict[str, Asked] = {}
    for _ in range(ROUNDS):
        for name, server, path, end in (
            ("kept", ours, base, ".mvt"),
            ("cut", ours, cut, ""),
            ("tipg", theirs, tipg, ""),
        ):
            found = ask(engine, server, [f"{path}/{x}/{y}{end}" for x, y in where])
            best[name] = min(best.get(name, found), found, key=lambda one: one.cpu)
    plain, direct = alone(engine, district, z, where)
    shown = [f"{one.cpu:.2f} ({one.rate:.0f}/s)" for one in (best["kept"], best["cut"], best["tipg"])]
    times = f"{best['tipg'].cpu / best['kept'].cpu:.1f}"
    return [
        str(z),
        str(len(where)),
        f"{size:.0f}",
        *shown,
        times,
        f"{plain:.1f}",
        f"{direct:.2f}",
        f"{plain / direct:.0f}",
    ]


class Served:
    """A server and its process."""

    def __init__(self, address: str, pid: int) -> None:
        self.address = address
        self.process = psutil.Process(pid)

    def cpu(self, engine: Engine) -> float:
        """Seconds on the processor so far, with every PostgreSQL backend of the database."""
        spent = self.process.cpu_times()
        with begin(engine) as tx:
            backends = list(tx.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")))
        return float(spent.user + spent.system) + sum(map(on_processor, backends))


class Asked:
    """Tiles per second, p95 in ms, CPU of the server per tile in ms."""

    def __init__(self, spent: list[float], seconds: float, cpu: float) -> None:
        self.rate = len(spent) / seconds
        self.p95 = float(np.percentile(spent, 95)) * 1000
        self.cpu = cpu / len(spent) * 1000


def on_processor(pid: int) -> float:
    """Seconds that a process of one thread has run, to the microsecond (Linux)."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def ask(engine: Engine, server: Served, paths: list[str]) -> Asked:
    """Ask for all paths again and again for SECONDS."""
    spent: list[float] = []
    end = time.perf_counter() + SECONDS
    before, since = server.cpu(engine), time.perf_counter()

    def client(first: int) -> None:
        with httpx.Client(base_url=server.address, timeout=60) as http:
            n = first
            while time.perf_counter() < end:
                begun = time.perf_counter()
                answer = http.get(paths[n % len(paths)])
                spent.append(time.perf_counter() - begun)
                assert answer.status_code in (200, 204), f"{answer.status_code} {answer.url} {answer.text[:200]}"
                n += 1

    threads = [threading.Thread(target=client, args=(i * len(paths) // CLIENTS,)) for i in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Asked(spent, time.perf_counter() - since, server.cpu(engine) - before)


def prepare(engine: Engine, district: int) -> None:
    """What tipg and the plain query serve: a table per zoom in EPSG:3857, one of everything in EPSG:4326."""
    parts = " UNION ALL ".join(
        f"SELECT kind, name, rank, min_zoom, tags::text AS tags, geom FROM basemap_{table} WHERE district = {district}"
        for table in LAYERS.values()
    )
    with begin(engine) as tx:
        tx.execute(text("SET LOCAL statement_timeout = 0"))
        tx.execute(text("CREATE SCHEMA bench"))
        for z in ZOOMS:
            rows = f"SELECT row_number() OVER () AS id, * FROM ({parts}) AS b WHERE min_zoom <= {z}"
            tx.execute(text(f"CREATE TABLE bench.z{z} AS {rows}"))
            tx.execute(text(f"ALTER TABLE bench.z{z} ALTER geom TYPE geometry(GEOMETRY, 3857), ADD PRIMARY KEY (id)"))
            tx.execute(text(f"CREATE INDEX ON bench.z{z} USING gist (geom)"))
        tx.execute(
            text(
                "CREATE TABLE plain AS SELECT kind, name, rank, min_zoom, tags, ST_Transform(geom, 4326) AS geom "
                f"FROM ({parts}) AS b"
            )
        )
        tx.execute(text("CREATE INDEX ON plain USING gist (geom)"))
        tx.execute(text("ANALYZE"))


def warm(engine: Engine, district: int, z: int, where: list[Place]) -> float:
    """Keep the tiles; the largest in KB."""
    with begin(engine) as tx:
        return max(len(tile_with_etag(tx, district, z, x, y).body) for x, y in where) / 1024


def alone(engine: Engine, district: int, z: int, where: list[Place]) -> tuple[float, float]:
    """p95 in ms on the processor of the plain query and of a kept tile, the best of ROUNDS."""
    question = text(
        "SELECT ST_AsMVT(t, 'all') FROM (SELECT kind, name, rank, min_zoom, tags, "
        "ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope(:z, :x, :y), 4096, 128, true) AS geom FROM plain "
        "WHERE geom && ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 1.0 / 16), 4326) AND min_zoom <= :z) t"
    )
    memory = Memory()
    plain, direct = [], []
    for _ in range(ROUNDS):
        spent = []
        for x, y in where * 3:
            with begin(engine) as tx:
                before = spent_here(tx)
                tx.execute(question, {"z": z, "x": x, "y": y})
                between = spent_here(tx)
                tile_with_etag(tx, district, z, x, y, memory)
                spent.append((between - before, spent_here(tx) - between))
        slow = np.percentile(np.array(spent), 95, axis=0) * 1000
        plain.append(float(slow[0]))
        direct.append(float(slow[1]))
    return min(plain), min(direct)


def spent_here(tx: Transaction) -> float:
    """Seconds on the processor: of this process and of the backend of this connection."""
    return time.process_time() + on_processor(tx.connection.dbapi_connection.info.backend_pid)


def places(engine: Engine, district: int, z: int) -> list[Place]:
    """The tiles that hold a sample of buildings, the same sample every time."""
    question = text(
        "SELECT ST_X(point), ST_Y(point) FROM building WHERE district = :district "
        "ORDER BY md5(osm_id::text) LIMIT :many"
    )
    with begin(engine) as tx:
        found = tx.execute(question, {"district": district, "many": SAMPLE}).all()
    return sorted({
        (int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)) for lon, lat in found
    })  # fmt: skip


@contextmanager
def served(serve: Callable[[str, str, int], None], url: str, folder: str) -> Iterator[Served]:
    """A server in a process of its own on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=serve, args=(url, folder, port), daemon=True)
    process.start()
    try:
        for _ in range(600):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Served(f"http://127.0.0.1:{port}", int(process.pid or 0))
    finally:
        process.terminate()
        process.join(20)


def _ours(url: str, folder: str, port: int) -> None:
    import uvicorn
    from fastapi import Response
    from fastapi.routing import APIRoute

    from api.app import create_app
    from api.settings import Settings
    from gis.store import basemap

    app = create_app(Settings(database_url=url, folder=Path(folder)))

    def cut(district: int, z: int, x: int, y: int) -> Response:
        with begin(app.state.house.engine) as tx:
            return Response(basemap.base_tile(tx, district, z, x, y))

    app.router.routes.insert(0, APIRoute("/cut/{district}/{z}/{x}/{y}", cut))
    uvicorn.run(app, port=port, log_level="error")


def _tipg(url: str, folder: str, port: int) -> None:
    os.environ |= {
        "DATABASE_URL": url,
        "TIPG_DB_SCHEMAS": '["bench"]',
        "TIPG_MAX_FEATURES_PER_TILE": "1000000",
        "TIPG_CATALOG_TTL": "0",
        "PGOPTIONS": "-c jit=off",
    }
    import uvicorn
    from tipg.main import app

    uvicorn.run(app, port=port, log_level="error")


if __name__ == "__main__":
    main()
