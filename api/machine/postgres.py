"""Where the PostgreSQL server programs are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.machine.errors import PostgisMissing, PostgresMissing, PostgresOfOtherVersion

MINIMUM = 15
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/pgsql/bin")


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """One installed server: its programs, its major version, and whether PostGIS belongs to it."""

    bin: Path
    major: int
    postgis: bool

    def program(self, name: str) -> str:
        return str(self.bin / name)


def installed() -> list[Postgres]:
    """Every server found on this machine, newest first; those with PostGIS before those without."""
    seen: dict[Path, Postgres] = {}
    for folder in _folders():
        if folder not in seen and (found := _look(folder)):
            seen[folder] = found
    return sorted(seen.values(), key=lambda p: (p.postgis, p.major), reverse=True)


def choose(data: Path | None = None) -> Postgres:
    """The server to use, of the version that made the folder `data` if there is one.

    Raises PostgresMissing, PostgisMissing or PostgresOfOtherVersion.
    """
    fit = [p for p in installed() if p.major >= MINIMUM]
    if not fit:
        raise PostgresMissing(minimum=MINIMUM)
    made_by = _version_of(data)
    if made_by is not None:
        fit = [p for p in fit if p.major == made_by]
        if not fit:
            raise PostgresOfOtherVersion(folder=str(data), version=made_by)
    if not fit[0].postgis:
        raise PostgisMissing(version=fit[0].major)
    return fit[0]


def _version_of(data: Path | None) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text()) if data else None
    except FileNotFoundError:
        return None


def _folders() -> Iterator[Path]:
    if chosen := os.environ.get("GRIDWARD_PG_BIN"):
        yield Path(chosen)
        return
    for pattern in PLACES:
        yield from Path("/").glob(pattern.lstrip("/"))
    if path := shutil.which("postgres"):
        yield Path(path).resolve().parent
    if path := shutil.which("pg_config"):
        yield Path(_ask(path, "--bindir"))


def _look(folder: Path) -> Postgres | None:
    """What the folder holds; None when it is no complete server."""
    if not all((folder / name).exists() for name in ("postgres", "initdb", "pg_ctl")):
        return None
    match = re.search(r"\) (\d+)", _ask(str(folder / "postgres"), "--version"))
    if not match:
        return None
    major = int(match[1])
    return Postgres(bin=folder, major=major, postgis=(_share(folder, major) / "extension/postgis.control").exists())


def _share(folder: Path, major: int) -> Path:
    if (folder / "pg_config").exists():
        return Path(_ask(str(folder / "pg_config"), "--sharedir"))
    return Path(f"/usr/share/postgresql/{major}")


def _ask(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout.strip()  # noqa: S603 - programs found above, no shell
    except OSError:
        return ""
