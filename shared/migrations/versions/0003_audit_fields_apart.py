"""Lines of the audit trail are sealed with their fields kept apart."""

from shared.migrations.sql import run_sql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql("audit_fields_apart")


def downgrade() -> None:
    """The digest of lines that were sealed since knows only this function: it stays."""
