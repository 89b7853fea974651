"""Databases for benches, thrown away afterwards."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from api.machine.migrating import driver, migrate
from gis.database import engine_for


@contextmanager
def database() -> Iterator[Engine]:
    """A new migrated database, dropped at the end."""
    server = os.environ["GRIDWARD_TEST_SERVER"]
    name = f"gridward_bench_{uuid.uuid4().hex[:8]}"
    tell(server, f"CREATE DATABASE {name}")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        migrate(url)
        engine = engine_for(url)
        yield engine
        engine.dispose()
    finally:
        tell(server, f"DROP DATABASE {name} WITH (FORCE)")


def tell(server: str, statement: str) -> None:
    engine = create_engine(driver(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as tx:
        tx.execute(text(statement))
