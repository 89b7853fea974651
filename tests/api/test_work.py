"""The worker as a process of its own: it hears, plans, survives, stops."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from sqlalchemy import Engine, text

from api.machine.migrating import configuration
from api.work import Queue, Tail
from dispatch import store
from dispatch.model import Event, Incident
from dispatch.planning import worth_planning
from gis.database import begin
from tests.dispatch.square import Square, at

RUN = """
import logging
from api.settings import Settings
from api.work import run
logging.basicConfig(level="INFO", format="%(asctime)s %(message)s")
run(Settings())
"""


@pytest.fixture
def square(database: Engine) -> Square:
    return Square(database)


@pytest.fixture
def worker(database_url: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with start(database_url, tmp_path) as process:
        yield process
        process.kill()


def start(url: str, folder: Path) -> subprocess.Popen[bytes]:
    env = os.environ | {"GRIDWARD_DATABASE_URL": url, "GRIDWARD_FOLDER": str(folder)}
    root = Path(__file__).resolve().parents[2]
    with (folder / "work.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-c", RUN], env=env, cwd=root, stdout=log, stderr=log)


def until(true: Callable[[], Any], seconds: float = 20) -> float:
    """Wait until `true`; how long that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - began


def reported(square: Square, east: float) -> Incident:
    case = square.case(at(east))
    with begin(square.engine) as tx:
        store.record(tx, Event(kind="incident.reported", district=square.district, incident=case.id))
    return case


def jobs(square: Square) -> list[dict[str, Any]]:
    with begin(square.engine) as tx:
        return [dict(row) for row in tx.execute(text("SELECT * FROM procrastinate_jobs ORDER BY id")).mappings()]


def test_what_waits_at_the_start_is_planned_and_what_comes_is_planned_within_two_seconds(
    square: Square, worker: subprocess.Popen[bytes]
) -> None:
    square.person(at(0))
    first = reported(square, 1)
    until(lambda: first.id in square.live())
    took = []
    for east in (2, 3, 4):
        time.sleep(0.5)
        case = reported(square, east)
        took.append(until(lambda case=case: case.id in square.live()))
    assert max(took) < 2.0


def test_a_burst_becomes_few_plans(square: Square, worker: subprocess.Popen[bytes]) -> None:
    for east in (-1, 0, 1):
        square.person(at(east))
    cases = [reported(square, k / 10) for k in range(20)]
    until(lambda: {c.id for c in cases} <= set(square.live()))
    assert len(square.events("plan.made")) <= 8


def test_sigterm_ends_it_soon_and_cleanly(square: Square, worker: subprocess.Popen[bytes]) -> None:
    square.person(at(0))
    case = reported(square, 1)
    until(lambda: case.id in square.live())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=12) == 0


def test_a_job_that_a_killed_worker_left_behind_does_not_block_its_district(
    square: Square, database_url: str, tmp_path: Path
) -> None:
    square.person(at(0))
    lock = f"plan-{square.district}"
    with begin(square.engine) as tx:
        tx.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
                " VALUES ('plan', 'plan', :lock, :lock, :args, 'doing', NULL)"
            ),
            {"lock": lock, "args": json.dumps({"district": square.district})},
        )
    with start(database_url, tmp_path) as process:
        case = reported(square, 1)
        until(lambda: case.id in square.live())
        until(lambda: all(job["status"] != "doing" for job in jobs(square)))
        process.kill()


def busy(engine: Engine) -> bool:
    """Whether a job is under way: a case is placed before the search that follows in the same job."""
    with begin(engine) as tx:
        return bool(tx.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")))


def test_a_job_whose_end_could_not_be_written_down_does_not_block_its_district(
    square: Square, worker: subprocess.Popen[bytes]
) -> None:
    square.person(at(0))
    first = reported(square, 1)
    until(lambda: first.id in square.live() and not busy(square.engine))
    with begin(square.engine) as tx:
        me = tx.scalar(text("SELECT max(id) FROM procrastinate_workers"))
        tx.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
                " VALUES ('plan', 'plan', :lock, NULL, :args, 'doing', :me)"
            ),
            {"lock": f"plan-{square.district}", "args": json.dumps({"district": square.district}), "me": me},
        )
    case = reported(square, 2)
    until(lambda: case.id in square.live())


