"""A private PostgreSQL cluster: own data folder, own socket, own port, never the system's.

Layout, for the product's folder `.gridward`:

    .gridward/cluster.json   password and port, mode 0600, belongs to whoever starts the product
    .gridward/pg/            belongs to the cluster's user: data/, run/ (socket), server.log

Root cannot run PostgreSQL, so as root the server belongs to another user (`owner`). Where that user cannot reach
`.gridward` (a clone under /root, say) the server lives in /var/lib/gridward-<hash of the path> instead.

Everybody, on the socket too, must give the password (scram): another user of the machine reaches 127.0.0.1 as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.machine import postgres
from api.machine.errors import ClusterFailed, MachineError
from api.machine.owner import Owner, owner_for
from api.machine.postgres import Postgres
from api.settings import Settings

USER = "gridward"
SOCKET_LIMIT = 90  #: bytes; the kernel takes 107 including "/.s.PGSQL.65535"
START_SECONDS = 120  #: recovery after a crash is part of a start

CONFIGURATION = """\
# written at every start
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
cluster_name = 'gridward'
"""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Where a private cluster lives. `durable=False` is for tests: it survives kill -9, but not a power cut."""

    folder: Path  #: the product's folder, such as .gridward
    home: Path  #: the cluster user's folder
    owner: Owner
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def secret(self) -> Path:
        return self.folder / "cluster.json"


def at(folder: Path, *, durable: bool = True) -> Cluster:
    """The cluster that belongs to the product's `folder`, made or not."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "pg"
    elsewhere = Path(f"/var/lib/gridward-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}")
    if not _made(home) and (_made(elsewhere) or not owner_for(home).may_enter(folder)):
        home = elsewhere
    return Cluster(folder=folder, home=home, owner=owner_for(home), durable=durable)


def start(cluster: Cluster) -> str:
    """Make the cluster if it is not there, start it if it does not run, wait until it answers. Returns `url(cluster)`.

    Raises PostgresMissing, PostgisMissing, PostgresOfOtherVersion, NotOwner, ClusterFailed.
    """
    server = postgres.choose(cluster.data)
    with _alone(cluster):
        if not _made(cluster.home):
            _make(cluster, server)
        if not running(cluster):
            _start(cluster, server)
    return url(cluster)


def stop(cluster: Cluster) -> bool:
    """Stop the server: sessions end, everything is flushed. False when it did not run. Raises ClusterFailed."""
    with _alone(cluster):
        if not _made(cluster.home) or not running(cluster):
            return False
        server = postgres.choose(cluster.data)
        _demand(
            cluster, "stop", server.program("pg_ctl"), "stop", "-D", str(cluster.data), "-m", "fast", "-w", "-t", "60"
        )
        return True


def running(cluster: Cluster) -> bool:
    """Whether the server of exactly this data folder runs."""
    pid = _pid(cluster)
    return pid is not None and _is_server(pid, cluster.data)


def url(cluster: Cluster, database: str = "gridward") -> str:
    """The address of a database in it, with the password."""
    known = json.loads(cluster.secret.read_text())
    return f"postgresql://{USER}:{known['password']}@127.0.0.1:{known['port']}/{database}"


def address(settings: Settings) -> str:
    """The database that these settings mean: the one named, else the private cluster; MachineError if neither."""
    if settings.database_url:
        return settings.database_url
    try:
        return url(at(settings.folder))
    except FileNotFoundError as error:
        raise MachineError("machine.cluster_absent", folder=str(settings.folder)) from error


def _made(home: Path) -> bool:
    """A finished initdb leaves this mark; a half-made folder is thrown away at the next start."""
    try:
        return (home / "made").exists()
    except PermissionError:
        return home.exists()


def _make(cluster: Cluster, server: Postgres) -> None:
    _clear(cluster)
    cluster.home.mkdir(parents=True, exist_ok=True)
    cluster.owner.give(cluster.home, 0o700)
    password = secrets.token_urlsafe(24)
    file = cluster.home / "password"
    _write(file, password)
    cluster.owner.give(file, 0o600)
    options = ["-U", USER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
    speed = [] if cluster.durable else ["--no-sync"]
    try:
        _demand(
            cluster, "initdb", server.program("initdb"), "-D", str(cluster.data), f"--pwfile={file}", *options, *speed
        )
    finally:
        file.unlink()
    with (cluster.data / "postgresql.conf").open("a") as conf:
        conf.write("include_if_exists = 'gridward.conf'\n")
    _write(cluster.secret, json.dumps({"password": password, "port": free_port()}))
    (cluster.home / "made").touch()


def _clear(cluster: Cluster) -> None:
    """Take away what an interrupted initdb left; nothing in it was ever used."""
    if cluster.home.exists():
        _demand(cluster, "clear", "rm", "-rf", "--", str(cluster.data))


def _start(cluster: Cluster, server: Postgres) -> None:
    """Start, on another port when ours was taken meanwhile, again while the children of a killed server still die."""
    deadline = time.monotonic() + START_SECONDS
    reason = ""
    while time.monotonic() < deadline:
        _forget_killed_server(cluster)
        _configure(cluster)
        mark = cluster.log.stat().st_size if cluster.log.exists() else 0
        if _launch(cluster, server):
            return
        reason = _read_from(cluster.log, mark)
        if "Address already in use" in reason:
            known = json.loads(cluster.secret.read_text())
            _write(cluster.secret, json.dumps(known | {"port": free_port()}))
        elif "shared memory block" not in reason:
            break
        time.sleep(0.5)
    raise ClusterFailed(step="start", reason=reason.strip()[-600:] or str(cluster.log))


def _launch(cluster: Cluster, server: Postgres) -> bool:
    command = [
        server.program("pg_ctl"),
        "start",
        "-D",
        str(cluster.data),
        "-w",
        "-t",
        str(START_SECONDS),
        "-l",
        str(cluster.log),
        "-s",
    ]
    # The server inherits the output of pg_ctl: a pipe would stay open as long as the server lives.
    try:
        return (
            cluster.owner.run(
                "/bin/sh", "-c", 'exec "$@" >/dev/null 2>&1', "sh", *command, seconds=START_SECONDS + 10
            ).returncode
            == 0
        )
    except subprocess.TimeoutExpired:
        return False


def _configure(cluster: Cluster) -> None:
    run = cluster.home / "run"
    run.mkdir(exist_ok=True)
    cluster.owner.give(run, 0o700)
    known = json.loads(cluster.secret.read_text())
    text = CONFIGURATION.format(
        port=known["port"],
        socket=run if len(os.fsencode(run)) <= SOCKET_LIMIT else "",
        durable="on" if cluster.durable else "off",
    )
    file = cluster.data / "gridward.conf"
    _write(file, text)
    cluster.owner.give(file, 0o600)


def _forget_killed_server(cluster: Cluster) -> None:
    """After kill -9 its number may belong to another process by now, which PostgreSQL would take for the server."""
    pid = _pid(cluster)
    if pid is None or not _is_server(pid, cluster.data):
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        for left in (cluster.home / "run").glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)


def _pid(cluster: Cluster) -> int | None:
    try:
        return int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_server(pid: int, data: Path) -> bool:
    """Whether process `pid` is the server of `data`; where /proc is missing, whether it lives."""
    try:
        if Path("/proc/self").exists():
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return os.fsencode(data) in words
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _demand(cluster: Cluster, step: str, *command: str) -> None:
    done = cluster.owner.run(*command, seconds=180)
    if done.returncode:
        raise ClusterFailed(step=step, reason=(done.stderr or done.stdout).strip()[-600:])


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read_from(file: Path, offset: int) -> str:
    if not file.exists():
        return ""
    with file.open("rb") as text:
        text.seek(offset)
        return text.read().decode(errors="replace")


def _write(file: Path, text: str) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    new = file.with_name(file.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    new.replace(file)


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """One start or stop at a time, however many processes ask."""
    with (cluster.folder / "cluster.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
