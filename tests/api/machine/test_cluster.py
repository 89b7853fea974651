"""The private cluster, for real: made, started, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from api.machine import cluster, postgres
from api.machine.cluster import Cluster
from api.machine.errors import ClusterFailed
from api.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    private = cluster.at(folder, durable=True)
    try:
        cluster.start(private)
        yield private
    finally:
        cluster.stop(private)
        if private.home != folder / "pg":
            subprocess.run(["rm", "-rf", "--", str(private.home)], check=True)


def ask(private: Cluster, question: str) -> str:
    connection = psycopg2.connect(cluster.url(private, "postgres"))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question)
            return str(cursor.fetchone()[0])  # type: ignore[index]  # every question here has one answer
    finally:
        connection.close()


def kill(private: Cluster) -> None:
    os.kill(int((private.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("synchronous_commit", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("jit", "off"),
        ("data_checksums", "on"),
    ],
)
def test_what_is_acknowledged_is_on_disk(private: Cluster, name: str, value: str) -> None:
    assert ask(private, f"SHOW {name}") == value


def test_it_listens_to_this_machine_alone(private: Cluster) -> None:
    assert ask(private, "SHOW listen_addresses") == "127.0.0.1"


def test_a_wrong_password_is_refused_on_the_port_and_on_the_socket(private: Cluster) -> None:
    port = json.loads(private.secret.read_text())["port"]
    for host in ("127.0.0.1", ask(private, "SHOW unix_socket_directories")):
        if host:
            with pytest.raises(psycopg2.OperationalError, match="password"):
                psycopg2.connect(host=host, port=port, user=cluster.USER, password="guess", dbname="postgres")


def test_nobody_else_can_read_the_password_or_the_data(private: Cluster) -> None:
    assert stat.S_IMODE(private.secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(private.home.stat().st_mode) == 0o700


def test_starting_twice_is_starting_once(private: Cluster) -> None:
    before = (private.data / "postmaster.pid").read_text()
    assert cluster.start(private) == cluster.url(private)
    assert (private.data / "postmaster.pid").read_text() == before


def test_text_is_utf8_and_lower_case_knows_more_than_ascii(private: Cluster) -> None:
    assert ask(private, "SELECT lower('ÄÖ中')") == "äö中"


def test_it_starts_again_after_kill_9_and_keeps_what_was_committed(private: Cluster) -> None:
    connection = psycopg2.connect(cluster.url(private, "postgres"))
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    kill(private)
    connection.close()
    begun = time.monotonic()
    cluster.start(private)
    assert ask(private, "SELECT answer FROM kept") == "42"
    assert time.monotonic() - begun < 60


def test_a_pid_file_that_names_another_living_process_does_not_keep_it_from_starting(private: Cluster) -> None:
    pid_file = private.data / "postmaster.pid"
    cluster.stop(private)
    sleeper = subprocess.Popen(["sleep", "300"], user=private.owner.uid if private.owner.other else None)
    try:
        pid_file.write_text(f"{sleeper.pid}\n{private.data}\n0\n5432\n\n\n\n\n")
        private.owner.give(pid_file, 0o600)
        assert not cluster.running(private)
        cluster.start(private)
        assert cluster.running(private)
    finally:
        sleeper.kill()
        sleeper.wait()


def test_it_moves_to_another_port_when_its_own_was_taken_meanwhile(private: Cluster) -> None:
    cluster.stop(private)
    before = json.loads(private.secret.read_text())["port"]
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", before))
        thief.listen()
        cluster.start(private)
    assert json.loads(private.secret.read_text())["port"] != before
    assert ask(private, "SELECT 1") == "1"


def test_stopping_what_does_not_run_is_no_error(private: Cluster) -> None:
    assert cluster.stop(private)
    assert not cluster.stop(private)
    cluster.start(private)


def test_an_interrupted_initdb_is_made_anew(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    torn = cluster.at(tmp_path, durable=False)
    torn.data.mkdir(parents=True)
    (torn.data / "PG_VERSION").write_text(ask_version())
    torn.owner.give(torn.home, 0o700)
    torn.owner.give(torn.data, 0o700)
    try:
        cluster.start(torn)
        assert ask(torn, "SELECT 1") == "1"
    finally:
        cluster.stop(torn)
        subprocess.run(["rm", "-rf", "--", str(torn.home)], check=True)


def ask_version() -> str:
    return f"{postgres.choose().major}\n"


def test_a_broken_configuration_is_told_in_the_servers_own_words(private: Cluster) -> None:
    conf = private.data / "postgresql.conf"
    before = conf.read_text()
    cluster.stop(private)
    try:
        conf.write_text(before + "no_such_setting = 1\n")
        with pytest.raises(ClusterFailed, match="no_such_setting"):
            cluster.start(private)
    finally:
        conf.write_text(before)
        cluster.start(private)


def test_the_settings_find_the_private_database_unless_another_is_named(private: Cluster) -> None:
    assert cluster.address(Settings(folder=private.folder, database_url="")) == cluster.url(private)
    assert cluster.address(Settings(folder=private.folder, database_url="postgresql://else")) == "postgresql://else"
