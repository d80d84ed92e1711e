"""What the benchmark measures with: a scan that finds quantities, fresh processes, tables that fit a terminal."""

from __future__ import annotations

import io
import os

from rich.console import Console
from rich.table import Table

from gongbao.extract import extract_text
from tests.bench_extract import Cost, alone, cost, linearity_table, plain_scan, speed_table
from tests.generated import bulletin

EXTRACTIONS = {"extraction": Cost(2.0, 80, 90), "compiled": Cost(1.0, 80, 90)}


def shown(table: Table) -> str:
    console = Console(width=80, file=io.StringIO())
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_the_scan_finds_numbers_with_units_in_either_script() -> None:
    text = "收入12.5亿元，企业3家、社区十二个，公路1,200公里；第二批，第九。"
    assert [match.group() for match in plain_scan().finditer(text)] == [
        "12.5亿元",
        "3家",
        "十二个",
        "1,200公里",
        "二批",
    ]


def test_work_is_measured_in_a_process_of_its_own() -> None:
    assert alone(os.getpid) != os.getpid()
    spent = cost(lambda: [1, 2, 3], sum)
    assert (spent.found, spent.seconds >= 0, spent.peak > 1) == (6, True, True)


def test_the_tables_tell_ratios_and_fit_eighty_columns() -> None:
    speed = shown(speed_table((2, 10_000), Cost(0.1, 50, 2), Cost(0.5, 60, 100), EXTRACTIONS))
    linear = shown(linearity_table({"Chinese numerals": (Cost(1.0, 70, 1), Cost(5.5, 90, 1))}))
    ratios = [line.split()[-1] for line in speed.splitlines() if ": scan" in line]
    assert ratios == ["4.0", "2.0"]
    assert "20,000" in speed
    (row,) = [line for line in linear.splitlines() if "Chinese numerals" in line and "1.00" in line]
    assert row.split()[-3:] == ["5.50", "5.5", "90"]


def test_generated_reports_are_the_same_for_a_seed_and_full_of_statements() -> None:
    assert bulletin(1) == bulletin(1) != bulletin(2)
    assert len(extract_text(bulletin(1)).statements) > 40
