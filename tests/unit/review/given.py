"""A small warehouse with one question of each kind, as a night leaves it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from gongbao.ingest import Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.warehouse import Warehouse
from tests import forks

NOW = datetime(2026, 3, 1)
REPORT = """惠民县李庄镇2024年工作总结

李庄镇人民政府  2025年1月10日

一、2024年工作回顾

2024年,全镇完成一般公共预算收入6120万元。绳网作坊数2300家。
"""
BEES = [
    ["2024年各户养蜂情况"],
    ["户名", "蜂箱", "蜂蜜"],
    ["东家", 12, 340],
    ["西家", 8, 205],
    ["南家", 5, 118],
]
TOWNS = [
    ["惠民县2024年各镇主要经济指标"],
    ["镇街", "一般公共预算收入(万元)"],
    ["姜楼镇", 5533],
    ["胡集镇", 5890],
    ["花果镇", 310],
]
DRAFT_ANSWERED = """\
id: bees
version: 1
what: 各户养蜂情况
match: {title: 养蜂情况}
place: '371621'
rows:
  role: indicator
  rules:
  - {path: 东家, indicator: gdp, assume: 元}
  - {path: 西家, indicator: tax_revenue, assume: 元}
  - {path: 南家, indicator: general_budget_revenue, assume: 元}
columns:
  role: period
  rules:
  - {path: 蜂箱, period: '2023'}
  - {path: 蜂蜜, period: '2024'}
"""


def workbook(path: Path, *sheets: str, table: list[list[Any]] = BEES) -> None:
    """A workbook whose sheets hold the same table; `BEES` no template knows, `TOWNS` has a town that no list has."""
    with xlsxwriter.Workbook(path) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(table):
                sheet.write_row(row, 0, cells)


def inbox(folder: Path) -> Path:
    """A folder with a report and two workbooks."""
    folder.mkdir()
    (folder / "report.txt").write_text(REPORT, "utf-8")
    workbook(folder / "bees.xlsx", "甲村", "乙村")
    workbook(folder / "towns.xlsx", "2024", table=TOWNS)
    return folder


def night(warehouse: Warehouse, folder: Path) -> None:
    """Ingest, extract and normalise the folder."""
    ingest(warehouse, [Source("office", folder, place="惠民县")], NOW)
    extract_pending(warehouse)
    normalise(warehouse)


def night_apart(folder: Path) -> None:
    """The same in a process of its own, with the settings of `folder`: what the overlay changes is seen there."""
    script = (
        "from pathlib import Path; from gongbao import settings; from gongbao.warehouse import Warehouse\n"
        "from tests.unit.review.given import night\n"
        "with Warehouse(settings.load().warehouse) as warehouse: night(warehouse, Path('inbox'))"
    )
    run(folder, "-c", script)


def run(folder: Path, *arguments: str, code: int = 0, **environment: str) -> str:
    """Run Python in the folder with the checkout at hand; what it printed. Fails where the exit code is another."""
    told = {**os.environ, "GONGBAO_NOW": "2026-03-02T08:00:00Z", **environment}
    ended = forks.python()(folder, *arguments, **told)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr
