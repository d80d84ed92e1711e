"""`make bench-marts`: all marts of 1, 5 and 25 million synthetic facts beside a plain COPY of the rows; never a test.

The facts are drawn inside DuckDB (bench_marts_world.sql) for the townships and counties of the catalogue, sixty of its
indicators and ten years. Each size has a warehouse of its own in a temporary folder, and each work on it a process of
its own: the plain COPY (facts joined with their statements, snappy, no order), all marts through `stage_marts` and
`publish`, the plain COPY again, the two heaviest marts as one who knows DuckDB would write them
(bench_marts_by_hand.sql). How to read the tables: docs/measuring.md.

Who writes SQL for millions of rows by hand joins facts with their statements in parts of some millions (`parts`), by a
hash of what they are joined on: whole rows of 25 millions joined at once are written to the disk twenty times over.

    python -m tests.bench_marts [MILLIONS ...]      1 5 25 where none are named
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import duckdb
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import progress, relations
from gongbao.normalise.vocabulary_tables import load_vocabulary
from gongbao.publish import contract
from gongbao.publish.release import publish
from gongbao.publish.staging import stage_marts
from gongbao.warehouse import Warehouse

T = TypeVar("T")

HERE = Path(__file__).parent
SIZES = (1, 5, 25)
"""Millions of facts; all places of the catalogue report 25 millions, a share of them less."""
YEARS = range(2015, 2025)
PLAIN_COPY = """
    copy (
        select fact.*, statement.* exclude (statement_id)
        from core.fact as fact
        inner join core.statement as statement on statement.statement_id = fact.statement_id
        where hash(fact.statement_id) % $parts = $part and hash(statement.statement_id) % $parts = $part
    ) to '{path}' (format parquet, compression snappy)
"""
TOGETHER = 7
"""Millions of facts that are joined with their statements at once, where it is written by hand."""
IN_PARTS = "in parts of millions: "
BY_HAND: dict[str, tuple[str, ...]] = {
    "fact": (
        "core.contest", "core.rule_caveat", "core.published_observation", "core.rivalry", "marts.fact", "fact.parquet",
    ),
    "comparison": (
        "core.reported_rank", "core.comparable", "core.comparison", "marts.county_comparison", "marts.town_comparison",
        "county_comparison.parquet", "town_comparison.parquet",
    ),
}  # fmt: skip
"""What the SQL by hand answers to: relations built, files written."""
SLOWEST = 8


@dataclass(frozen=True)
class Cost:
    """Seconds of the clock and of the processor, peak MiB of the process, largest MiB of temporary files, by step."""

    seconds: float
    cpu: float
    peak: float
    spilled: float
    steps: dict[str, tuple[float, float]] = field(default_factory=dict)


def main(millions: list[float]) -> None:
    """Print a line for each work, as soon as it is measured, then the tables."""
    console = Console(highlight=False, width=120)
    measured = []
    for size in millions:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch) / "warehouse"
            facts = alone(generate, root, size)
            costs = []
            for work in (plain_copy, build, plain_copy, by_hand):
                cost = alone(work, root)
                costs.append(cost)
                console.print(
                    f"{facts:,} facts, {work.__name__}: {cost.seconds:,.1f} s, {cost.cpu:,.1f} CPU s, "
                    f"{cost.peak:,.0f} MiB, {cost.spilled:,.0f} MiB spilled"
                )
        before, built, after, hand = costs
        measured.append((facts, before, built, hand, after))
    console.print(size_table(measured))
    console.print(step_table(measured))
    console.print(hand_table(measured))


def generate(root: Path, millions: float) -> int:
    """A warehouse with so many million facts, but for the share of places that this needs. Returns how many."""
    once, yearly = (HERE / "bench_marts_world.sql").read_text("utf-8").split("\n-- ──", 1)
    with Warehouse(root) as warehouse:
        load_vocabulary(warehouse)
        connection = warehouse.connection
        connection.execute(f"set variable reporting = {millions / SIZES[-1]}")
        connection.execute(once)
        for year in YEARS:
            connection.execute(f"set variable year = {year}")
            with warehouse.transaction():
                connection.execute(f"-- {yearly}")
        warehouse.checkpoint()
        return int(connection.execute("select count(*) from core.fact").fetchall()[0][0])


def plain_copy(root: Path) -> Cost:
    """The rows of core.fact with those of core.statement, to Parquet files in no order."""
    with (
        Warehouse(root) as warehouse,
        tempfile.TemporaryDirectory(dir=root / "releases") as folder,
        measuring(root) as cost,
    ):
        for part in parts(warehouse.connection, TOGETHER):
            warehouse.connection.execute(PLAIN_COPY.format(path=f"{folder}/{part['part']}.parquet"), part)
        return cost()


def parts(connection: duckdb.DuckDBPyConnection, millions: int) -> list[dict[str, int]]:
    """The parameters of each part of the facts, of so many millions at most."""
    facts = connection.execute("select count(*) from core.fact").fetchall()[0][0]
    number = -(-facts // (millions * 1_000_000))
    return [{"part": part, "parts": number} for part in range(number)]


def build(root: Path) -> Cost:
    """All marts, from core to the published release; steps are the relations, what follows them, and the files."""
    names = {
        "marts": [relation.name for relation in relations.read_relations()],
        "publish": [f"{mart.name}.parquet" for mart in contract.marts()],
    }
    with Warehouse(root) as warehouse, measuring(root) as cost:
        steps: dict[str, tuple[float, float]] = {}
        last = (time.perf_counter(), time.process_time())

        def told(name: str) -> None:
            nonlocal last
            now = (time.perf_counter(), time.process_time())
            steps[name] = (now[0] - last[0], now[1] - last[1])
            last = now

        with progress.listening(lambda stage, done, _: told(names[stage][done - 1])):
            stage_marts(warehouse)
            told("questions, commit")
            publish(warehouse, ())
            told("manifest, switch")
        return cost(steps)


def by_hand(root: Path) -> Cost:
    """The two heaviest marts, in the settings that a warehouse has."""
    once, *steps = (HERE / "bench_marts_by_hand.sql").read_text("utf-8").split("\n-- step: ")
    with (
        Warehouse(root) as warehouse,
        tempfile.TemporaryDirectory(dir=root / "releases") as folder,
        measuring(root) as cost,
    ):
        connection = warehouse.connection
        connection.execute(once)
        spent = {}
        before = cost()
        for step in steps:
            name, *queries = step.split("\n-- then: ")
            for query in queries:
                how, sql = query.split("\n", 1)
                for part in [{}] if how == "once" else parts(connection, int(how.removeprefix(IN_PARTS))):
                    connection.execute(sql.replace("$folder", folder), part)
            after = cost()
            spent[name.strip()] = (after.seconds - before.seconds, after.cpu - before.cpu)
            before = after
        connection.execute("drop table by_hand_fact; drop table by_hand_compared")
        return cost(spent)


@contextmanager
def measuring(root: Path) -> Iterator[Callable[..., Cost]]:
    """Gives a function that tells the cost so far, steps added. A thread looks at DuckDB's temporary files."""
    over = threading.Event()
    spilled = [0]

    def watch() -> None:
        while not over.wait(0.5):
            spilled[0] = max(spilled[0], sum(size_of(path) for path in root.glob("*.tmp/*")))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    begun, cpu = time.perf_counter(), time.process_time()

    def cost(steps: dict[str, tuple[float, float]] | None = None) -> Cost:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        spent = (time.perf_counter() - begun, time.process_time() - cpu)
        return Cost(*spent, peak, spilled[0] / 2**20, steps or {})

    try:
        yield cost
    finally:
        over.set()
        watcher.join()


