"""What is there, what is missing, and what to do about it."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from api.machine import cluster, migrating, postgres
from api.machine.errors import DatabaseUnreachable, MachineError
from api.settings import Settings, is_loopback

ROOM = 2_000_000_000  #: bytes that a place of a few hundred square kilometres needs, with its graphs


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at. `what` names it; `fact` is what was found; `problem` the error where it is not well."""

    what: str
    fact: str
    problem: MachineError | None = None


def examine(settings: Settings, only: frozenset[str] = frozenset()) -> list[Finding]:
    """Look at everything, or at what `only` names. Nothing is changed; no finding keeps the others from being made."""
    return [_finding(what, look, settings) for what, look in LOOKS.items() if not only or what in only]


def _finding(what: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what=what, fact=look(settings))
    except MachineError as error:
        return Finding(what=what, fact="", problem=error)


def _python(_: Settings) -> str:
    return f"{sys.version.split()[0]} {sys.prefix}"


def _postgres(settings: Settings) -> str:
    if settings.database_url:
        return "-"  # somebody else's server is used
    found = postgres.choose(cluster.at(settings.folder).data)
    return f"{found.major} {found.bin}"


def _cluster(settings: Settings) -> str:
    if settings.database_url:
        return "-"
    private = cluster.at(settings.folder)
    if not private.secret.exists():
        raise MachineError("machine.cluster_absent", folder=str(private.home))
    if not cluster.running(private):
        raise MachineError("machine.cluster_stopped", folder=str(private.home))
    return str(private.home)


def _database(settings: Settings) -> str:
    return _ask(
        settings, "SELECT 'PostgreSQL ' || split_part(version(), ' ', 2) || ', PostGIS ' || postgis_lib_version()"
    )


def _revision(settings: Settings) -> str:
    found, newest = _ask(settings, "SELECT version_num FROM alembic_version"), migrating.newest()
    if found != newest:
        raise MachineError("machine.old_revision", found=found, newest=newest)
    return found


def _places(settings: Settings) -> str:
    found = _ask(settings, "SELECT coalesce(string_agg(name, ', ' ORDER BY id), '') FROM district")
    if not found:
        raise MachineError("machine.no_place")
    return found


def _front_end(settings: Settings) -> str:
    if not (settings.web / "index.html").exists():
        raise MachineError("machine.front_end_absent", folder=str(settings.web))
    return str(settings.web)


def _travel(_: Settings) -> str:
    try:
        import osrm
    except ImportError as error:
        raise MachineError("machine.travel_absent", reason=str(error)) from error
    return f"OSRM {getattr(osrm, '__version__', '')}".strip()


def _port(settings: Settings) -> str:
    if settings.demo and not is_loopback(settings.host):
        raise MachineError("machine.not_loopback", host=settings.host)
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex((settings.host, settings.port)) == 0
    return f"{settings.host}:{settings.port} {'●' if taken else '○'}"


def _disk(settings: Settings) -> str:
    here = next(folder for folder in (settings.folder, *settings.folder.parents) if folder.exists())
    free = shutil.disk_usage(here).free
    if free < ROOM:
        raise MachineError("machine.disk_full", free=f"{free / 1e9:.1f} GB", folder=str(here))
    return f"{free / 1e9:.0f} GB"


def _ask(settings: Settings, question: str) -> str:
    _cluster(settings)
    url = cluster.address(settings)
    engine = create_engine(migrating.driver(url), poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as tx:
            return str(tx.scalar(text(question)))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise DatabaseUnreachable(where=migrating.where(url), reason=reason) from error


LOOKS: dict[str, Callable[[Settings], str]] = {
    "python": _python,
    "postgres": _postgres,
    "cluster": _cluster,
    "database": _database,
    "revision": _revision,
    "places": _places,
    "front_end": _front_end,
    "travel": _travel,
    "port": _port,
    "disk": _disk,
}
