"""Faults that are inflicted on a night or a warehouse, for the tests and for `make soak`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from gongbao.warehouse import Warehouse
from tests.robustness.given import ENVIRONMENT, Ended, Nights, when_it_begins
from tests.robustness.night import Asked, limit_files
from tests.server.site import PATIENCE

Bits = Callable[[bytearray], bytearray]
Strike = Callable[[int, Path], None]
"""What is done to a night of that pid, whose standard error can be read in that file."""


def fill_disk(warehouse: Path, when: str, most: int) -> Strike:
    """From the moment on at which a stage begins, or a file of that pattern is there: no file beyond so many bytes."""

    def fill(pid: int, said: Path) -> None:
        if when in STAGES:
            when_it_begins(when, said)
        else:
            _await(lambda: any(warehouse.glob(when)), when)
        limit_files(pid, most)

    return fill


STAGES = ("ingest", "extract", "normalise", "validate_core", "stage_marts", "validate_marts", "prepare_release")
FULL_DISK: Mapping[str, tuple[str, int]] = {
    "the store": ("ingest", 10),
    "the database": ("extract", 10_000),
    "a mart": ("releases/.*.partial", 1_000),
    "the workbook": ("releases/.*.partial/quality.html", 1_000),
    "the page": ("releases/.*.partial/county_comparison.xlsx", 1_000),
}
"""What a full disk refuses first → from when on, and how many bytes a file may still have."""


def kill_parser(pid: int, _: Path) -> None:
    """SIGKILL for the first parser process of a night, as soon as it is there: it has a file to read by then."""
    os.kill(child_of(pid, b"parser_process"), signal.SIGKILL)


def child_of(pid: int, program: bytes) -> int:
    """The child of this process that has these words in its command, as soon as there is one."""

    def child() -> int | None:
        for begun_by in Path(f"/proc/{pid}/task").glob("*/children"):
            for each in begun_by.read_text("ascii").split():
                if program in Path(f"/proc/{each}/cmdline").read_bytes():
                    return int(each)
        return None

    return _await(child, program.decode())


@contextmanager
def striking() -> Iterator[None]:
    """The first parser of this process is killed as soon as there is one."""
    striker = threading.Thread(target=kill_parser, args=(os.getpid(), Path()))
    striker.start()
    yield
    striker.join()


def at_once(nights: Nights, warehouse: Path, inbox: Path, count: int) -> list[Ended]:
    """How nights ended that began in the same moment, in the order in which they did."""
    arguments = ("run", "--json", "--inbox", str(inbox), "--warehouse", str(warehouse))
    asked = json.dumps(asdict(Asked(arguments, str(nights.scratch / "at-once"))))
    done = nights.first(nights.scratch, "-m", "tests.robustness.at_once", str(count), asked, **ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return [Ended(**json.loads(line)) for line in done.stdout.splitlines()]


_HOLDER = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read-only")
print("open", flush=True)
time.sleep(600)
"""
HOLDERS = ("read-write", "read-only", "stopped")


@contextmanager
def holding(database: Path, how: str) -> Iterator[int]:
    """Another process, whose pid is yielded, has the database open: for writing, for reading, or halted by SIGSTOP."""
    command = [sys.executable, "-c", _HOLDER, str(database), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "open\n"
            if how == "stopped":
                holder.send_signal(signal.SIGSTOP)
            yield holder.pid
        finally:
            holder.kill()


@contextmanager
def growing(path: Path, line: bytes) -> Iterator[None]:
    """Another thread appends to a file all the while."""
    ended = threading.Event()

    def write() -> None:
        with path.open("ab", buffering=0) as handle:
            while not ended.is_set():
                handle.write(line)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def flip(bit: int) -> Bits:
    """One bit of a file turned over."""

    def flipped(content: bytearray) -> bytearray:
        content[bit // 8 % len(content)] ^= 1 << bit % 8
        return content

    return flipped


DAMAGED_DATABASES: Mapping[str, Bits] = {
    "truncated": lambda content: content[: len(content) // 2],
    "emptied": lambda content: content[:0],
    "zeroed in the middle": lambda content: (
        content[: len(content) // 4] + bytes(len(content) // 2) + content[len(content) // 4 + len(content) // 2 :]
    ),
    "zeroed": lambda content: bytearray(len(content)),
    "another header": lambda content: bytearray(b"SQLite format 3\0") + content[16:],
    "a bit of the header": flip(8 * 4096 + 3),
}


def damage(path: Path, how: Bits) -> None:
    """Write a file anew, damaged."""
    path.write_bytes(how(bytearray(path.read_bytes())))


def read_all(warehouse: Path) -> dict[str, object]:
    """Open a warehouse, and read every table of it: a hash of each. Raises what a night would."""
    with Warehouse(warehouse) as opened:
        tables = opened.connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        return {
            table: opened.connection.execute(f'select sum(hash(each)) from {schema}."{table}" as each').fetchall()
            for schema, table in tables
        }


def _await(ask: Callable[[], int | bool | None], what: str) -> int:
    patience = time.monotonic() + PATIENCE
    while not (answer := ask()):
        assert time.monotonic() < patience, f"{what} is not there"
        time.sleep(0.01)
    return int(answer)
