"""`make bench-dask`: reading and extraction of an inbox by this process, by two, and by a Dask cluster of two workers.

Every size is done by all in one run, each into a warehouse of its own, so the ratios hold on a busy machine too. The
cluster runs already, as one named by its address does; `local:2` is the same with its start and end.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from distributed import LocalCluster
from rich.console import Console
from rich.table import Table

from gongbao import cluster, normalise
from gongbao.ingest import Source, ingest
from gongbao.warehouse import Warehouse
from gongbao.workers import HERE, Workers, local
from tests.bench_inbox import inbox as made
from tests.bench_readers import wall_seconds

SIZES = (10, 200, 2000)
NOW = datetime(2026, 11, 1)
Joined = Callable[[Path], AbstractContextManager[Workers]]


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print seconds for each size and way, and how many times as fast as one process that is."""
    table = Table("documents", "by", "s", "ms a document", "times as fast as one process")
    with (
        tempfile.TemporaryDirectory() as scratch,
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=scratch,
        ) as running,
    ):
        ways: dict[str, Joined] = {
            "one process": lambda _: nullcontext(HERE),
            "two processes": lambda _: local(2),
            "Dask, two workers that run": lambda root: cluster.joined(running.scheduler_address, root),
            "Dask, local:2": lambda root: cluster.joined("local:2", root),
        }
        warm = made(Path(scratch) / "warm", 32)
        _work(Path(scratch), warm, "warmed", ways["Dask, two workers that run"])
        _work(Path(scratch), warm, "warmed_here", ways["one process"])
        for size in sizes:
            inbox = made(Path(scratch) / f"inbox{size}", size)
            one = 0.0
            for number, (way, joined) in enumerate(ways.items()):
                seconds = _work(Path(scratch), inbox, f"{size}-{number}", joined)
                one = one or seconds
                table.add_row(
                    f"{size:,}", way, f"{seconds:.1f}", f"{1000 * seconds / size:.0f}", f"{one / seconds:.2f}"
                )
    Console(highlight=False).print(table)


def _work(scratch: Path, inbox: Path, name: str, joined: Joined) -> float:
    def work() -> None:
        with Warehouse(scratch / name) as opened, joined(opened.root.resolve()) as workers:
            ingest(opened, [Source("counties", inbox)], NOW, workers=workers)
            report = normalise.extract_pending(opened, workers)
            assert report.statements
            assert not report.failures

    return wall_seconds(work)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
