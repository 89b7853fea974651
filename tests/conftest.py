"""Databases for tests: a server for the session, a template migrated once, a clone for each test or module that asks.

`GRIDWARD_TEST_SERVER` names a running server to use (postgresql://user@host:port/postgres); without it a private
cluster is started in a temporary folder and thrown away at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as BrowserError
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from api.machine import cluster
from api.machine.migrating import driver, migrate
from gis.database import engine_for

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server on which databases may be made, database `postgres`."""
    if chosen := os.environ.get("GRIDWARD_TEST_SERVER"):
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="gridward-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # as root the server belongs to another user, who has to pass
        private = cluster.at(Path(folder), durable=False)
        cluster.start(private)
        try:
            yield cluster.url(private, "postgres")
        finally:
            cluster.stop(private)


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a database at the newest revision, with nothing in it. Nobody connects to it."""
    with _database(server, "gridward_template") as url:
        migrate(url)
        yield str(make_url(url).database)


@pytest.fixture
def database_url(server: str, template: str) -> Iterator[str]:
    """The address of a fresh migrated database for one test."""
    with _database(server, "gridward_test", template) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """A fresh migrated database for one test."""
    with _engine(database_url) as engine:
        yield engine


@pytest.fixture(scope="module")
def module_database_url(server: str, template: str) -> Iterator[str]:
    """The address of a fresh migrated database that the tests of one module share."""
    with _database(server, "gridward_test", template) as url:
        yield url


@pytest.fixture(scope="module")
def module_database(module_database_url: str) -> Iterator[Engine]:
    """A fresh migrated database that the tests of one module share."""
    with _engine(module_database_url) as engine:
        yield engine


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real extracts and registers, kept beside the checkout and not in it."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the shared data folder {SHARED}, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium (`GRIDWARD_CHROMIUM` names another), else the one that Playwright brought."""
    found = os.environ.get("GRIDWARD_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except BrowserError as error:
            pytest.skip(f"needs a Chromium: {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _database(server: str, prefix: str, template: str | None = None) -> Iterator[str]:
    name = f"{prefix}_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    _tell(server, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _tell(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _tell(server: str, statement: str) -> None:
    engine = create_engine(driver(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as tx:
        tx.execute(text(statement))
