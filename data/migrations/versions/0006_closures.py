"""Roads that are closed for a while, and speeds by the hour."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0006_closures.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in ("speed", "road_state", "closure"):
        op.execute(f"DROP TABLE {table}")
