"""Services lose rights that they never use."""

from shared.migrations.sql import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("narrower_grants")


def downgrade() -> None:
    """Nobody misses these rights."""
