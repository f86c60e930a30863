"""The SQL that Alembic's operations have no words for: views, roles' grants, row-level security, triggers."""

from pathlib import Path

from alembic import op


def run_sql(script: str) -> None:
    """Run one script of this folder inside the migration's transaction."""
    sql = (Path(__file__).parent / f"{script}.sql").read_text()
    op.get_bind().exec_driver_sql(sql.replace("%", "%%"))  # the driver takes a lone % for a placeholder
