"""The whole product from one command, with everything real: started, killed in parts, stopped, started again."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from api.machine import cluster, processes

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "tests" / "places" / "tiny.osm"
READY = "Ctrl-C stops everything"
PATIENCE = 180  #: seconds; bounds every wait here, for machines that are busy with other things


class Product:
    """`gridward up` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = cluster.free_port()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GRIDWARD_")},
            "GRIDWARD_FOLDER": str(folder),
            "GRIDWARD_PORT": str(self.port),
            "GRIDWARD_WORKERS": "1",
            "LANGUAGE": "en",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text()

    def start(self) -> float:
        """Start and wait until it says that it is ready; the seconds that took."""
        begun = time.monotonic()
        with (self.folder / "said").open("w") as out:
            self.process = subprocess.Popen(
                self.words("up", str(TINY)), cwd=ROOT, env=self.env, stdout=out, stderr=out, start_new_session=True
            )
        process = self.process
        wait_for(lambda: READY in self.said or process.poll() is not None)
        assert READY in self.said, self.said
        return time.monotonic() - begun

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        env = {**self.env, **more}
        return subprocess.run(
            self.words(*words), cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "api.cli", *words]

    def stop(self) -> int:
        """Ctrl-C as a terminal gives it, to everybody in the group, by an impatient person."""
        assert self.process
        for _ in range(20):
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGINT)
                time.sleep(0.2)
        return self.process.wait(PATIENCE)

    def answers(self, path: str = "/api/ready") -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def ask(self, question: str) -> int:
        connection = psycopg2.connect(cluster.url(cluster.at(self.folder)))
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(question)
                return int(cursor.fetchone()[0])  # type: ignore[index]  # every question here has one answer
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """Everything that runs with our folder in its environment."""
        mark = f"GRIDWARD_FOLDER={self.folder}".encode()
        return [int(one.name) for one in Path("/proc").glob("[0-9]*") if mark in _environ(one).split(b"\0")]

    def part(self, word: str) -> int:
        """The oldest process of the product with this word on its command line."""
        found = [
            pid for pid in sorted(self.processes()) if word.encode() in _read(Path(f"/proc/{pid}/cmdline")).split(b"\0")
        ]
        return found[0]


def _environ(process: Path) -> bytes:
    return _read(process / "environ")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("up")
    product = Product(folder)
    try:
        product.start()
        yield product
    finally:
        if product.process:
            product.stop()
        private = cluster.at(folder)
        cluster.stop(private)
        shutil.rmtree(private.home, ignore_errors=True)


def test_it_says_where_it_is_and_how_to_sign_in(product: Product) -> None:
    assert f"http://127.0.0.1:{product.port}/" in product.said
    roles = re.findall(r"^    (\S+) +http://\S+/enter/\S+$", product.said, re.MULTILINE)
    assert {"dispatcher", "worker", "volunteer", "supervisor", "planner", "administrator"} <= set(roles)
    assert "OpenStreetMap contributors" in product.said
    assert product.answers("/api/health")


def test_a_sign_in_link_opens_the_desk(product: Product) -> None:
    link = re.search(r"dispatcher +(\S+/enter/\S+)", product.said)
    assert link
    cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(cookies)
    assert browser.open(link[1], timeout=30).url.endswith("/desk")
    session = json.load(browser.open(f"http://127.0.0.1:{product.port}/api/session", timeout=30))
    assert "dispatcher" in session["roles"]


def test_a_second_start_from_the_same_folder_is_refused_in_a_sentence(product: Product) -> None:
    again = product.run("up")
    assert again.returncode == 1
    assert str(product.process.pid if product.process else 0) in again.stderr
    assert "Traceback" not in again.stderr


def test_a_port_that_is_taken_is_told_in_the_language_of_the_terminal(product: Product, tmp_path: Path) -> None:
    other = product.run("up", GRIDWARD_FOLDER=str(tmp_path), LANGUAGE="zh_TW")
    assert other.returncode == 1
    assert str(product.port) in other.stderr
    assert "連接埠" in other.stderr or "通訊埠" in other.stderr


def test_demo_accounts_are_not_offered_to_other_machines(product: Product, tmp_path: Path) -> None:
    other = product.run("up", "--host", "0.0.0.0", GRIDWARD_FOLDER=str(tmp_path))
    assert other.returncode == 1
    assert "demo" in other.stderr.lower()


def test_the_doctor_finds_everything_well_but_perhaps_the_front_end(product: Product) -> None:
    told = product.run("doctor")
    faults = [line for line in told.stdout.splitlines() if line.startswith("  ✗")]
    assert [line for line in faults if "Front end" not in line] == [], told.stdout


def test_what_is_killed_comes_back_and_nothing_acknowledged_is_lost(product: Product) -> None:
    wait_for(lambda: product.ask("SELECT count(*) FROM event") > 0)
    before = product.ask("SELECT count(*) FROM event")
    for part in ("gunicorn", "work", "api.demo"):
        os.kill(product.part(part), signal.SIGKILL)
    os.kill(int((cluster.at(product.folder).data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: not product.answers())
    wait_for(product.answers)
    assert product.ask("SELECT count(*) FROM event") >= before
    wait_for(lambda: product.ask("SELECT count(*) FROM event") > before)


def test_ctrl_c_stops_everything_and_the_next_start_finds_everything(product: Product) -> None:
    cells, events = product.ask("SELECT count(*) FROM cell"), product.ask("SELECT count(*) FROM event")
    assert product.stop() == 0
    assert product.processes() == []
    assert not cluster.running(cluster.at(product.folder))
    assert not product.answers()

    seconds = product.start()
    assert seconds < 90  # the promise is 15 s on a machine that has nothing else to do
    assert "Stored" not in product.said
    assert product.ask("SELECT count(*) FROM district") == 1
    assert product.ask("SELECT count(*) FROM cell") == cells
    assert product.ask("SELECT count(*) FROM event") >= events


def test_down_stops_it_from_another_terminal(product: Product) -> None:
    assert product.run("down").returncode == 0
    assert product.process
    assert product.process.wait(PATIENCE) == 0
    assert product.processes() == []
    assert processes.holder(product.folder / "up.pid") is None
    assert "Nothing was running" in product.run("down").stdout


def test_after_kill_9_the_next_start_takes_over(product: Product) -> None:
    product.start()
    assert product.process
    product.process.kill()
    product.process.wait()
    wait_for(lambda: not any(b"python" in _read(Path(f"/proc/{pid}/cmdline")) for pid in product.processes()))
    assert cluster.running(cluster.at(product.folder))  # the database alone stays, for the next start to take over
    product.start()
    assert product.answers()
