"""Divisions: drafts, approval, and cells that go on from one division to the next."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
