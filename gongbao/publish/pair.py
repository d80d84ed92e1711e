"""Two releases side by side in a database of their own: their marts as views `prior.MART` and `later.MART`.

Works on the two folders alone. DuckDB holds at most `MEMORY`, the rest on disk, so that marts of millions of rows are
compared on a small machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from gongbao.confined import confine
from gongbao.errors import GongbaoError
from gongbao.publish.published import Published

MEMORY = "1GB"
Columns = Mapping[str, Mapping[str, str]]
"""The columns of each mart of two releases with their types, by `prior.MART` and `later.MART`."""


@contextmanager
def opened(before: Published, after: Published, spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the marts of both as views `prior.MART` and `later.MART`, limited in memory.

    What does not fit goes into a folder of its own under `spill`, the system's for temporary files where it is None.
    Raises `GongbaoError` where there is no room for it.
    """
    with (
        tempfile.TemporaryDirectory(prefix="gongbao-diff-") as scratch,
        tempfile.TemporaryDirectory(prefix=".spilled-", suffix=".partial", dir=spill) as spilled,
        duckdb.connect() as connection,
    ):
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute("set temp_directory = $1", [spilled])
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")  # it would go to standard output, as in the warehouse
        confine(connection, (before.folder, after.folder))
        for schema, side in (("prior", before), ("later", after)):
            # DuckDB expands patterns in the names of files: it gets one of ours, whatever the warehouse is called.
            link = Path(scratch) / schema
            link.symlink_to(side.folder.resolve(), target_is_directory=True)
            connection.execute(f"create schema {schema}")
            for name in side.marts:
                connection.execute(f"create view {schema}.{name} as from read_parquet('{link}/{name}.parquet')")
        try:
            yield connection
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise GongbaoError(
                f"cannot compare releases {before.release_id} and {after.release_id} ({str(error).splitlines()[0]})",
                f"free space on the disk of {Path(spilled).parent}",
            ) from error


def same(columns: Sequence[str], left: str = "prior", right: str = "later") -> str:
    """The condition that two rows agree in the columns, where null agrees with null."""
    return " and ".join(f'{left}."{name}" is not distinct from {right}."{name}"' for name in columns)


def types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The columns of a view with their types."""
    return {name: type_ for name, type_, *_ in connection.execute(f"describe {relation}").fetchall()}


def columns(connection: duckdb.DuckDBPyConnection) -> Columns:
    """The columns of all marts that are `opened`, as `types` tells them."""
    found: dict[str, dict[str, str]] = {}
    rows = connection.execute("""
        select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()
        where schema_name in ('prior', 'later') order by schema_name, table_name, column_index
    """).fetchall()
    for view, name, type_ in rows:
        found.setdefault(view, {})[name] = type_
    return found


def is_same(name: str, before: Published, after: Published, there: Columns) -> bool:
    """Whether a mart that both have is one in both, as the manifests say: its rows need not be read."""
    is_one = before.marts[name]["content"] == after.marts[name]["content"]
    return is_one and there[f"prior.{name}"] == there[f"later.{name}"]
