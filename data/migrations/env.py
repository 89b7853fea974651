"""Alembic's entry: which database, and the tables that the revisions should add up to."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

import dispatch.tables  # noqa: F401 - its tables join the metadata of the ground
from api.machine.cluster import address
from api.machine.migrating import driver
from api.settings import Settings
from gis.tables import metadata

LOCK = 0x67726964  # "grid": two processes that migrate at once wait for each other


def known(thing, name, kind, reflected, compare_to):
    """Tables that belong to PostGIS or to the job queue are not ours to compare."""
    if (
        kind == "table"
        and reflected
        and compare_to is None
        and (name.startswith("procrastinate_") or name == "spatial_ref_sys")
    ):
        return False
    return alembic_helpers.include_object(thing, name, kind, reflected, compare_to)


def configure(**how):
    context.configure(
        target_metadata=metadata,
        include_object=known,
        render_item=alembic_helpers.render_item,
        process_revision_directives=alembic_helpers.writer,
        transaction_per_migration=True,
        **how,
    )


def url() -> str:
    return (
        context.config.attributes.get("url")
        or context.get_x_argument(as_dictionary=True).get("url")
        or address(Settings())
    )


def online() -> None:
    engine = create_engine(driver(url()), poolclass=NullPool, connect_args={"options": "-c timezone=UTC"})
    with engine.connect() as guard, engine.connect() as tx:
        guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        configure(connection=tx)
        with context.begin_transaction():
            context.run_migrations()


def offline() -> None:
    configure(url=driver(url()), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


offline() if context.is_offline_mode() else online()