def size_of(path: Path) -> int:
    """A file's bytes; none where it is gone already."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def alone(work: Callable[..., T], *arguments: object) -> T:
    """`work` in a fresh process, so that no other work's memory counts as its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


Measured = list[tuple[int, Cost, Cost, Cost, Cost]]


def size_table(measured: Measured) -> Table:
    """A line a size: all marts beside the mean of the two plain COPYs."""
    table = Table(title="All marts, from core to the published files", title_justify="left", box=SIMPLE)
    for name in (
        "facts",
        "COPY s",
        "marts s",
        ": COPY",
        "COPY CPU s",
        "marts CPU s",
        ": COPY",
        "peak MiB",
        "spilled MiB",
    ):
        table.add_column(name, justify="right", no_wrap=True)
    for facts, before, built, _, after in measured:
        seconds, cpu = (before.seconds + after.seconds) / 2, (before.cpu + after.cpu) / 2
        table.add_row(
            f"{facts:,}", f"{seconds:,.1f}", f"{built.seconds:,.1f}", f"{built.seconds / seconds:.1f}",
            f"{cpu:,.1f}", f"{built.cpu:,.1f}", f"{built.cpu / cpu:.1f}", f"{built.peak:,.0f}", f"{built.spilled:,.0f}",
        )  # fmt: skip
    return table


def step_table(measured: Measured) -> Table:
    """The slowest steps of the largest size, seconds of the clock for each million facts at every size."""
    table = Table(title="The slowest steps: seconds for each million facts", title_justify="left", box=SIMPLE)
    table.add_column("", no_wrap=True)
    for facts, *_ in measured:
        table.add_column(f"{facts:,}", justify="right", no_wrap=True)
    last = measured[-1][2].steps
    for name in sorted(last, key=lambda step: last[step], reverse=True)[:SLOWEST]:
        table.add_row(name, *(f"{built.steps[name][0] / facts * 1e6:.2f}" for facts, _, built, *_ in measured))
    table.add_row("all", *(f"{built.seconds / facts * 1e6:.2f}" for facts, _, built, *_ in measured))
    return table


def hand_table(measured: Measured) -> Table:
    """The two heaviest marts: the pipeline's steps beside the SQL by hand, in CPU seconds."""
    table = Table(title="The heaviest marts beside SQL by hand (CPU s)", title_justify="left", box=SIMPLE)
    for name in ("facts", "marts", "pipeline", "by hand", ": by hand"):
        table.add_column(name, justify="right", no_wrap=True)
    for facts, _, built, hand, _ in measured:
        for name, steps in BY_HAND.items():
            ours, theirs = sum(built.steps[step][1] for step in steps), hand.steps[name][1]
            table.add_row(f"{facts:,}", name, f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.1f}")
    return table


if __name__ == "__main__":
    main([float(each) for each in sys.argv[1:]] or list(SIZES))
