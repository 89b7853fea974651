"""What lies in a folder of graphs: one file `graphs.json` that names the build in force, and a folder per build.

The file is replaced in one step, so a reader sees the old build or the new one whole. An engine that still has files of
an old build mapped keeps them although their names are gone.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping
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


@dataclass(frozen=True, kw_only=True)
class Built:
    """One build of three graphs."""

    name: str
    folder: Path  #: of the build itself
    algorithms: Mapping[Mode, str | None]  #: "CH" or "MLD"; None where the place has no roads for the mode
    paces: Mapping[Mode, Pace]  #: measured on these graphs, for the straight line
    seconds: float  #: how long the build took

    def base(self, mode: Mode) -> Path:
        """The path that OSRM wants: a prefix, no file."""
        return self.folder / mode.value / BASE


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


def put_in_force(folder: Path, built: Built) -> None:
    """Name `built` as the build of `folder`, in one step, then clear away what it replaces."""
    write(folder, built)
    for other in folder.iterdir():
        if other.is_dir() and other.name != built.name and _over(other):
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
    }


def _built(folder: Path, told: Mapping[str, Any]) -> Built:
    return Built(
        name=told["build"],
        folder=folder / told["build"],
        algorithms={Mode(mode): algorithm for mode, algorithm in told["algorithms"].items()},
        paces={Mode(mode): Pace(**pace) for mode, pace in told["paces"].items()},
        seconds=told["seconds"],
    )
