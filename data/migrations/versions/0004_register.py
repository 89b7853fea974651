"""The address register: every name under which a street or a facility may be found, and the keys of the addresses."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0004_register.sql").read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.execute("DROP INDEX street_district_key_idx")
    op.execute("DROP INDEX address_district_key_idx")
    op.execute("CREATE INDEX address_key_idx ON address USING gin (key gin_trgm_ops)")
    op.execute("DROP TABLE register_name")
