"""Sources: where rows come from and what they were before; components, cameras, sensors; deliveries on their way in."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"
TABLES = "import_row import_batch ground_past sensor camera component"
ORIGIN = "source source_key digest accuracy_m valid_from valid_to"
COLUMNS = {
    "building": f"{ORIGIN} year households people_known",
    "address": f"{ORIGIN} kind lane alley block floor room",
    "facility": ORIGIN,
    "road": ORIGIN,
}


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0009_sources.sql").read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f"DROP TRIGGER {table}_gone ON {table}")
        op.execute(f"DROP TRIGGER {table}_changed ON {table}")
        for column in columns.split():
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in TABLES.split():
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION keep_past()")
    op.execute("DROP TABLE source")
