"""Addresses: what people know by name besides facilities, and kilometre posts."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0012_doors.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP TABLE milestone")
    op.execute("DROP TABLE landmark")
