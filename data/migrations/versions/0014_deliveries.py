"""Deliveries: what was found in them and said of them; names know which register brought them."""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"
COLUMNS = {"import_batch": "inspected plan stored tries", "register_alias": "origin origin_key"}


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0014_deliveries.sql").read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns.split():
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
