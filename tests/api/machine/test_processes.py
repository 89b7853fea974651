"""The supervisor, with real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.machine import processes
from api.machine.errors import AlreadyRunning, PortTaken
from api.machine.processes import Part

OBEDIENT = "import time\nprint('begun', flush=True)\ntime.sleep(60)"
STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('begun', flush=True)\ntime.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time\nc = subprocess.Popen(['sleep', '61.5'])\nprint(c.pid, flush=True)\ntime.sleep(60)"
)

SUPERVISOR = """
import sys, threading
from pathlib import Path
from api.machine.processes import Part, supervise
code = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
part = Part(name="left", command=[sys.executable, "-c", code], env={}, log=Path(sys.argv[1]))
supervise([part], until=threading.Event(), ready=lambda alive: None, watch=lambda: None, died=lambda *death: None)
"""
ROOT = Path(__file__).resolve().parents[3]


def part(folder: Path, name: str, code: str) -> Part:
    return Part(name=name, command=[sys.executable, "-c", code], env={"MARK": name}, log=folder / f"{name}.log")


def wait_for(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def said(log: Path, word: str) -> bool:
    return log.exists() and word in log.read_text()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


class Stage:
    """Parts under supervision in a thread, until the test ends."""

    def __init__(self, *parts: Part) -> None:
        self.until = threading.Event()
        self.deaths: list[tuple[str, int, float]] = []
        self.thread = threading.Thread(target=self._run, args=(parts,))
        self.thread.start()

    def _run(self, parts: tuple[Part, ...]) -> None:
        processes.supervise(
            parts,
            until=self.until,
            ready=lambda _: None,
            watch=lambda: None,
            died=lambda *death: self.deaths.append(death),
        )

    def end(self, seconds: float = 30) -> None:
        self.until.set()
        self.thread.join(seconds)
        assert not self.thread.is_alive()


def test_what_dies_is_started_again_with_growing_pauses(tmp_path: Path) -> None:
    stage = Stage(part(tmp_path, "dying", "print('begun', flush=True); raise SystemExit(3)"))
    try:
        wait_for(lambda: len(stage.deaths) >= 3)
    finally:
        stage.end()
    assert [code for _, code, _ in stage.deaths[:3]] == [3, 3, 3]
    assert [round(pause, 1) for _, _, pause in stage.deaths[:3]] == [0.5, 1.0, 2.0]
    assert (tmp_path / "dying.log").read_text().count("begun") >= 3


def test_when_asked_all_end_and_their_children_too(tmp_path: Path) -> None:
    stage = Stage(part(tmp_path, "plain", OBEDIENT), part(tmp_path, "parent", PARENT))
    log = tmp_path / "parent.log"
    wait_for(lambda: log.exists() and log.read_text().strip().isdigit())
    child = int(log.read_text())
    assert alive(child)
    stage.end()
    wait_for(lambda: not alive(child), seconds=2)
    assert stage.deaths == []


def test_who_does_not_listen_is_killed_after_the_patience(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.5)
    stage = Stage(part(tmp_path, "stubborn", STUBBORN))
    wait_for(lambda: said(tmp_path / "stubborn.log", "begun"))
    begun = time.monotonic()
    stage.end()
    assert 0.4 < time.monotonic() - begun < 5


def test_when_the_supervisor_is_killed_its_parts_end(tmp_path: Path) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR, str(tmp_path / "left.log")], cwd=ROOT)
    log = tmp_path / "left.log"
    wait_for(lambda: log.exists() and log.read_text().strip().isdigit())
    left = int(log.read_text())
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    wait_for(lambda: not alive(left))


def test_two_cannot_hold_one_place_and_a_dead_holder_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "up.pid"
    with processes.only_one(file):
        assert processes.holder(file) == os.getpid()
        with pytest.raises(AlreadyRunning) as told, processes.only_one(file):
            pass
        assert told.value.params["pid"] == os.getpid()
    assert processes.holder(file) is None
    file.write_text("1")
    assert processes.holder(file) is None


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(PortTaken):
            processes.demand_port("127.0.0.1", other.getsockname()[1])


def test_a_long_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT", 10)
    (tmp_path / "plain.log").write_text("x" * 100)
    stage = Stage(part(tmp_path, "plain", OBEDIENT))
    wait_for(lambda: said(tmp_path / "plain.log", "begun"))
    stage.end()
    assert (tmp_path / "plain.old").read_text() == "x" * 100
    assert "x" not in (tmp_path / "plain.log").read_text()
