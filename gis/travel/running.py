"""The programs that come with osrm-bindings, run with a time limit."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from gis.errors import TravelUnavailable
from gis.model import Mode

TELLING = ("[error]", "what():")  #: marks of the lines that say why a program failed


class TooLong(Exception):
    """A program that was stopped because its time was over."""


def package() -> Path:
    """The folder of osrm-bindings. Raises TravelUnavailable(reason="engine_missing")."""
    found = importlib.util.find_spec("osrm")
    if found is None or not found.submodule_search_locations:
        raise TravelUnavailable(reason="engine_missing")
    return Path(found.submodule_search_locations[0])


def profile(name: str) -> Path:
    """The Lua file that says where one may go and how fast: car, bicycle or foot."""
    return package() / "share" / "profiles" / f"{name}.lua"


def run(mode: Mode, program: str, arguments: Sequence[str], *, seconds: float) -> str:
    """What `program` said. Raises TooLong after `seconds`, TravelUnavailable(reason="build_failed") when it fails."""
    process = subprocess.Popen(  # noqa: S603 - a list of our own arguments, no shell
        [str(_executable(program)), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as over:
        raise TooLong(program) from over
    finally:
        _end(process)
    if process.returncode != 0:
        raise TravelUnavailable(mode=mode.value, reason="build_failed", program=program, said=_reason(said))
    return said


def _executable(program: str) -> Path:
    bundled = package() / "bin" / program
    found = str(bundled) if bundled.is_file() else shutil.which(program)
    if found is None:
        raise TravelUnavailable(reason="engine_missing", program=program)
    return Path(found)


def _reason(said: str) -> str:
    """The lines that tell why, in place of hundreds that tell how it went."""
    lines = said.splitlines()
    return "\n".join([line for line in lines if any(mark in line for mark in TELLING)] or lines[-3:])[:1000]


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
