"""`gridward up` and `gridward down`: the whole product on this machine."""

from __future__ import annotations

import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import database
from api.cli.console import out, settings, step, told
from api.cli.serving import environment, gunicorn, resolved
from api.cli.words import say
from api.machine import cluster, processes
from api.machine.cluster import Cluster
from api.machine.errors import MachineError
from api.machine.processes import Part
from api.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from gis.model import District

COMING_UP = 180.0  #: seconds that the server may take to answer for the first time
DEMO_PLACE = "helsinki.osm.pbf"


@told
def up(
    place: Annotated[Path | None, typer.Argument(help="An OpenStreetMap extract; without it the demo place")] = None,
    demo: Annotated[bool, typer.Option(help="Fictional crew, incidents and accounts; this machine only")] = True,
    host: Annotated[str | None, typer.Option(help="Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on")] = None,
) -> None:
    """Start everything: database, tables, place, server, planner, demo. Ctrl-C stops everything and loses nothing."""
    begun = time.monotonic()
    chosen = settings(demo=demo, host=host, port=port)
    with processes.only_one(chosen.folder / "up.pid"), processes.until_asked() as asked:
        processes.demand_port(chosen.host, chosen.port)
        with _database(chosen, asked) as private:
            full = resolved(chosen)
            _prepare(full, place)
            if not asked.is_set():
                _run(full, private, asked, begun)
    out.print(say("up.stopped"), markup=False)


@told
def down() -> None:
    """Stop what `up` started, the private database too."""
    chosen = settings()
    held = chosen.folder / "up.pid"
    pid = processes.holder(held)
    if pid:
        processes.ask_to_end(pid, gone=lambda: processes.holder(held) is None)
    stopped = False if chosen.database_url else cluster.stop(cluster.at(chosen.folder))
    out.print(say("down.stopped") if pid or stopped else say("down.nothing"), markup=False)


@contextmanager
def _database(chosen: Settings, asked: threading.Event) -> Iterator[Cluster | None]:
    """The database while the product runs: the one that was named, else the private cluster, started and stopped."""
    if chosen.database_url:
        yield None
        return
    private = cluster.at(chosen.folder)
    with step(say("up.database")):
        cluster.start(private)
    try:
        yield private
    finally:
        if asked.is_set():
            out.print(say("up.stopping"), markup=False)
        cluster.stop(private)


def _prepare(full: Settings, place: Path | None) -> None:
    """Tables, a place, a crew: each only where it is missing."""
    with step(say("up.migrate")):
        from api.machine import migrating
        from gis.database import engine_for

        migrating.create_if_missing(full.database_url)
        migrating.migrate(full.database_url)
    engine = engine_for(full.database_url)
    try:
        _load(full, engine, place)
        found = _districts(engine)
        if full.demo:
            _settle(engine, found)
        out.print(f"  {say('up.place', names=', '.join(one.name for one in found))}", markup=False)
        for line in dict.fromkeys(one.attribution for one in found):
            out.print(f"  {say('up.attribution', text=line)}", markup=False)
    finally:
        engine.dispose()


def _load(full: Settings, engine: Engine, place: Path | None) -> None:
    """The place that was named, unless it is loaded; else the demo place, if there is none at all."""
    if place is None and _districts(engine):
        return
    file = place or full.places / DEMO_PLACE
    with step(say("up.import", file=file.name)) as report:
        before = len(_districts(engine))
        done = database.bring(full, full.database_url, file, report, fictional=full.demo)
    if len(_districts(engine)) > before:
        database.show(done)


def _settle(engine: Engine, found: list[District]) -> None:
    """The fictional crew of every place that was loaded for the demonstration; a real one is left alone."""
    from api.demo.crew import settle

    for district in found:
        if district.fictional:
            with step(say("up.crew")):
                settle(engine, district.id)


def _districts(engine: Engine) -> list[District]:
    from gis.database import begin
    from gis.store import districts

    with begin(engine) as tx:
        return districts.districts(tx)


def _run(full: Settings, private: Cluster | None, asked: threading.Event, begun: float) -> None:
    """Serve until asked to stop. What dies is started again, the database too."""

    def ready(alive: Callable[[], bool]) -> None:
        with step(say("up.serve")):
            _await(full, asked, alive)
        if not asked.is_set():
            _greet(full, time.monotonic() - begun)

    def watch() -> None:
        if private and not cluster.running(private):
            out.print(say("up.database.again"), style="yellow", markup=False)
            cluster.start(private)

    def died(name: str, code: int, pause: float) -> None:
        log = full.folder / "log" / f"{name}.log"
        out.print(say("up.died", name=name, code=code, pause=f"{pause:.1f}", log=log), style="yellow", markup=False)

    processes.supervise(_parts(full), until=asked, ready=ready, watch=watch, died=died)


def _parts(full: Settings) -> list[Part]:
    def part(name: str, *command: str) -> Part:
        log = full.folder / "log" / f"{name}.log"
        return Part(name=name, command=[sys.executable, "-m", *command], env=environment(full), log=log)

    both = [part("serve", "gunicorn", *gunicorn(full)), part("work", "api.cli", "work")]
    return [*both, part("demo", "api.demo")] if full.demo else both


def _await(full: Settings, asked: threading.Event, alive: Callable[[], bool]) -> None:
    """Wait until the server answers. Raises MachineError when it dies before, or does not come up."""
    deadline = time.monotonic() + COMING_UP
    while not asked.wait(0.1):
        if _answers(full):
            return
        if not alive() or time.monotonic() > deadline:
            raise MachineError("machine.part_died", log=str(full.folder / "log" / "serve.log"))


def _answers(full: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://{full.host}:{full.port}/api/health", timeout=2) as answer:
            return int(answer.status) == 200
    except (urllib.error.URLError, OSError):
        return False


def _greet(full: Settings, seconds: float) -> None:
    """The addresses, and in demo mode one sign-in link per role."""
    out.print(f"\n[bold green]{say('up.ready', seconds=f'{seconds:.0f}')}[/]")
    out.print(f"\n  {say('up.address')}\n    {full.address}/", markup=False)
    if full.demo:
        from api.demo.links import links

        out.print(f"\n  {say('up.links')}", markup=False)
        for role, url in links(full):
            out.print(f"    {role:<14} {url}", markup=False)
    else:
        out.print(f"\n  {say('up.no_demo')}", markup=False)
    out.print(f"\n{say('up.end')}", markup=False)
