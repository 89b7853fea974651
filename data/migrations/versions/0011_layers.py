"""Layers: what is published, and what makes a tile old."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
