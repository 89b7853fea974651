"""The grid: which cell a position belongs to, whether a division is sound, what may never change."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0003_grid.sql").read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    op.execute("DROP TRIGGER cell_kept ON cell")
    op.execute("DROP TRIGGER building_in_cell ON building")
    for function in ("keep_cell()", "building_in_cell()", "grid_faults(integer)", "grid_assign(integer)"):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP FUNCTION cell_of(integer, geometry)")
    op.execute("DROP FUNCTION current_grid(integer)")
    op.execute("DROP INDEX grid_version_current_key")
