"""The warehouse folder: its lock, its database, its append-only ledger.

    warehouse/
      current -> releases/<id>    releases/    blobs/<sha256>    quarantine/<id>.json
      ledger/*.jsonl              append-only: sightings, sources, names, curation, review, runs …
      gongbao.duckdb              private working state, rebuildable from blobs/ and ledger/
      asof/<date>/                marts of a past date, see `gongbao.asof`
      metrics/gongbao.prom        for Prometheus, see `gongbao.metrics`
      data_docs/                  Great Expectations' own pages, on demand, see `gongbao.validate.data_docs`
      .lock                       held (flock) by the one run that may write; a dead holder frees it

Bulk rows go in as Arrow tables: row-wise inserts manage a thousand rows a second.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, Self, TypeAlias

import duckdb
import pyarrow as pa

from gongbao import ledger, memory, project, storage_errors
from gongbao.confined import confine
from gongbao.errors import GongbaoError, UsageError, WarehouseDamaged, WarehouseLocked
from gongbao.warehouse_folders import RELEASES, require_writable

DATABASE = "gongbao.duckdb"
ID_LENGTH = 24
"""Digits of an id that is a hash."""
LARGE = 1 << 14
"""Rows of a table whose memory is given back at once."""
MEMORY_LIMIT = "5500MB"
"""What DuckDB may hold before it puts sorts and joins on the disk, beside the database."""
READER_SECONDS = 5.0
"""How long a run waits for a reader of the database to go."""


class Warehouse:
    """An open warehouse: one process, one writer.

    Use as a context manager; `connection` is DuckDB's own. Raises `WarehouseLocked` (with the holder's pid) where
    another run holds it, `WarehouseDamaged` where the database is of a newer schema, `GongbaoError` where its files
    cannot be opened. What its disk or database refuse within the block leaves it as a `GongbaoError`, too.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._read_only = False
        self._lock: IO[str] | None = None
        self._umask: int | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None

    @classmethod
    def reading(cls, root: Path) -> Self:
        """What earlier runs left, to be read: takes no lock, makes no folder and no database, migrates nothing.

        Several readers may have it open at once, but none beside a run. On entering, raises `UsageError` where there
        is no warehouse, `WarehouseLocked` where a run holds it, else as above.
        """
        opened = cls(root)
        opened._read_only = True
        return opened

    def __enter__(self) -> Self:
        if self._read_only:
            self._connection = _connect_reading(self.root / DATABASE)
            return self
        require_writable(self.root, DATABASE)
        self._umask = os.umask(0o077)  # DuckDB makes its log and what it spills as it pleases
        try:
            self._lock = hold_lock(self.root / ".lock")
            self._connection = _connect(self.root / DATABASE)
            if (version := schema_version(self._connection)) in range(1, max(_steps())):
                self._keep_copy(version)
            migrate(self._connection)
        except BaseException as error:
            self.__exit__(type(error), error)
            raise
        return self

    def _keep_copy(self, version: int) -> None:
        """Put a copy of the database aside as it is before an upgrade; what a killed upgrade has put aside stays."""
        path = self.root / DATABASE
        self.checkpoint()
        self.connection.close()  # its lock would go with the copy's own file handle
        self._connection = None
        copy = path.with_name(f"{DATABASE}.schema-{version}")
        partial = path.with_name(f".{copy.name}.partial")
        if not copy.exists():
            shutil.copyfile(path, partial)
            with partial.open("rb") as handle:
                os.fsync(handle.fileno())
            partial.replace(copy)
        self._connection = _connect(path)

    def __exit__(self, kind: object = None, error: BaseException | None = None, trace: object = None) -> None:
        self._close()
        if error is not None and (told := storage_errors.told(error, self.root)):
            raise told from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self._umask is not None:
            os.umask(self._umask)
            self._umask = None

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open DuckDB connection."""
        if self._connection is None:
            raise RuntimeError("the warehouse is not open")
        return self._connection

    @property
    def blobs(self) -> Path:
        """The folder of originals, each under its sha256, never changed."""
        return self.root / "blobs"

    @property
    def quarantine(self) -> Path:
        """The folder of refusals, one JSON file each."""
        return self.root / "quarantine"

    @property
    def releases(self) -> Path:
        """The folder of published releases."""
        return self.root / RELEASES

    @property
    def current(self) -> Path:
        """The link to the release that readers see."""
        return self.root / "current"

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All or nothing: commits at the end of the block, rolls back when it raises."""
        with transaction(self.connection):
            yield self.connection

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the database: a lost log would lose commits without a word."""
        self.connection.execute("checkpoint")

    def append_ledger(self, name: str, entries: Iterable[Mapping[str, Any]]) -> None:
        """Append JSON lines to `ledger/<name>.jsonl` and flush them to the disk."""
        if self._lock is None:
            raise RuntimeError("the warehouse is not open for writing")
        ledger.append(self.ledger_file(name), entries)

    def read_ledger(self, name: str) -> list[dict[str, Any]]:
        """All entries of `ledger/<name>.jsonl`, oldest first; none where there is no such ledger."""
        return ledger.read(self.ledger_file(name), dict)

    def ledger_file(self, name: str) -> Path:
        """The file `ledger/<name>.jsonl`, see `gongbao.ledger`."""
        return self.root / "ledger" / f"{name}.jsonl"


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing on a connection: commits at the end of the block, rolls back when it raises."""
    connection.begin()
    try:
        yield
    except BaseException as error:
        try:
            connection.rollback()
        except duckdb.Error as second:  # it has rolled back by itself: what it failed at is the error to tell
            error.add_note(f"nothing was rolled back: {second}")
        raise
    connection.commit()


