"""Divisions: drafts, approval, and cells that go on from one division to the next; the words of a report."""

import re
from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[2] / "sql"
COLUMNS = (
    "state version turn based_on pattern cut step share error reason"
    " made_by made_at proposed_by proposed_at approved_by approved_at stood_at"
)


def upgrade() -> None:
    op.get_bind().exec_driver_sql((SQL / "0010_division.sql").read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drafts and plans are lost; cells that went on stay in the division that stands, as before."""
    op.execute("DELETE FROM grid_version WHERE state IN ('draft', 'proposed', 'planned')")
    op.execute("DROP FUNCTION division_shares(integer, integer), division_cells(integer)")
    op.execute("DROP TABLE draft_edit, draft_cell")
    op.execute("DROP TRIGGER cell_begun ON cell")
    op.execute("DROP TRIGGER grid_version_turn ON grid_version")
    op.execute("DROP TRIGGER cell_kept ON cell")
    op.execute("DROP INDEX grid_version_current_key")
    op.execute("DROP INDEX cell_area_idx")
    _functions_before()
    op.execute("DROP FUNCTION cell_stands(integer, integer, integer), take_turn(), begin_cell()")
    op.execute("ALTER TABLE cell DROP COLUMN since, DROP COLUMN void_reason")
    op.execute("ALTER TABLE incident DROP COLUMN said")
    op.execute("ALTER TABLE grid_version ALTER COLUMN starts SET NOT NULL")
    for column in COLUMNS.split():
        op.execute(f"ALTER TABLE grid_version DROP COLUMN {column}")
    op.execute("CREATE UNIQUE INDEX grid_version_current_key ON grid_version (district) WHERE ends IS NULL")


def _functions_before() -> None:
    """The functions and the trigger of revision 0003."""
    sql = (SQL / "0003_grid.sql").read_text(encoding="utf-8").replace("%", "%%")
    for found in re.findall(r"CREATE (FUNCTION .*?\$\$;)", sql, re.DOTALL):
        op.get_bind().exec_driver_sql(f"CREATE OR REPLACE {found}")
    trigger = re.search(r"CREATE TRIGGER cell_kept.*?;", sql, re.DOTALL)
    assert trigger is not None  # noqa: S101 - the file is in this repository
    op.get_bind().exec_driver_sql(trigger[0])