def test_lost_connections_are_made_again_and_nothing_is_missed(square: Square, worker: subprocess.Popen[bytes]) -> None:
    square.person(at(0))
    first = reported(square, 1)
    until(lambda: first.id in square.live())
    with begin(square.engine) as tx:
        tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    case = reported(square, 2)
    until(lambda: case.id in square.live(), seconds=30)


def test_the_engine_does_not_wake_itself() -> None:
    assert not worth_planning(Event(kind="plan.made", district=1))
    assert not worth_planning(Event(kind="assignment.withdrawn", district=1, reason="replanned"))
    assert worth_planning(Event(kind="assignment.withdrawn", district=1, reason="wrong person"))
    assert worth_planning(Event(kind="incident.reported", district=1))


def test_the_queue_goes_down_and_up_again(database: Engine, database_url: str) -> None:
    from alembic import command

    with begin(database) as tx:
        assert tx.scalar(text("SELECT to_regclass('procrastinate_jobs')")) is not None
    command.downgrade(configuration(database_url), "0004")
    with begin(database) as tx:
        left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'procrastinate%'"
        assert tx.scalar(text(left)) == 0
        assert tx.scalar(text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate%'")) == 0
        assert tx.scalar(text("SELECT count(*) FROM pg_type WHERE typname LIKE 'procrastinate%'")) == 0
    command.upgrade(configuration(database_url), "head")


def test_a_long_transaction_elsewhere_holds_up_no_plan(square: Square, worker: subprocess.Popen[bytes]) -> None:
    square.person(at(0))
    first = reported(square, 1)
    until(lambda: first.id in square.live())
    with begin(square.engine) as importing:
        importing.execute(text("SELECT pg_current_xact_id()"))
        case = reported(square, 2)
        assert until(lambda: case.id in square.live()) < 3


def test_what_commits_late_asks_for_a_plan_all_the_same_and_nothing_asks_twice(
    database: Engine, database_url: str
) -> None:
    early, later = Square(database), Square(database)
    tail = Tail(database_url, database, Queue(App(connector=InMemoryConnector())))
    assert tail._asking() == {early.district, later.district}
    with begin(database) as slow:
        store.record(slow, Event(kind="incident.reported", district=early.district))
        with begin(database) as quick:
            store.record(quick, Event(kind="incident.reported", district=later.district))
        assert tail._asking() == {later.district}
        assert tail._asking() == set()
    assert tail._asking() == {early.district}
    assert tail._asking() == set()


def test_of_two_workers_one_leads_a_district_and_epochs_order_what_is_written(
    square: Square, database_url: str, tmp_path: Path
) -> None:
    square.person(at(0))
    square.person(at(1))
    doing: list[int] = []
    workers = [start(database_url, tmp_path) for _ in range(2)]
    try:
        cases = [reported(square, 0.1)]
        until(lambda: cases[0].id in square.live(), seconds=40)
        for k in range(2, 8):
            cases.append(reported(square, k / 10))
            until(lambda: doing.append(_at_it(square)) or len(doing) % 20 == 0)
        until(lambda: doing.append(_at_it(square)) or {c.id for c in cases} <= set(square.live()), seconds=40)
    finally:
        for one in workers:
            one.kill()
            one.wait(timeout=5)
    assert max(doing) <= 1, "the queue's lock lets one worker plan a district, whoever gets it"
    with begin(square.engine) as tx:
        question = text("SELECT epoch FROM plan WHERE district = :d ORDER BY id")
        epochs = list(tx.execute(question, {"d": square.district}).scalars())
    assert len(epochs) > 1
    assert epochs == sorted(epochs)
    assert len(square.live()) == len(cases)


def _at_it(square: Square) -> int:
    """How many plans of the district are being made."""
    return sum(job["status"] == "doing" and job["task_name"] == "plan" for job in jobs(square))