class Coded(NamedTuple):
    """A column whose values repeat: row i has `values[codes[i]]`; `codes` is an Arrow array of integers."""

    values: Sequence[Any]
    codes: pa.Array


class Joined(NamedTuple):
    """A column of texts whose parts stand one behind another: columns, or one text for all rows; DuckDB joins them.

    A null part counts as nothing, a text of nothing is null.
    """

    parts: Sequence[Coded | pa.Array | str]


class Hashed(NamedTuple):
    """A column of ids: the first `ID_LENGTH` hexadecimal digits of the sha256 of each joined text."""

    parts: Sequence[Coded | pa.Array | str]


Column: TypeAlias = Sequence[Any] | Coded | Joined | Hashed | pa.Array


def insert(connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert dictionaries into a relation through Arrow; columns are matched by name, absent ones stay null.

    Every row is cast to the relation's own column types, so Decimals stay exact and a wrong type fails loudly.
    """
    names = {name for row in rows for name in row}
    insert_columns(connection, relation, {name: [row.get(name) for row in rows] for name in names})


def insert_columns(connection: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[str, Column]) -> None:
    """Insert columns of one length, as `insert` does rows: what many rows are inserted by."""
    types = {name: _arrow_type(told) for name, told, *_ in connection.execute(f"describe {relation}").fetchall()}
    if unknown := sorted(set(columns) - set(types)):
        raise ValueError(f"{relation} has no column {', '.join(unknown)}")
    told: dict[str, str] = {}
    sent: dict[str, pa.Array] = {}
    texts: dict[str, str] = {}
    for name in (each for each in types if each in columns):
        told[name] = _sent(name, columns[name], types[name], sent, texts)
    rows = len(next(iter(sent.values()), ()))
    batch = pa.table(sent | {name: _same(text, pa.string(), rows) for name, text in texts.items()})
    if batch.num_rows:
        # A relation of its own: registered by a name, it would stay in memory until the transaction ends.
        sql = f"insert into {relation} ({', '.join(told)}) select {', '.join(told.values())} from batch"
        connection.from_arrow(batch).query("batch", sql)
    if batch.num_rows > LARGE:
        del batch
        memory.give_back()


def _sent(name: str, column: Column, arrow_type: pa.DataType, sent: dict[str, pa.Array], texts: dict[str, str]) -> str:
    """The SQL that gives a column: what it needs is put among the columns that are sent, and the texts of all rows."""
    if not isinstance(column, Joined | Hashed):
        sent[name] = _arrow_column(column, arrow_type)
        return name
    told = []
    for number, part in enumerate(column.parts):
        told.append(f"{name}_{number}")
        if isinstance(part, str):
            texts[told[-1]] = part
        else:
            sent[told[-1]] = _arrow_column(part, pa.string())
    joined = f"concat({', '.join(told)})"
    return f"left(sha256({joined}), {ID_LENGTH})" if isinstance(column, Hashed) else f"nullif({joined}, '')"


def _arrow_column(column: Sequence[Any] | Coded | pa.Array, arrow_type: pa.DataType) -> pa.Array:
    """A column as Arrow; one value in all rows is kept once."""
    if isinstance(column, Coded):
        return pa.DictionaryArray.from_arrays(column.codes, pa.array(column.values, type=arrow_type))
    if isinstance(column, pa.Array):
        return column.cast(arrow_type)
    if column and column.count(column[0]) == len(column):
        return _same(column[0], arrow_type, len(column))
    return pa.array(column, type=arrow_type)


def _same(value: Any, arrow_type: pa.DataType, rows: int) -> pa.Array:
    codes = pa.repeat(pa.scalar(0, pa.int8()), rows)
    return pa.DictionaryArray.from_arrays(codes, pa.array([value], type=arrow_type))


def migrate(connection: duckdb.DuckDBPyConnection) -> int:
    """Bring the schema to the newest version of sql/0_schema, each step in its own transaction.

    Returns the version. Raises `WarehouseDamaged` where the database is ahead of this code.
    """
    steps = _steps()
    version = schema_version(connection)
    _refuse_newer(version)
    for number, path in steps.items():
        if number > version:
            with transaction(connection):
                connection.execute(path.read_text("utf-8"))
                connection.execute("insert into ops.schema_version values (?, ?)", [number, path.name])
    return max(steps)


def _steps() -> dict[int, Path]:
    return {int(path.name.split("_")[0]): path for path in sorted((project.folder("sql") / "0_schema").glob("*.sql"))}


def _refuse_newer(version: int) -> None:
    if version > max(_steps()):
        raise WarehouseDamaged(
            f"the warehouse has schema version {version}, this program knows {max(_steps())}",
            "upgrade gongbao, or point it at another warehouse",
        )


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema's version, 0 for an empty database."""
    found = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'ops' and table_name = 'schema_version'"
    ).fetchone()
    if not found or not found[0]:
        return 0
    (version,) = connection.execute("select max(version) from ops.schema_version").fetchone() or (0,)
    return int(version)


