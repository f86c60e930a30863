"""One database for tests that run one after another: emptied between them, copied anew where that is not enough.

A copy of the template takes a hundred times as long as emptying the few tables that a test filled; and whoever is
connected stays so. What a test cannot leave behind by rows alone (a changed table, trigger, policy or right) shows
in the system's catalogs; then, or after many uses, the next test gets a new copy.
"""

import psycopg
from psycopg import Connection, sql

from tests import embedded
from tests.embedded import Addresses

USES = 60  # rows that are gone still take room until then: nothing here vacuums

CATALOGS = ("pg_class", "pg_attribute", "pg_namespace", "pg_trigger", "pg_policy", "pg_proc", "pg_constraint")
TABLES = """
    SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""
# Uncommitted rows would outlive the emptying.
END_WRITERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""
RESTART_SEQUENCES = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"
# Without triggers and foreign keys, for the superuser only; whoever holds a lock for longer forces a new copy.
AS_SUPERUSER = "SET session_replication_role = replica; SET lock_timeout = '1s'"


class ReusedDatabase:
    """The database `name`, as fresh as a copy of `template` after each `renew()`."""

    def __init__(self, servers: Addresses, name: str, template: str) -> None:
        self.name = name
        self._servers = servers
        self._template = template
        self._connection: Connection | None = None
        self._uses = 0

    def renew(self) -> None:
        if self._connection is None or self._uses == USES or not self._emptied(self._connection):
            self.drop()
            self._connection = self._copy()
        self._uses += 1

    def drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        embedded.drop_database(self._servers, self.name)

    def _copy(self) -> Connection:
        embedded.create_database(self._servers, self.name, self._template)
        connection = psycopg.connect(self._servers.superuser_url(self.name).replace("+psycopg", ""), autocommit=True)
        connection.execute(AS_SUPERUSER)
        filled, empty = _tables(connection)
        self._empty = sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(table) for table in empty)
        self._look = _fingerprint([*(sql.Identifier(name) for name in CATALOGS), *filled])
        self._looked = connection.execute(self._look).fetchone()
        self._uses = 0
        return connection

    def _emptied(self, connection: Connection) -> bool:
        """Whether the database is as it was copied; False too where somebody is in the way."""
        try:
            connection.execute(END_WRITERS)
            connection.execute(self._empty)
            connection.execute(RESTART_SEQUENCES)
            return connection.execute(self._look).fetchone() == self._looked
        except psycopg.Error:
            return False


def _tables(connection: Connection) -> tuple[list[sql.Identifier], list[sql.Identifier]]:
    """Those that the migrations filled, and the others."""
    filled: list[sql.Identifier] = []
    empty: list[sql.Identifier] = []
    for names in connection.execute(TABLES).fetchall():
        table = sql.Identifier(*names)
        has_rows = connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone()
        (filled if has_rows else empty).append(table)
    return filled, empty


def _fingerprint(tables: list[sql.Identifier]) -> sql.Composed:
    """How many rows each table has, and which transactions wrote them."""
    count = sql.SQL("(SELECT (count(*), sum(xmin::text::bigint))::text FROM {})")
    return sql.SQL("SELECT ") + sql.SQL(",").join(count.format(table) for table in tables)
