"""Searches through the real door: the product's own server processes, eight clients, every address of the loopback.

    python -m tests.bench.asked_by_http DATABASE DISTRICT QUERIES.jsonl [--seconds N]

The door lets one address ask 120 times a minute and process; each client therefore goes on from address to address.
What the server's processes spend is told beside what was reached, for the clients want the same two cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from api.cli.serving import gunicorn
from api.settings import Settings
from tests.bench.place import SERVER

CLIENTS, WORKERS, EACH = 8, 2, 100  #: questions from one address
HERE = itertools.count(2)


@contextmanager
def served(database: str, folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """The product's server on a free port: the port and its first process."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    url = f"{SERVER.rsplit('/', 1)[0]}/{database}"
    chosen = Settings(database_url=url, folder=folder, port=port, workers=WORKERS)
    given = {"GRIDWARD_DATABASE_URL": url, "GRIDWARD_FOLDER": str(folder), "GRIDWARD_PORT": str(port)}
    given |= {"GRIDWARD_SECRET": "0" * 64, "GRIDWARD_WEB": str(folder)}
    process = subprocess.Popen([sys.executable, "-m", "gunicorn", *gunicorn(chosen)], env={**os.environ, **given})
    try:
        _await(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _await(port: int) -> None:
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), 30) as door:
                door.sendall(b"GET /api/public/districts HTTP/1.1\r\nHost: localhost\r\n\r\n")
                if _answer(door).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the server did not start")


def asking(port: int, paths: list[str], until: float, took: list[float], wrong: list[bytes]) -> None:
    """One client: questions one after the other until the time is over."""
    for start in itertools.count(0, EACH):
        number = next(HERE)
        source = f"127.{1 + number // 60000 % 250}.{number // 250 % 240}.{2 + number % 250}"
        with socket.create_connection(("127.0.0.1", port), 10, source_address=(source, 0)) as door:
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for path in (paths[(start + at) % len(paths)] for at in range(EACH)):
                if time.perf_counter() > until:
                    return
                started = time.perf_counter()
                door.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                head = _answer(door)
                took.append(1000 * (time.perf_counter() - started))
                if not head.startswith(b"HTTP/1.1 200"):
                    wrong.append(head[:200])


def _answer(door: socket.socket) -> bytes:
    """The head of an answer whose body was read too."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += door.recv(65536)
    head, _, body = found.partition(b"\r\n\r\n")
    size = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    while len(body) < size:
        body += door.recv(65536)
    return head


def spent(server: psutil.Process) -> float:
    """Seconds of processor that the server and its processes have used."""
    return sum(sum(each.cpu_times()[:2]) for each in (server, *server.children(recursive=True)))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("database")
    asked.add_argument("district", type=int)
    asked.add_argument("queries", type=Path)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "gridward-bench")
    how = asked.parse_args()
    lines = how.queries.read_text(encoding="utf-8").splitlines()
    paths = [
        f"/api/public/districts/{how.district}/search?limit=5&q={quote(json.loads(line)['query'])}" for line in lines
    ]
    with served(how.database, how.folder) as (port, server):
        measured(port, server, paths, 3)
        done, took, processor, wrong = measured(port, server, paths, how.seconds)
    took.sort()
    sys.stdout.write(
        f"{CLIENTS} clients, {WORKERS} processes, through HTTP: {done / how.seconds:.0f} queries/s,"
        f" p50 {took[len(took) // 2]:.1f} ms, p99 {took[int(0.99 * len(took))]:.1f} ms;"
        f" {1000 * processor / done:.2f} ms of processor each: {WORKERS * done / processor:.0f} queries/s"
        f" on {WORKERS} cores of their own; {wrong} refused\n"
    )


def measured(
    port: int, server: psutil.Process, paths: list[str], seconds: float
) -> tuple[int, list[float], float, int]:
    """Answers, their milliseconds, the processor time of the server, and how many were no answers."""
    took: list[float] = []
    wrong: list[bytes] = []
    before, until = spent(server), time.perf_counter() + seconds
    clients = [
        threading.Thread(target=asking, args=(port, paths[at * 37 :] + paths[: at * 37], until, took, wrong))
        for at in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return len(took), took, spent(server) - before, len(wrong)


if __name__ == "__main__":
    main()
