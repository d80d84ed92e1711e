"""`make bench-sheets`: a census sheet from its file to facts, beside the bare reader of the same file; never a test.

The bare reader is python-calamine: the sheet as lists of Python values, and nothing understood. The sheet is
../shared/sheets/census2020_county.xlsx where it lies beside the checkout, else a generated one of the same size. Where
no template reads it, its numbers are made statements here, so that what comes after extraction is measured in any case.
How to read the table: docs/measuring.md.
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
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TypeVar

import python_calamine
import xlsxwriter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import extract, ingest, normalise
from gongbao.extract.grid import Sheet, cell_address
from gongbao.extract.statement import Extraction, Statement
from gongbao.ingest.grids import load_grid
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.workbook import read_workbook
from gongbao.normalise.contributions import contributions
from gongbao.normalise.extraction_rows import extracted, rejection_columns, statement_columns, summary_row
from gongbao.normalise.vocabulary_tables import load_vocabulary
from gongbao.normalise.work import Task
from gongbao.reference.gazetteer import gazetteer
from gongbao.warehouse import Warehouse, insert, insert_columns
from tests.conftest import SHARED

T = TypeVar("T")

CENSUS = SHARED / "sheets" / "census2020_county.xlsx"
ROWS, COLUMNS = 3358, 149
"""Places and figures of each in the generated sheet."""
FEW = 1000
"""Fewer statements than that: no template has read the sheet."""
NIGHT = datetime(2026, 11, 1)


@dataclass(frozen=True)
class Cost:
    """What a stage cost: CPU seconds with those of processes it waited for, peak MiB until then, how much it made."""

    stage: str
    seconds: float
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
    """A sheet of the census's size: a code, a name and figures in each row, most of them whole and some repeated."""
    places = list(gazetteer().places.items())[:ROWS]
    random = Random(7)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("普查")
        sheet.write_row(0, 0, ["区划代码", "地区", *(f"项目{number}" for number in range(1, COLUMNS + 1))])
        for row, (code, place) in enumerate(places, start=1):
            whole = [random.randrange(10 ** random.randint(1, 6)) for _ in range(COLUMNS)]
            sheet.write_row(row, 0, [code, place.name, *(each / 100 if each % 9 == 0 else each for each in whole)])
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
    extract.extract_grid((Sheet("", ((),), ()),), "none.xlsx")  # reads the templates
    with Warehouse(folder / "warehouse") as warehouse:
        load_vocabulary(warehouse)
        with measured("(before)") as cost:
            costs = [cost("")]
        with measured("file to raw.cell") as cost:  # the parser process and its start included
            ingest.ingest(warehouse, [ingest.Source("bench", inbox)], NIGHT)
            costs.append(cost(f"{count(warehouse, 'raw.cell'):,} cells"))
        with measured("extract_grid") as cost:
            [told] = contributions(warehouse.connection)
            sheets = load_grid(warehouse.connection, told.text_id)
            extraction = extract.extract_grid(sheets, told.file_name)
            costs.append(cost(f"{len(extraction.statements):,} statements"))
        if len(extraction.statements) < FEW:
            extraction = invented(sheets, extraction)
        task = Task(told.text_id, told.document_id, told.file_name, None, ())
        del sheets
        with measured("to core.statement") as cost:
            write(warehouse, task, extraction)
            costs.append(cost(f"{count(warehouse, 'core.statement'):,} rows"))
        del extraction
        with measured("to core.fact") as cost:
            report = normalise.normalise(warehouse)
            costs.append(cost(f"{report.facts:,} facts"))
    return costs


def invented(sheets: tuple[Sheet, ...], extraction: Extraction) -> Extraction:
    """The sheet's numbers as statements about resident population, each column a breakdown, each row a place."""
    codes = [code for code in gazetteer().places if len(code) == 6]
    statements = [
        Statement(
            "fact", "area", None, "常住人口", "level", Decimal(cell.text), None, "人", "eq", "2020", cell.text,
            sheet=sheet.name, cell=cell_address(row, column), header_path=(f"项目{column}", f"地区{row}"),
            indicator_id="resident_population", breakdown=f"column={column}", ref_area=codes[row % len(codes)],
            template="bench@1",
        )
        for sheet in sheets
        for row, cells in enumerate(sheet.rows, start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.is_number
    ]  # fmt: skip
    return Extraction(extraction.frame, tuple(statements))


def write(warehouse: Warehouse, task: Task, extraction: Extraction) -> None:
    """As `extract_pending` writes it."""
    found, version = [extracted(task, extraction)], extract.version()
    with warehouse.transaction() as connection:
        for columns in statement_columns(found, version):
            insert_columns(connection, "core.statement", columns)
        for columns in rejection_columns(found, version):
            insert_columns(connection, "core.rejection", columns)
        insert(connection, "core.extraction", [summary_row(found[0], version)])


def count(warehouse: Warehouse, relation: str) -> int:
    """How many rows a relation has."""
    [(rows,)] = warehouse.connection.execute(f"select count(*) from {relation}").fetchall()
    return int(rows)


@contextmanager
def measured(stage: str) -> Iterator[Callable[[str], Cost]]:
    """Gives a function from what the stage made to its cost so far."""
    begun = cpu_seconds()
    yield lambda made: Cost(stage, cpu_seconds() - begun, peak(), made)


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
    for name in ("CPU s", ": calamine", "peak MiB", "made"):
        table.add_column(name, justify="right", no_wrap=True)
    whole = Cost("file to facts", sum(each.seconds for each in stages), stages[-1].peak, stages[-1].made)
    for each in (bare, read, started, *stages, whole):
        ratio = "" if each is started else f"{each.seconds / bare.seconds:.1f}"
        seconds = "" if each is started else f"{each.seconds:.2f}"
        table.add_row(each.stage, seconds, ratio, f"{each.peak:,.0f}", each.made)
    return table


if __name__ == "__main__":
    main()
