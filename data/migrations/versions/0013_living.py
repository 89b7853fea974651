"""OpenStreetMap as a source that lives: keys and digests of all that follows from an extract."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"
DRAWN = ("land", "water", "building", "road", "boundary", "place", "point", "door")


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0013_living.sql").read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Sources and keys of the ground stay: they are columns of revision 0009."""
    for table in ("street", "landmark", "milestone", *(f"basemap_{layer}" for layer in DRAWN)):
        op.execute(f"ALTER TABLE {table} DROP COLUMN source_key, DROP COLUMN digest")
    op.execute("DROP INDEX address_building_idx")
    op.execute("ALTER TABLE district DROP COLUMN extract")
