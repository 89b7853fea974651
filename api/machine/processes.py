"""The parts of the product as processes: started, watched, started again with growing pauses, stopped together."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from api.machine.errors import AlreadyRunning, PortTaken

FIRST_PAUSE = 0.5  #: seconds before a part that died is started again; doubled each time it dies young
LONGEST_PAUSE = 15.0
GROWN_UP = 30.0  #: a part that lived so long starts afresh with the first pause
PATIENCE = 12.0  #: seconds between the polite and the impolite request to end
LOG_LIMIT = 10_000_000  #: bytes; a log longer than this is put aside at the next start
DIE_WITH_PARENT = 1  #: PR_SET_PDEATHSIG

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of the product."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path


class Running:
    """One part while it is supervised."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.deaths = 0
        self.due = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.begun = 0.0

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C on the terminal reaches us alone."""
        part = self.part
        part.log.parent.mkdir(parents=True, exist_ok=True)
        if part.log.exists() and part.log.stat().st_size > LOG_LIMIT:
            part.log.replace(part.log.with_suffix(".old"))
        with part.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                part.command,
                env={**os.environ, **part.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.begun = time.monotonic()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look(self, now: float) -> int | None:
        """The exit code when it died since the last look; sets when it is due again, and starts it when it is."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.deaths = 0 if now - self.begun > GROWN_UP else self.deaths
        self.due = now + min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.deaths)
        self.deaths += 1
        _signal_group(self.process, signal.SIGKILL)
        self.process = None
        return code

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until `deadline` for it to end by itself; then it and all its children are killed."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        _signal_group(self.process, signal.SIGKILL)
        self.process.wait()


def supervise(
    parts: Sequence[Part],
    *,
    until: threading.Event,
    ready: Callable[[Callable[[], bool]], None],
    watch: Callable[[], None],
    died: Callable[[str, int, float], None],
) -> None:
    """Keep `parts` alive until the event is set, then stop them, the last started first.

    `ready` is called once the first is started, before the others, which would only slow it down, with a question
    that it may ask: does the first still live? `watch` is called about every second; `died` with name, exit code and
    the seconds until it is started again.
    """
    running = [Running(part) for part in parts]
    try:
        for one in running[:1]:
            one.start()
        ready(lambda: all(one.alive() for one in running[:1]))
        for one in running[1:]:
            one.start()
        looked = time.monotonic()
        while not until.wait(0.2):
            now = time.monotonic()
            for one in running:
                if (code := one.look(now)) is not None:
                    died(one.part.name, code, one.due - now)
            if now - looked > 1:
                watch()
                looked = now
    finally:
        stop(running)


def stop(running: Sequence[Running]) -> None:
    """Ask all to end, wait, then kill whoever is left."""
    for one in reversed(running):
        one.ask_to_end()
    deadline = time.monotonic() + PATIENCE
    for one in reversed(running):
        one.end(deadline)


@contextmanager
def until_asked() -> Iterator[threading.Event]:
    """An event that Ctrl-C, `kill` and a closed terminal set. A second Ctrl-C changes nothing."""
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield asked
    finally:
        for number, handler in before.items():  # whoever has asked need not ask again, to the very end of the process
            signal.signal(number, signal.SIG_IGN if asked.is_set() else handler)


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Hold `file` with our process number in it; raise AlreadyRunning while another process does."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(pid=holder(file), folder=str(file.parent)) from error
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        try:
            yield
        finally:
            held.truncate(0)


def holder(file: Path) -> int | None:
    """The process that holds `file`; None when nobody does, whatever stands in it."""
    try:
        with file.open("r+") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return int(held.read() or 0) or None
            return None
    except FileNotFoundError:
        return None


def ask_to_end(pid: int, *, gone: Callable[[], bool], seconds: float = 60) -> None:
    """Ask process `pid` to end and wait until it is `gone`; kill it when it does not."""
    try:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while not gone() and time.monotonic() < deadline:
            time.sleep(0.1)
        if not gone():
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def demand_port(host: str, port: int) -> None:
    """Raise PortTaken when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port) from error


def _die_with_parent() -> None:
    """On Linux the part gets SIGTERM when we are killed: nothing is left behind."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(DIE_WITH_PARENT, signal.SIGTERM)


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    # Of a group whose last member is a zombie macOS says that we may not.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
