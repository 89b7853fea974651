"""Layers: what is published, and what makes a tile old."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0011_layers.sql").read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """The role stays: it belongs to the server, where another database may use it."""
    op.execute("DROP SCHEMA published CASCADE")
    op.execute("DROP TABLE layer")
    op.execute("ALTER TABLE tile ALTER body SET STORAGE EXTENDED")
    op.execute("TRUNCATE tile")
