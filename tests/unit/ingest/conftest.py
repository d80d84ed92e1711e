"""An inbox to put files in, a night to take them in, workbooks made on the spot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gongbao.ingest import IngestReport, Limits, Source, ingest
from gongbao.warehouse import Warehouse

NIGHT = datetime(2026, 3, 1, 2, 0, 0)
BULLETIN = "石桥镇2023年工作总结\n全镇完成一般公共预算收入4321万元，同比增长6.5%。\n"

Night = Callable[..., IngestReport]
Book = Callable[..., Path]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def night(warehouse: Warehouse, inbox: Path) -> Night:
    """Run one night's ingest on the inbox; `now` and `limits` may be given."""

    def run(now: datetime = NIGHT, limits: Limits | None = None, **source: Any) -> IngestReport:
        return ingest(warehouse, [Source("office", inbox, **source)], now, limits)

    return run


@pytest.fixture
def book(inbox: Path) -> Book:
    """Write an xlsx into the inbox: rows of the first sheet, merged ranges as `A1:C1`."""

    def write(name: str, rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), hidden: bool = False) -> Path:
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet("表一")
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if value is not None:
                        sheet.write(row, column, value)
            for cells in merged:
                sheet.merge_range(cells, rows[_row(cells)][_column(cells)])
            if hidden:
                workbook.add_worksheet("底稿").hide()
        return path

    return write


def _row(cells: str) -> int:
    return int("".join(c for c in cells.split(":")[0] if c.isdigit())) - 1


def _column(cells: str) -> int:
    return ord(cells[0]) - ord("A")


def rows(warehouse: Warehouse, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return warehouse.connection.execute(sql, list(values)).fetchall()
