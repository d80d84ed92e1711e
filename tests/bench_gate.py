"""`make bench-gate`: the whole gate over 1, 5 and 25 million synthetic facts beside building all marts; never a test.

The world is that of `make bench-marts`. Each size has a warehouse of its own in a temporary folder, and each work on it
a process of its own, imports excluded: core through its suites and rules; all marts through `stage_marts` and
`publish`; the staged marts through theirs; and the gate of changes on a release in which a row in a hundred of the four
marts of figures is gone. How to read the table: docs/measuring.md.

    python -m tests.bench_gate [MILLIONS ...]       1 5 25 where none are named
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import churn
from gongbao.publish import published
from gongbao.publish.release import Candidate
from gongbao.validate import Verdict, validate_core, validate_marts
from gongbao.warehouse import Warehouse
from tests.bench_marts import SIZES, Cost, alone, build, generate, measuring

RUN = "bench"
THINNED = ("fact", "target", "county_comparison", "town_comparison")
"""The marts that the gate of changes judges by their figures."""


def main(millions: list[float]) -> None:
    """Print a line for each work, as soon as it is measured, then the table."""
    console = Console(highlight=False, width=120)
    measured = []
    for size in millions:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch) / "warehouse"
            facts = alone(generate, root, size)
            costs = {}
            for work in (judge_core, build, judge_marts, judge_changes):
                found, cost = alone(told, work, root)
                costs[work.__name__] = cost
                console.print(
                    f"{facts:,} facts, {work.__name__}: {cost.seconds:,.1f} s, {cost.cpu:,.1f} CPU s, "
                    f"{cost.peak:,.0f} MiB, {cost.spilled:,.0f} MiB spilled{found}"
                )
        measured.append((facts, costs))
    console.print(size_table(measured))


def told(work: Callable[[Path], Cost | tuple[Verdict, Cost]], root: Path) -> tuple[str, Cost]:
    """The work's cost, and what its checks found."""
    result = work(root)
    if isinstance(result, Cost):
        return "", result
    verdict, cost = result
    found = "held" if verdict.held else f"{verdict.withheld:,} withheld, {verdict.caveats:,} with a caveat"
    return f"; {verdict.passed} checks passed, {verdict.failed} found something, {found}", cost


def judge_core(root: Path) -> tuple[Verdict, Cost]:
    """Core through its suites and rules."""
    return _judged(root, validate_core)


def judge_marts(root: Path) -> tuple[Verdict, Cost]:
    """The staged marts through theirs."""
    return _judged(root, validate_marts)


def _judged(root: Path, judge: Callable[[Warehouse, str], Verdict]) -> tuple[Verdict, Cost]:
    import great_expectations  # noqa: F401  the import is not the gate's time

    with Warehouse(root) as warehouse, measuring(root) as cost:
        return judge(warehouse, RUN), cost()


def judge_changes(root: Path) -> tuple[Verdict, Cost]:
    """The gate of changes on the current release without one row in a hundred."""
    with Warehouse(root) as warehouse:
        previous = published.current(root)
        assert previous is not None, "the release is built before"
        before = published.read(warehouse.releases / previous)
        folder = warehouse.releases / ".bench.partial"
        shutil.copytree(before.folder, folder, copy_function=os.link)
        contents = {**before.manifest, "marts": dict(before.marts)}
        for name in THINNED:
            path = folder / f"{name}.parquet"
            path.unlink()
            warehouse.connection.execute(
                f"copy (from read_parquet('{before.folder / path.name}') where hash(fact_id) % 100 > 0) "
                f"to '{path}' (format parquet, compression snappy)"
            )
            contents["marts"][name] = {**before.marts[name], "content": "thinned"}
        candidate = Candidate("0" * 16, folder, contents, previous, None)
        with measuring(root) as cost:
            verdict = churn.judge(warehouse, RUN, candidate)
            return verdict, cost()


def size_table(measured: list[tuple[int, dict[str, Cost]]]) -> Table:
    """A line a size: the gate's three parts beside building and publishing the marts."""
    table = Table(title="The whole gate", title_justify="left", box=SIMPLE)
    for name in (
        "facts",
        "core s",
        "marts s",
        "changes s",
        "gate s",
        "build s",
        "gate : build",
        "gate CPU s",
        "build CPU s",
        "peak MiB",
        "spilled MiB",
    ):
        table.add_column(name, justify="right", no_wrap=len(name) < 8)
    for facts, costs in measured:
        built, *gate = (costs[work.__name__] for work in (build, judge_core, judge_marts, judge_changes))
        seconds, cpu = sum(part.seconds for part in gate), sum(part.cpu for part in gate)
        table.add_row(
            f"{facts:,}", *(f"{part.seconds:,.1f}" for part in gate), f"{seconds:,.1f}", f"{built.seconds:,.1f}",
            f"{seconds / built.seconds:.2f}", f"{cpu:,.1f}", f"{built.cpu:,.1f}",
            f"{max(part.peak for part in gate):,.0f}", f"{max(part.spilled for part in gate):,.0f}",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    main([float(each) for each in sys.argv[1:]] or list(SIZES))
