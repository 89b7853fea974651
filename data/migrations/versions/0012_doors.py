"""Addresses: what searches need of lanes, kilometre posts and other geocoders."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None: ...


def downgrade() -> None: ...
