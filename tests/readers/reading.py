"""Readers of published marts, each in a process of its own, that read while releases are published under them.

They answer over a pipe: what they have read, or the error that ended them. `tests/readers/test_while_publishing.py`
starts and asks them.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet

from tests.readers.readers import READERS, Reader, Table


@dataclass
class Rounds:
    """What a reader in a loop has seen."""

    number: int = 0
    releases: set[str] = field(default_factory=set)
    torn: list[str] = field(default_factory=list)
    """Marts with rows of another release than the folder's that they were read from."""
    across: int = 0
    """Rounds mart by mart that met several releases: `current` was switched between two marts."""


def batches_of_pyarrow(path: Path, size: int) -> Iterator[pyarrow.RecordBatch]:
    """The file opened once, its rows read batch by batch."""
    with pyarrow.parquet.ParquetFile(path) as opened:
        yield from opened.iter_batches(size)


def batches_of_duckdb(path: Path, size: int) -> Iterator[pyarrow.RecordBatch]:
    """A query begun once, its rows fetched batch by batch."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")  # each reads ahead, row groups of its own
        yield from connection.read_parquet(str(path)).to_arrow_reader(size)


HOLDERS: dict[str, Callable[[Path, int], Iterator[pyarrow.RecordBatch]]] = {
    "pyarrow": batches_of_pyarrow,
    "duckdb": batches_of_duckdb,
}


def hold(asked: Connection, holder: str, path: Path, size: int) -> None:
    """Open a mart, and each time that is asked for one, read a batch: its rows and its releases, (0, {}) at the end."""
    with _telling_errors(asked):
        batches = HOLDERS[holder](path, size)
        while asked.recv():
            batch = next(batches, None)
            asked.send((batch.num_rows, set(batch["release_id"].unique().to_pylist())) if batch else (0, set()))


def loop(asked: Connection, reader: str, current: Path, marts: list[str]) -> None:
    """Read all marts under `current` again and again, one by one and as a release, until asked to end."""
    os.nice(10)  # readers in a loop take what time the publisher leaves
    with _telling_errors(asked):
        rounds, read = Rounds(), READERS[reader]
        _read_round(rounds, read, current, marts)
        asked.send("ready")
        is_over = False
        while not is_over:
            is_over = asked.poll()
            _read_round(rounds, read, current, marts)
        asked.send(rounds)


def read_release(read: Reader, current: Path, marts: list[str]) -> tuple[str, dict[str, Table]]:
    """A release's id and its marts, all of that release: the link is resolved once, then its folder is read.

    A reader that is overtaken so far that the folder is removed meanwhile begins again.
    """
    while True:
        folder = current.resolve()
        try:
            return folder.name, {mart: read(folder / f"{mart}.parquet") for mart in marts}
        except Exception:
            if folder.exists():  # whatever `current` is by now: a folder that is there can be read
                raise


def _read_round(rounds: Rounds, read: Reader, current: Path, marts: list[str]) -> None:
    one_by_one = [read_release(read, current, [mart]) for mart in marts]
    as_release = read_release(read, current, marts)
    for release_id, tables in (*one_by_one, as_release):
        rounds.releases.add(release_id)
        for mart, table in tables.items():
            if set(table["release_id"]) != {release_id}:
                rounds.torn.append(f"{mart} of {release_id}: rows of {sorted(set(table['release_id']))}")
    rounds.across += len({release_id for release_id, _ in one_by_one}) > 1
    rounds.number += 1


@contextmanager
def started(work: Callable[..., None], *arguments: Any) -> Iterator[Connection]:
    """A reader at work in its own process, and the pipe to it; the process is ended with the block."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        ours.close()


def answer(asked: Connection) -> Any:
    """What a reader answers; its error fails the test with the reader's own traceback."""
    answered = asked.recv()
    assert not isinstance(answered, ReaderFailed), str(answered)
    return answered


class ReaderFailed(Exception):
    """A reader ended with an error: its traceback."""


@contextmanager
def _telling_errors(asked: Connection) -> Iterator[None]:
    try:
        yield
    except Exception:
        asked.send(ReaderFailed(traceback.format_exc()))
