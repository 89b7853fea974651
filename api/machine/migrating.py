"""Bring a database to the newest revision of `data/migrations`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from api.machine.errors import DatabaseUnreachable

MIGRATIONS = Path(__file__).resolve().parents[2] / "data" / "migrations"


def migrate(url: str) -> None:
    """Run the migrations that `url` lacks; two at once wait for each other. Raises DatabaseUnreachable."""
    try:
        command.upgrade(configuration(url), "head")
    except OperationalError as error:
        raise DatabaseUnreachable(where=where(url), reason=str(error.orig).strip()) from error


def create_if_missing(url: str) -> bool:
    """Create the database that `url` names. False when it was there. Raises DatabaseUnreachable."""
    name = make_url(url).database
    engine = create_engine(driver(url, database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as tx:
            if tx.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
                return False
            tx.execute(text(f"CREATE DATABASE {tx.dialect.identifier_preparer.quote_identifier(str(name))}"))
            return True
    except OperationalError as error:
        raise DatabaseUnreachable(where=where(url), reason=str(error.orig).strip()) from error


def newest() -> str | None:
    """The revision that a current database carries."""
    return ScriptDirectory.from_config(configuration("")).get_current_head()


def configuration(url: str) -> Config:
    """Alembic's configuration for `url`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def driver(url: str, **changes: str) -> str:
    """`url` with the driver that SQLAlchemy is to use, and other parts replaced."""
    return make_url(url).set(drivername="postgresql+psycopg2", **changes).render_as_string(hide_password=False)  # type: ignore[arg-type]  # set() takes one type per part


def where(url: str) -> str:
    """The address without its password, to show."""
    return make_url(url).render_as_string(hide_password=True)
