"""`make bench`, readers: throughput by format, and what the parser process costs, measured in one run, never as a test.

The files are generated, 200 in all, as many of each format. Each is read twice: in this process by the reader itself,
and through the parser process as a night does it, its start included. How to read the tables: docs/measuring.md.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao.ingest.limits import Limits
from gongbao.ingest.readers import parser_process
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.sniff import sniff
from tests.generated_files import FORMATS, files

BATCH = 200
TIMES = 3
PARSED = tuple(name for name in FORMATS if name != "txt")
"""What goes through the parser process: all but plain text."""

File = tuple[Path, str]


@dataclass(frozen=True)
class Cost:
    """Wall seconds for some files: read in this process, and through the parser process (null for plain text)."""

    files: list[File]
    inside: float
    outside: float | None


def main() -> None:
    """Print both tables."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as scratch:
        batch = {each: written(Path(scratch), each, BATCH // len(PARSED)) for each in FORMATS}
        measured = {name: measure(paths) for name, paths in batch.items()}
        console.print(throughput_table(measured))
        mixed = [file for files_of_one in zip(*(batch[name] for name in PARSED), strict=True) for file in files_of_one]
        whole = measure(mixed)
    assert whole.outside is not None
    console.print(
        f"{len(mixed)} files of {len(PARSED)} formats in turn: in this process {whole.inside:.2f} s, "
        f"through the parser process, its start included, {whole.outside:.2f} s: "
        f"{whole.outside / whole.inside - 1:+.1%}"
    )


def written(folder: Path, format_: str, count: int) -> list[File]:
    """So many files of a format, with the format that the night would take them for."""
    made = []
    for name, data in files(format_, count).items():
        path = folder / name
        path.write_bytes(data)
        made.append((path, sniff(data, name).format))
    return made


def inside(batch: Sequence[File]) -> None:
    """Read in this process, to the record that the night works with."""
    limits = Limits()
    for path, format_ in batch:
        if format_ == "text":
            from gongbao.ingest.readers import text

            text.check(text.decode(path.read_bytes(), path.name), path.name, limits)
        else:
            parser_process.read(path, path.name, format_, None, limits)


def outside(batch: Sequence[File]) -> None:
    """Read through the parser process."""
    with ParserProcess(Limits()) as parser:
        for path, format_ in batch:
            parser.read(path, path.name, format_)


def measure(paths: list[File]) -> Cost:
    """Both ways, each the best of some runs."""
    is_parsed = paths[0][1] != "text"
    return Cost(paths, best(lambda: inside(paths)), best(lambda: outside(paths)) if is_parsed else None)


def best(work: Callable[[], object]) -> float:
    """Wall seconds of the best of three runs, after one that loads the libraries."""
    work()
    return min(wall_seconds(work) for _ in range(TIMES))


def wall_seconds(work: Callable[[], object]) -> float:
    """Wall seconds of one run."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def throughput_table(measured: dict[str, Cost]) -> Table:
    """Files, bytes and milliseconds for each format, beside plain text in the same run."""
    table = Table(box=SIMPLE, title="Readers, one process")
    columns = ("format", "files", "MB", "files/s", "ms a file", "times plain text", "through the parser process")
    for column in columns:
        table.add_column(column, justify="left" if column == "format" else "right")
    plain = measured["txt"].inside / len(measured["txt"].files)
    for name, cost in measured.items():
        size = sum(path.stat().st_size for path, _ in cost.files) / 1e6
        each = cost.inside / len(cost.files)
        overhead = "" if cost.outside is None else f"{cost.outside / cost.inside - 1:+.0%}"
        table.add_row(
            name,
            f"{len(cost.files)}",
            f"{size:.1f}",
            f"{1 / each:,.0f}",
            f"{each * 1000:.1f}",
            f"{each / plain:.1f}",
            overhead,
        )
    return table


if __name__ == "__main__":
    main()
