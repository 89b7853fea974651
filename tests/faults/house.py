"""A whole product of its own that a test may kill piece by piece: cluster, HTTP server, planner, small town."""

from __future__ import annotations

import math
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psutil
from fastapi import FastAPI
from sqlalchemy import Engine

from api.machine import cluster
from api.machine.cluster import Cluster
from api.machine.migrating import create_if_missing, migrate
from api.machine.processes import Part, Running, stop
from gis.database import engine_for
from gis.importing import import_place
from gis.store import districts
from tests.api.town import TINY, Person, Town
from tests.api.town import _settle as settle

ROOT = Path(__file__).resolve().parents[2]
COMING_UP = 90.0  #: seconds; bounds every wait for a part, on a machine that is busy with other things
PARTS = ("serve", "work")


@dataclass(eq=False)
class House:
    """What runs, and how to kill it. Whoever dies unasked is started again by `keep`, as `gridward up` does."""

    folder: Path
    private: Cluster
    port: int
    town: Town
    parts: dict[str, Running]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def person(self, login: str | None = None) -> Person:
        """Somebody with a connection of their own; nobody's name is the public's."""
        client = httpx.Client(base_url=self.url, timeout=20)
        return replace(self.town[login], client=client) if login else Person(client)

    def kill(self, part: str) -> None:
        """kill -9 to the part and all its children."""
        with suppress(ProcessLookupError):
            os.killpg(self._pid(part), signal.SIGKILL)

    def kill_children(self, part: str) -> None:
        """kill -9 to those who answer, not to the one who starts them."""
        for child in psutil.Process(self._pid(part)).children():
            with suppress(psutil.NoSuchProcess):
                child.kill()

    def kill_parent(self, part: str) -> None:
        """kill -9 to the one who starts them, not to those who answer."""
        os.kill(self._pid(part), signal.SIGKILL)

    def _pid(self, part: str) -> int:
        running = self.parts[part].process
        assert running, f"{part} does not run"
        return running.pid

    def kill_postgres(self) -> None:
        """kill -9 to the postmaster."""
        kill_postgres(self.private)

    def start_postgres(self) -> float:
        """The seconds until it answers again."""
        begun = time.monotonic()
        cluster.start(self.private)
        return time.monotonic() - begun

    def start(self, part: str) -> None:
        self.parts[part].start()

    def keep(self) -> None:
        """Start again whatever ended, without the pauses that `gridward up` makes."""
        for running in self.parts.values():
            if running.look(math.inf) is not None:
                running.look(math.inf)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/ready", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def until_ready(self) -> float:
        """The seconds until requests may come."""
        begun = time.monotonic()
        wait_for(self.ready, "the server to be ready", meanwhile=self.keep)
        return time.monotonic() - begun

    def logs(self) -> str:
        """The last words of every part."""
        said = [*sorted((self.folder / "log").glob("*.log")), self.private.log]
        return "\n".join(f"--- {one.name}\n{one.read_text()[-3000:]}" for one in said if one.exists())


@contextmanager
def cluster_in(prefix: str) -> Iterator[Cluster]:
    """A private cluster that runs in a temporary folder and is gone afterwards, whatever happened."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)  # as root the server belongs to another user, who has to pass
    private = cluster.at(folder, durable=False)
    try:
        cluster.start(private)
        yield private
    finally:
        with suppress(Exception):
            cluster.stop(private)
        shutil.rmtree(private.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database_in(private: Cluster) -> Iterator[Engine]:
    """The migrated database of a cluster."""
    url = cluster.url(private)
    create_if_missing(url)
    migrate(url)
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def house(*, workers: int = 1) -> Iterator[House]:
    """Tinyville with its crew, served and planned by real processes; `workers` of them answer HTTP."""
    with cluster_in("gridward-faults-") as private, database_in(private) as engine:
        found = _settled(private, engine, workers)
        try:
            for part in PARTS:
                found.start(part)
            found.until_ready()
            yield found
        finally:
            stop([one for one in found.parts.values() if one.process])


def _settled(private: Cluster, engine: Engine, workers: int) -> House:
    folder, port = private.folder, cluster.free_port()
    place = import_place(engine, TINY, folder=folder, progress=lambda _step, _share: None, fictional=True).district
    with engine.begin() as tx:
        areas = {area.name: area.id for area in districts.areas(tx, place)}
    town = Town(engine, FastAPI(), httpx.Client(), place, areas)
    settle(town)
    parts = {name: Running(_part(name, folder, port, workers)) for name in PARTS}
    return House(folder, private, port, town, parts)


def _part(name: str, folder: Path, port: int, workers: int) -> Part:
    """One command of the product, with settings of our own and none of the caller's."""
    own = {"FOLDER": folder, "PORT": port, "WORKERS": workers, "DEMO": "false"}
    forgotten = [f"-u{key}" for key in os.environ if key.startswith("GRIDWARD_")]
    settings = [f"GRIDWARD_{key}={value}" for key, value in own.items()]
    command = ["/usr/bin/env", *forgotten, *settings, sys.executable, "-m", "api.cli", name]
    return Part(name=name, command=command, env={"PYTHONPATH": str(ROOT)}, log=folder / "log" / f"{name}.log")


def kill_postgres(private: Cluster) -> None:
    """kill -9 to the postmaster; returns when none of its children serves any more."""
    postmaster = psutil.Process(int((private.data / "postmaster.pid").read_text().split()[0]))
    serving = postmaster.children(recursive=True)
    postmaster.kill()
    wait_for(lambda: not any(map(_alive, serving)), "the children of the postmaster to end", every=0.02)


def wait_for(
    true: Callable[[], bool],
    what: str,
    *,
    seconds: float = COMING_UP,
    every: float = 0.1,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Ask until it is so, at most that long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        meanwhile()
        time.sleep(every)


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
