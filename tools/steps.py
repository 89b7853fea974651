"""Steps that show themselves: what is being done, and how long it took."""

from __future__ import annotations

import itertools
import os
import shlex
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from words import say

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".gridward"
LOG = FOLDER / "setup.log"


class Stop(Exception):
    """Set-up cannot go on; the sentence says why and what to do."""


def there(word: str, note: str = "") -> None:
    """One line for what needs no work."""
    _line("✓", say(word), note or say("there"))


@contextmanager
def step(word: str):
    """One line for a piece of work: a turning sign while it lasts (on a terminal), the seconds at the end."""
    begun = time.monotonic()
    ended = threading.Event()
    turner = threading.Thread(target=_turn, args=(say(word), begun, ended), daemon=True)
    turner.start()
    mark, note = "✗", say("failed")
    try:
        yield
        mark, note = "✓", say("done")
    finally:
        ended.set()
        turner.join()
        _line(mark, say(word), f"{note}, {time.monotonic() - begun:.1f} s")


def run(*command: object, cwd: Path = ROOT, env: dict | None = None) -> None:
    """Run a command quietly; its output goes to the log, and its end to the screen when it fails. Raises Stop."""
    words = [str(word) for word in command]
    FOLDER.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        log.write(f"\n$ {shlex.join(words)}\n".encode())
        log.flush()
        mark = log.tell()
        code = subprocess.run(
            words, cwd=cwd, env={**os.environ, **(env or {})}, stdout=log, stderr=log, check=False
        ).returncode
    if code:
        with LOG.open("rb") as log:
            log.seek(mark)
            tail = log.read().decode(errors="replace").strip().splitlines()[-25:]
        raise Stop(say("command.failed", command=shlex.join(words), log=LOG) + "\n\n    " + "\n    ".join(tail))


def begin(*command: object, log: Path):
    """Start a command beside the steps that follow. What comes back waits for its end and raises Stop when it fails."""
    words = [str(word) for word in command]
    FOLDER.mkdir(exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=out)

    def wait() -> None:
        if process.wait():
            tail = log.read_text(errors="replace").strip().splitlines()[-25:]
            raise Stop(say("command.failed", command=shlex.join(words), log=log) + "\n\n    " + "\n    ".join(tail))

    return wait


def _turn(text: str, begun: float, ended: threading.Event) -> None:
    if not sys.stdout.isatty():
        print(f"  … {text}", flush=True)
        return
    for sign in itertools.cycle("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"):
        if ended.wait(0.1):
            return
        print(f"\r  {sign} {text}  {time.monotonic() - begun:.0f} s", end="", flush=True)


def _line(mark: str, text: str, note: str) -> None:
    start = "\r\033[2K" if sys.stdout.isatty() else ""
    print(f"{start}  {mark} {text}: {note}", flush=True)
