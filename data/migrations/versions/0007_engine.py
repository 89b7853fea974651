"""The engine: limits of people and cases, crews, weights, proposals, what was undone."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"
TABLES = "standby engine_weight engine_setting proposal shift_break responder_skill"
COLUMNS = {
    "plan": "changes degraded undo applied_by undone_by undone_at reason",
    "incident": "appointment_from appointment_to max_width_m after",
    "shift_pattern": "break_from break_until break_seconds",
    "responder": "vehicle overtime_seconds rest_seconds max_seconds",
}


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0007_engine.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in TABLES.split():
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP INDEX plan_district_idx")
    op.execute("DROP INDEX assignment_one_per_incident_idx")
    op.execute("UPDATE assignment SET state = 'withdrawn', ended_at = now(), version = version + 1 WHERE part > 0")
    op.execute("ALTER TABLE assignment DROP COLUMN part")
    op.execute(
        "CREATE UNIQUE INDEX assignment_one_per_incident_idx ON assignment (incident)"
        " WHERE state IN ('offered', 'accepted', 'en_route', 'on_scene')"
    )
    for table, columns in COLUMNS.items():
        for column in columns.split():
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
