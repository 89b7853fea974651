"""What lies in a folder of graphs: one file `graphs.json` that names the build in force, and a folder per build.

While roads are closed the file also names a second folder: the graphs of the modes that closures touch, customised from
the build's own files. All other modes, and all of them once nothing is closed, are read from the build itself.

The file is replaced in one step, so a reader sees the old build or the new one whole. An engine that still has files of
an old build mapped keeps them although their names are gone.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from gis.errors import TravelUnavailable
from gis.model import Mode
from gis.travel.beeline import Pace

INDEX: Final = "graphs.json"
BASE: Final = "way.osrm"
ABANDONED: Final = 86_400.0  #: seconds after which a draft was left by a killed build
TURN: Final = 20.0  #: seconds that one waits for whoever changes the folder now


@dataclass(frozen=True, kw_only=True)
class Closed:
    """The closures in force: the graphs that leave out their roads."""

    key: str  #: of the set of closures
    name: str
    folder: Path
    updated: Mapping[Mode, int]  #: directed segments that OSRM says it took away; only modes with any


@dataclass(frozen=True, kw_only=True)
class Built:
    """One build of three graphs."""

    name: str
    folder: Path  #: of the build itself
    algorithms: Mapping[Mode, str | None]  #: "CH" or "MLD"; None where the place has no roads for the mode
    paces: Mapping[Mode, Pace]  #: measured on these graphs, for the straight line
    seconds: float  #: how long the build took
    closed: Closed | None = None

    def base(self, mode: Mode) -> Path:
        """The path that OSRM wants for all roads: a prefix, no file."""
        return self.folder / mode.value / BASE

    def graph(self, mode: Mode) -> tuple[Path, str] | None:
        """The path and the algorithm for the roads that are open now; None where there are none for `mode`."""
        algorithm = self.algorithms.get(mode)
        if algorithm is None:
            return None
        if self.closed is not None and mode in self.closed.updated:
            return self.closed.folder / mode.value / BASE, "MLD"
        return self.base(mode), algorithm


def read(folder: Path) -> Built:
    """The build in force in `folder`. Raises TravelUnavailable(reason="no_graphs")."""
    try:
        told = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        return _built(folder, told)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TravelUnavailable(reason="no_graphs", folder=folder.name, said=str(error)) from error


def stamp(folder: Path) -> tuple[int, int]:
    """Changes when another build comes into force. Raises TravelUnavailable(reason="no_graphs")."""
    try:
        state = (folder / INDEX).stat()
    except OSError as error:
        raise TravelUnavailable(reason="no_graphs", folder=folder.name, said=str(error)) from error
    return state.st_mtime_ns, state.st_ino


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """One process at a time changes what is in force. Raises TravelUnavailable(reason="busy") after TURN seconds."""
    lock = os.open(folder, os.O_RDONLY)  # of the folder itself: the kernel lets go when the process dies
    try:
        _locked(lock, folder)
        yield
    finally:
        os.close(lock)


def _locked(lock: int, folder: Path) -> None:
    until = time.monotonic() + TURN
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TravelUnavailable(reason="busy", folder=folder.name) from None
            time.sleep(0.05)


def put_in_force(folder: Path, built: Built) -> None:
    """Name `built` as the build of `folder`, in one step, then clear away what it replaces."""
    write(folder, built)
    kept = {built.name, *([built.closed.name] if built.closed else [])}
    for other in folder.iterdir():
        if other.is_dir() and other.name not in kept and _over(other):
            shutil.rmtree(other, ignore_errors=True)


def write(folder: Path, built: Built) -> None:
    """Replace the index of `folder` in one step."""
    draft = folder / f".{INDEX}.{uuid4().hex}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(_told(built), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / INDEX)


def _over(build: Path) -> bool:
    """Whether a folder is an old build, or a draft that nobody can be working on any more."""
    return not build.name.startswith(".") or time.time() - build.stat().st_mtime > ABANDONED


def _told(built: Built) -> dict[str, Any]:
    return {
        "build": built.name,
        "seconds": built.seconds,
        "algorithms": {mode.value: algorithm for mode, algorithm in built.algorithms.items()},
        "paces": {mode.value: {"detour": pace.detour, "speed": pace.speed} for mode, pace in built.paces.items()},
        "closed": None if built.closed is None else _told_closed(built.closed),
    }


def _told_closed(closed: Closed) -> dict[str, Any]:
    updated = {mode.value: count for mode, count in closed.updated.items()}
    return {"key": closed.key, "build": closed.name, "updated": updated}


def _built(folder: Path, told: Mapping[str, Any]) -> Built:
    return Built(
        name=told["build"],
        folder=folder / told["build"],
        algorithms={Mode(mode): algorithm for mode, algorithm in told["algorithms"].items()},
        paces={Mode(mode): Pace(**pace) for mode, pace in told["paces"].items()},
        seconds=told["seconds"],
        closed=_closed(folder, told.get("closed")),
    )


def _closed(folder: Path, told: Mapping[str, Any] | None) -> Closed | None:
    if told is None:
        return None
    updated = {Mode(mode): count for mode, count in told["updated"].items()}
    return Closed(key=told["key"], name=told["build"], folder=folder / told["build"], updated=updated)
