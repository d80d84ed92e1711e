"""A SQLAlchemy dialect over a DuckDB connection that is open already.

Great Expectations reaches databases through SQLAlchemy only. The warehouse has one writer, so a second handle on the
file is refused, and rows that are not committed yet are seen by their own connection alone: this dialect lends the
pipeline's connection out. It never opens, commits, rolls back or closes anything.

The dialect calls itself `postgresql`, whose SQL DuckDB speaks: Great Expectations then takes its PostgreSQL paths.
Its regular-expression operator `~` is DuckDB's, which matches the whole value.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.pool import StaticPool

URL = "gongbao://"
DEFAULT_SCHEMA = "main"


def engine_arguments(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The keyword arguments that `sqlalchemy.create_engine(URL, …)` needs to lend out `connection`."""
    return {"creator": lambda: LentConnection(connection), "poolclass": StaticPool}


class EagerCursor:
    """A DB-API cursor that holds all rows of its last statement.

    Statements share one connection, so a result that was not read yet would be lost to the next statement; and
    results are read after SQLAlchemy gave the connection back.
    """

    arraysize = 1

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._rows: list[tuple[Any, ...]] = []
        self.description: list[tuple[Any, ...]] | None = None
        self.rowcount = -1

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> EagerCursor:
        """Run a statement and fetch its rows."""
        executed = self._connection.execute(statement, list(parameters))
        self.description = executed.description
        self._rows = executed.fetchall() if self.description else []
        self.rowcount = len(self._rows)
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or none."""
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """The next `size` rows."""
        size = size or self.arraysize
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The remaining rows."""
        rows, self._rows = self._rows, []
        return rows

    def close(self) -> None:
        """Forget the rows; the connection is not ours to close."""
        self._rows = []


class LentConnection:
    """A DB-API connection whose transaction belongs to the lender: commit, rollback and close leave it alone."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def cursor(self) -> EagerCursor:
        """A cursor on the lent connection itself, so that uncommitted rows are seen."""
        return EagerCursor(self._connection)

    def commit(self) -> None:
        """Nothing: the lender commits."""

    def rollback(self) -> None:
        """Nothing: the lender rolls back."""

    def close(self) -> None:
        """Nothing: the lender closes."""


class DuckDBDialect(PGDialect):  # type: ignore[misc]
    """PostgreSQL's dialect with DuckDB's own reflection and no transaction of its own."""

    name = "postgresql"
    driver = "gongbao"
    default_paramstyle = "numeric_dollar"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> Any:
        """The part of a DB-API module that SQLAlchemy looks at."""
        return SimpleNamespace(paramstyle=cls.default_paramstyle, Error=duckdb.Error)

    def initialize(self, connection: Any) -> None:
        """Set what PostgreSQL's dialect would ask the server for."""
        self.default_schema_name = DEFAULT_SCHEMA
        self.server_version_info = (15, 0)

    def do_begin(self, dbapi_connection: Any) -> None:
        """Nothing: the lender begins."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing: the lender commits."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing: the lender rolls back."""

    def get_schema_names(self, connection: Any, **_: Any) -> list[str]:
        """Schemas of the current database."""
        return _strings(
            connection, "select schema_name from duckdb_schemas() where database_name = current_database() order by 1"
        )

    def get_table_names(self, connection: Any, schema: str | None = None, **_: Any) -> list[str]:
        """Tables and views of a schema: both can be judged."""
        return _strings(
            connection,
            "select distinct table_name from duckdb_columns() "
            "where database_name = current_database() and schema_name = $1 order by 1",
            schema or DEFAULT_SCHEMA,
        )

    def get_view_names(self, connection: Any, schema: str | None = None, **_: Any) -> list[str]:
        """None: views are listed with the tables."""
        return []

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> bool:
        """Whether the schema has the table or view."""
        return table_name in self.get_table_names(connection, schema)

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """Columns of a table or view of the current database, in order."""
        rows = connection.exec_driver_sql(
            "select column_name, data_type, is_nullable from duckdb_columns() "
            "where database_name = current_database() and schema_name = $1 and table_name = $2 order by column_index",
            (schema or DEFAULT_SCHEMA, table_name),
        )
        return [
            {"name": name, "type": _sqlalchemy_type(duckdb_type), "nullable": nullable, "default": None}
            for name, duckdb_type, nullable in rows.fetchall()
        ]

    def get_pk_constraint(self, *_: Any, **__: Any) -> dict[str, Any]:
        """None: the warehouse has no primary keys."""
        return {"constrained_columns": [], "name": None}


def _strings(connection: Any, statement: str, *parameters: str) -> list[str]:
    return [row[0] for row in connection.exec_driver_sql(statement, parameters).fetchall()]


def _sqlalchemy_type(duckdb_type: str) -> Any:
    if duckdb_type.startswith("DECIMAL"):
        precision, scale = duckdb_type[8:-1].split(",")
        return sa.Numeric(int(precision), int(scale))
    return {
        "VARCHAR": sa.String(),
        "INTEGER": sa.Integer(),
        "BIGINT": sa.BigInteger(),
        "DOUBLE": sa.Float(),
        "BOOLEAN": sa.Boolean(),
        "DATE": sa.Date(),
        "TIMESTAMP": sa.DateTime(),
    }.get(duckdb_type, sa.types.NullType())


registry.register("gongbao", __name__, DuckDBDialect.__name__)
