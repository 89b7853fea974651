"""The work: people, incidents, assignments, plans, events."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"
TABLES = (
    "attachment unassigned assignment shift_pattern shift position incident cell_duty responder role_grant sign_in_link"
    " session plan incident_number event sign_in_attempt request_key incident_class app_user"
)


def upgrade() -> None:
    for name in ("0002_work_tables.sql", "0002_work_triggers.sql"):
        op.get_bind().exec_driver_sql((SQL / name).read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in TABLES.split():
        op.execute(f"DROP TABLE {table}")
    for function in ("announce_event", "keep_event", "announce_position"):
        op.execute(f"DROP FUNCTION {function}()")
