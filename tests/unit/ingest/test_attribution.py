"""Whose a document is: the same answer whatever the order of nights, of sources, and of changed settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gongbao.ingest import Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import NIGHT, rows

LATER = datetime(2026, 3, 2, 2, 0, 0)
REPORT = "李庄镇2024年工作总结\n2024年,全镇完成一般公共预算收入6120万元,增长5.2%。\n"
TOLD = "source_name, file_name, title, publisher, source_place, caveat_codes, first_seen_at"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of inboxes: `a`, `b` and `c`, each with the same report under another name."""
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(REPORT, "utf-8")
    return tmp_path


def told(warehouse: Warehouse, sources: Sequence[Source], now: datetime = NIGHT) -> list[tuple[Any, ...]]:
    ingest(warehouse, sources, now)
    return rows(warehouse, f"select {TOLD} from raw.document order by document_id")


def test_a_document_of_several_sources_is_told_the_same_in_every_order(folder: Path) -> None:
    sources = [
        Source("b", folder / "b", "统计局", "惠民县", ("sample",)),
        Source("a", folder / "a", None, "惠民县", ("draft", "sample")),
        Source("c", folder / "c", "统计局"),
    ]
    expected = [("a", "a.txt", "李庄镇2024年工作总结", "统计局", "惠民县", "draft;sample", NIGHT)]
    for number, order in enumerate(permutations(sources)):
        with Warehouse(folder / f"w{number}") as warehouse:
            assert told(warehouse, order) == expected
        with Warehouse(folder / f"nights{number}") as warehouse:
            for source in order:
                ingest(warehouse, [source], NIGHT)
            assert told(warehouse, []) == expected


def test_sources_that_disagree_about_the_place_or_publisher_leave_it_open(warehouse: Warehouse, folder: Path) -> None:
    sources = [Source("a", folder / "a", "统计局", "惠民县"), Source("b", folder / "b", "县政府办", "阳信县")]
    assert told(warehouse, sources)[0][3:5] == (None, None)


def test_the_same_text_in_another_encoding_has_the_same_place_and_caveats(warehouse: Warehouse, folder: Path) -> None:
    (folder / "b" / "b.txt").write_bytes(REPORT.encode("gb18030"))
    sources = [Source("a", folder / "a", None, None, ("sample",)), Source("b", folder / "b", None, "惠民县")]
    found = told(warehouse, sources)
    assert sorted(row[1] for row in found) == ["a.txt", "b.txt"]
    assert {row[4:6] for row in found} == {("惠民县", "sample")}


def test_changed_settings_reach_documents_and_facts(warehouse: Warehouse, folder: Path) -> None:
    def night(**settings: Any) -> tuple[int, list[tuple[Any, ...]]]:
        ingest(warehouse, [Source("a", folder / "a", **settings)], NIGHT)
        extract_pending(warehouse)
        normalised = normalise(warehouse).normalised
        return normalised, rows(warehouse, "select distinct ref_area, caveat_codes from core.fact")

    assert night(place="阳信县", caveats=("sample",)) == (1, [])
    assert night(place="惠民县", caveats=("sample",)) == (1, [("371621105", "sample")])
    assert night(place="惠民县", publisher="统计局") == (1, [("371621105", None)])
    assert night(place="惠民县", publisher="统计局") == (0, [("371621105", None)])
    assert rows(warehouse, "select publisher from raw.document") == [("统计局",)]
    assert [entry["place"] for entry in warehouse.read_ledger("sources")] == ["阳信县", "惠民县", "惠民县"]


def test_settings_hold_for_documents_that_left_the_inbox(warehouse: Warehouse, folder: Path) -> None:
    told(warehouse, [Source("a", folder / "a", place="阳信县")])
    (folder / "a" / "a.txt").unlink()
    assert told(warehouse, [Source("a", folder / "a", place="惠民县")], LATER)[0][4] == "惠民县"


def test_a_table_is_read_under_its_smallest_name_whatever_the_order_of_nights(folder: Path) -> None:
    for letter, name in (("a", "惠民县各镇2022年主要经济指标.xlsx"), ("b", "惠民县各镇2023年主要经济指标.xlsx")):
        with xlsxwriter.Workbook(str(folder / letter / name)) as workbook:
            workbook.set_properties({"created": NIGHT})
            sheet = workbook.add_worksheet("表一")
            for row, values in enumerate((("镇", "一般公共预算收入（万元）"), ("李庄镇", 6120))):
                sheet.write_row(row, 0, values)
    sources = [Source(name, folder / name) for name in "ab"]
    states: list[tuple[list[tuple[Any, ...]], ...]] = []
    for order in (sources, sources[::-1]):
        with Warehouse(folder / f"w{len(states)}") as warehouse:
            for source in order:
                ingest(warehouse, [source], NIGHT)
                extract_pending(warehouse)
                normalise(warehouse)
            figures = "statement_id, time_period, value"
            states.append(
                (
                    rows(warehouse, f"select {TOLD} from raw.document order by document_id"),
                    rows(warehouse, f"select {figures} from core.statement order by all"),
                    rows(warehouse, "select fact_id, time_period, obs_value from core.fact order by all"),
                )
            )
    assert states[0] == states[1]
    assert [period for _, period, _ in states[0][2]] == ["2022"]


def test_a_stated_publisher_comes_before_that_of_the_source(warehouse: Warehouse, folder: Path) -> None:
    (folder / "a" / "a.txt").write_text(REPORT.replace("\n", "\n信息来源：李庄镇党政办\n", 1), "utf-8")
    found = told(warehouse, [Source("a", folder / "a", "统计局")])
    assert found[0][3] == "李庄镇党政办"
