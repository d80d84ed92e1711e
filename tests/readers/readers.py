"""The six readers of marts, each as its own users call it: a file to its columns, in their order, as Python values.

A null is None, a date is a `datetime.date`, an exact number is a `Decimal`. Only what a reader hands out in a type of
its own is turned into that; nothing is rounded, cast or filled. Each imports its library itself, for each runs in a
process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeAlias

Table: TypeAlias = dict[str, list[Any]]
Reader: TypeAlias = Callable[[Path], Table]


def read_pyarrow(path: Path) -> Table:
    """Apache Arrow."""
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path).to_pydict()


def read_pandas(path: Path) -> Table:
    """pandas, with its nullable types: by default it turns integers and booleans that have nulls into other types."""
    import pandas

    frame = pandas.read_parquet(path, dtype_backend="numpy_nullable")
    return {
        name: [None if value is pandas.NA or value is None else value for value in frame[name].tolist()]
        for name in frame.columns
    }


def read_polars(path: Path) -> Table:
    """Polars."""
    import polars

    return polars.read_parquet(path).to_dict(as_series=False)


def read_duckdb(path: Path) -> Table:
    """DuckDB, by its file reader."""
    import duckdb

    found = duckdb.execute("select * from read_parquet($path)", {"path": str(path)})
    names = [name for name, *_ in found.description]
    return _transposed(names, found.fetchall())


def read_clickhouse(path: Path) -> Table:
    """ClickHouse, embedded. Its own reader reads the file; Arrow only carries what it has read."""
    import chdb

    query = "select * from file({path:String}, Parquet)"
    return chdb.query(query, "ArrowTable", params={"path": str(path)}).to_pydict()


def read_hyper(path: Path) -> Table:
    """Hyper, the engine inside Tableau."""
    from tableauhyperapi import Connection, Date, HyperProcess, Telemetry, escape_string_literal

    query = f"select * from external({escape_string_literal(str(path))}, format => 'parquet')"
    silent = {"log_config": ""}
    with (
        HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters=silent) as hyper,
        Connection(hyper.endpoint) as connection,
        connection.execute_query(query) as found,
    ):
        names = [column.name.unescaped for column in found.schema.columns]
        table = _transposed(names, [tuple(row) for row in found])
    return {
        name: [value.to_date() if isinstance(value, Date) else value for value in values]
        for name, values in table.items()
    }


READERS: dict[str, Reader] = {
    "pyarrow": read_pyarrow,
    "pandas": read_pandas,
    "polars": read_polars,
    "duckdb": read_duckdb,
    "clickhouse": read_clickhouse,
    "hyper": read_hyper,
}


@contextmanager
def in_own_process(reader: Reader) -> Iterator[Reader]:
    """The reader in a process of its own, as its users have it: no library lives beside another one's threads."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        yield lambda path: pool.submit(reader, path).result()


def _transposed(names: list[str], rows: list[tuple[Any, ...]]) -> Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return {name: list(column) for name, column in zip(names, columns, strict=True)}
