"""`make bench-sheets`: a census sheet from its file to facts, beside the bare reader of the same file; never a test.

The bare reader is python-calamine: the sheet as lists of Python values, and nothing understood. The sheet is
../shared/sheets/census2020_county.xlsx where it lies beside the checkout, else a generated one of the same size and
headings. Seconds are those of the clock; those of the processor count every thread and process. How to read the table:
docs/measuring.md.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TypeVar

import python_calamine
import xlsxwriter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import ingest, normalise
from gongbao.extract.sheets.template import templates
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.workbook import read_workbook
from gongbao.normalise.vocabulary_tables import load_vocabulary
from gongbao.reference.gazetteer import gazetteer
from gongbao.warehouse import Warehouse
from tests.conftest import SHARED

T = TypeVar("T")

CENSUS = SHARED / "sheets" / "census2020_county.xlsx"
ROWS, COLUMNS = 3358, 149
"""Places and figures of each in the generated sheet."""
AGES = ("0岁", "1到4岁", *(f"{first}到{first + 4}岁" for first in range(5, 85, 5)), "85岁以上")
NIGHT = datetime(2026, 11, 1)


@dataclass(frozen=True)
class Cost:
    """What a stage cost (CPU seconds with those of processes it waited for, peak MiB until then), and what it made."""

    stage: str
    seconds: float
    cpu: float
    peak: float
    made: str


def main() -> None:
    """Print the table. This process stays small: a child's peak begins with its parent's."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as scratch:
        path = CENSUS if CENSUS.is_file() else alone(generate, Path(scratch) / "census.xlsx")
        bare, read = alone(reading_bare, path), alone(reading, path)
        started, *stages = alone(night, path, Path(scratch) / "night")
    console.print(stage_table(path, bare, read, started, stages))


def generate(path: Path) -> Path:
    """A sheet with the census's headings: men and women of each age add up, whatever else stands there is random."""
    places = [(code, place.name) for code, place in gazetteer().places.items() if len(code) == 6][:ROWS]
    ages = [f"{sex}_{age}" for sex in "男女" for age in AGES]
    told = ["人口数_合计", "人口数_男", "人口数_女", "城镇人口", "乡村人口", *ages, "住房来源_其他"]
    others = [f"项目{number}" for number in range(COLUMNS - len(told))]
    random = Random(7)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("七普")
        sheet.write_row(0, 0, ["区划代码", "区县", *told, *others])
        for row, (code, name) in enumerate(places, start=1):
            counted = [random.randrange(10 ** random.randint(1, 6)) for _ in ages]
            men, women = sum(counted[: len(AGES)]), sum(counted[len(AGES) :])
            urban = random.randrange(men + women + 1)
            rest = [random.randrange(10 ** random.randint(1, 6)) for _ in range(1 + len(others))]
            totals = [men + women, men, women, urban, men + women - urban]
            sheet.write_row(row, 0, [code, name, *totals, *counted, *rest])
    return path


def reading_bare(path: Path) -> Cost:
    """python-calamine alone."""
    with measured("calamine alone") as cost:
        rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return cost(f"{len(rows):,} rows")


def reading(path: Path) -> Cost:
    """The reader, in this process."""
    with measured("read") as cost:
        sheets, _ = read_workbook(path, path.name, Limits())
        return cost(f"{sum(len(sheet.rows) for sheet in sheets):,} rows")


def night(path: Path, folder: Path) -> list[Cost]:
    """The stages as a night goes through them, each with what is in memory from those before."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    shutil.copy(path, inbox)
    templates()
    with Warehouse(folder / "warehouse") as warehouse:
        load_vocabulary(warehouse)
        ingest.ingest(warehouse, [], NIGHT)  # imports its parts
        with measured("(before)") as cost:
            costs = [cost("")]
        with measured("file to raw.cell") as cost:  # the parser process and its start included
            ingest.ingest(warehouse, [ingest.Source("bench", inbox)], NIGHT)
            costs.append(cost(f"{count(warehouse, 'raw.cell'):,} cells"))
        with measured("to core.statement") as cost:
            extracted = normalise.extract_pending(warehouse)
            costs.append(cost(f"{extracted.statements:,} statements"))
        with measured("to core.fact") as cost:
            report = normalise.normalise(warehouse)
            costs.append(cost(f"{report.facts:,} facts"))
    return costs


def count(warehouse: Warehouse, relation: str) -> int:
    """How many rows a relation has."""
    [(rows,)] = warehouse.connection.execute(f"select count(*) from {relation}").fetchall()
    return int(rows)


@contextmanager
def measured(stage: str) -> Iterator[Callable[[str], Cost]]:
    """Gives a function from what the stage made to its cost so far."""
    begun, cpu = time.perf_counter(), cpu_seconds()
    yield lambda made: Cost(stage, time.perf_counter() - begun, cpu_seconds() - cpu, peak(), made)


def cpu_seconds() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def peak() -> float:
    """The largest memory so far, in MiB, of this process or of one that it has waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def alone(work: Callable[..., T], *arguments: object) -> T:
    """`work` in a fresh process, so that no other work's memory counts as its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def stage_table(path: Path, bare: Cost, read: Cost, started: Cost, stages: list[Cost]) -> Table:
    """The stages, each as how many times as dear as the bare reader."""
    source = f"../shared/sheets/{path.name}" if path == CENSUS else "generated"
    table = Table(title=f"One sheet, from file to facts: {source}", title_justify="left", box=SIMPLE)
    table.add_column("", no_wrap=True)
    for name in ("s", ": calamine", "CPU s", ": calamine", "peak MiB", "made"):
        table.add_column(name, justify="right", no_wrap=True)
    seconds, cpu = sum(each.seconds for each in stages), sum(each.cpu for each in stages)
    whole = Cost("file to facts", seconds, cpu, stages[-1].peak, stages[-1].made)
    for each in (bare, read, started, *stages, whole):
        times = (each.seconds, each.seconds / bare.seconds, each.cpu, each.cpu / bare.cpu)
        shown = [""] * 4 if each is started else [f"{time:.{2 - place % 2}f}" for place, time in enumerate(times)]
        table.add_row(each.stage, *shown, f"{each.peak:,.0f}", each.made)
    return table


if __name__ == "__main__":
    main()
