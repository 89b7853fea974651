"""The connection to PostGIS: one engine per process, one transaction per use case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, text

type Transaction = Connection

QUIET = "gridward-quiet"


def engine_for(url: str, *, size: int = 10) -> Engine:
    """An engine for `url` (postgresql://...). synchronous_commit is pinned: what is acknowledged is on disk."""
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg2://", 1),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=True,
        connect_args={"options": "-c synchronous_commit=on -c jit=off -c timezone=UTC -c statement_timeout=60000"},
    )


@contextmanager
def begin(engine: Engine) -> Iterator[Transaction]:
    """One transaction: committed at the end, rolled back on any error."""
    with engine.begin() as tx:
        yield tx


def quiet(tx: Transaction) -> None:
    """Promise that this transaction records no event, so that those who read events need not wait for its end."""
    tx.execute(text("SELECT set_config('application_name', :name, true)"), {"name": QUIET})