def _arrow_type(duckdb_type: str) -> pa.DataType:
    if duckdb_type.startswith("DECIMAL"):
        precision, scale = duckdb_type[8:-1].split(",")
        return pa.decimal128(int(precision), int(scale))
    return {
        "VARCHAR": pa.string(),
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
    }[duckdb_type]


def hold_lock(path: Path, held: str = "", remedy: str = "wait for it to end, or stop it") -> IO[str]:
    """Hold the lock file until what is returned is closed, or this process ends.

    Raises `WarehouseLocked` where another does: `held` says what that is, else that it is a run; its pid is added.
    """
    try:
        handle = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise GongbaoError(f"cannot open the lock {path} ({error.strerror})", storage_errors.WRITABLE) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
    except BlockingIOError:
        handle.seek(0)
        holder = handle.read().strip() or "unknown"
        handle.close()
        held = held or f"another run holds the warehouse {path.parent}"
        raise WarehouseLocked(f"{held} (pid {holder})", remedy) from None
    except OSError as error:
        handle.close()
        raise GongbaoError(
            f"cannot hold the lock {path} ({error.strerror})", "keep the warehouse on a local disk with free space"
        ) from error
    return handle


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    """The database, to be written. A reader (`gongbao explain`) is waited for: it is gone in a moment."""
    patience = time.monotonic() + READER_SECONDS
    while True:
        try:
            return _open(path, read_only=False)
        except duckdb.Error as error:
            if not _is_held(error):
                raise _unopened(path, error) from error
            if time.monotonic() > patience:
                raise WarehouseLocked(
                    f"another process has {path} open ({str(error).splitlines()[0]})",
                    "close it: readers use warehouse/current/*.parquet, never the database",
                ) from error
            time.sleep(0.1)


def _connect_reading(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        raise UsageError(
            f"no warehouse at {path.parent}", "name one with --warehouse; the first `gongbao run` makes it"
        )
    try:
        connection = _open(path, read_only=True)
    except duckdb.Error as error:
        if _is_held(error):
            holder = re.search(r"PID (\d+)", str(error))
            raise WarehouseLocked(
                f"a run holds the warehouse {path.parent} (pid {holder[1] if holder else os.getpid()})",
                "wait for it to end, then ask again",
            ) from error
        raise _unopened(path, error) from error
    try:
        version = schema_version(connection)
        _refuse_newer(version)
        if version < max(_steps()):
            raise GongbaoError(
                f"the warehouse {path.parent} has schema version {version}, this program reads {max(_steps())}",
                "the next `gongbao run` brings it up to date",
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _unopened(path: Path, error: duckdb.Error) -> GongbaoError:
    return storage_errors.told(error, path.parent) or WarehouseDamaged(
        f"cannot open {path}: {' '.join(str(error).split())}", storage_errors.REBUILT
    )


def _open(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    # Asked, not tried: closing the file would drop the lock that this process may hold on it already.
    if path.exists() and not (path.is_file() and os.access(path, os.R_OK if read_only else os.R_OK | os.W_OK)):
        raise GongbaoError(f"cannot open the database {path}", storage_errors.WRITABLE)
    connection = duckdb.connect(str(path), read_only=read_only)
    if connection.execute("select current_setting('lock_configuration')").fetchall() == [(True,)]:
        return connection  # open in this process already, and set up then
    connection.execute("set global TimeZone = 'UTC'")
    _limit_memory(connection)
    # DuckDB shows a bar on standard output, which is the commands', in processes that it takes for a person's.
    connection.execute("set enable_progress_bar = false")
    if not read_only:
        # So many groups of 122,880 rows wait uncompressed in a transaction; five would be 300 MB of statements.
        connection.execute("set write_buffer_row_group_count = 1")
    confine(connection, () if read_only else (path.parent / RELEASES,))
    return connection


def _limit_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Hold `MEMORY_LIMIT` at most, or four fifths of the machine's memory, DuckDB's own measure, where that is less."""
    query = "select value from duckdb_settings() where name = 'memory_limit'"
    ((own,),) = connection.execute(query).fetchall()
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    ((ours,),) = connection.execute(query).fetchall()
    if _bytes(own) < _bytes(ours):
        connection.execute(f"set memory_limit = '{own}'")


def _bytes(told: str) -> float:
    """DuckDB's `3.7 GiB` in bytes."""
    number, unit = told.split()
    return float(number) * float(1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB").index(unit))


def _is_held(error: duckdb.Error) -> bool:
    """Whether another process, or this one, has the database open in a way that excludes ours."""
    return bool(re.search("Could not set lock on file|different configuration than existing", str(error)))
