"""What the migrations add up to is what the tables say."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Engine, text

import dispatch.tables  # noqa: F401 - its tables join the metadata of the ground
from gis.tables import metadata


def _ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    foreign = kind == "table" and reflected and compare_to is None and (name or "").startswith("procrastinate_")
    return not foreign and bool(alembic_helpers.include_object(thing, name, kind, reflected, compare_to))


def test_the_migrated_schema_equals_the_tables(database: Engine) -> None:
    with database.connect() as tx:
        context = MigrationContext.configure(tx, opts={"include_object": _ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_what_alembic_does_not_compare_is_there(database: Engine) -> None:
    """Exclusion constraints, partial indexes' conditions and triggers."""
    with database.connect() as tx:
        excluded = set(tx.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'x'")))
        triggers = set(tx.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
        partial = set(tx.scalars(text("SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL")))
    assert {"assignment_no_double_booking", "shift_no_overlap"} <= excluded
    assert {"event_announced", "event_kept", "responder_moved"} <= triggers
    assert {"assignment_one_under_way_idx", "assignment_one_per_incident_idx"} <= partial
