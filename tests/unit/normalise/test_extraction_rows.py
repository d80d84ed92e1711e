"""Extractions as columns: every statement with an id of its own, in chunks that change nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gongbao import extract
from gongbao.extract.statement import Extraction, Rejection, Statement
from gongbao.normalise import extraction_rows
from gongbao.normalise.extraction_rows import extracted, rejection_columns, statement_columns, summary_row
from gongbao.normalise.facts import content_id
from gongbao.normalise.work import Task

FRAME = extract.read_frame("惠民县2023年概况")
GRID = Task("t1", "d1", "表.xlsx", None, ())


def figure(cell: str, value: str = "5", sheet: str = "表") -> Statement:
    path = ("户数", "李庄镇")
    return Statement(
        "fact", "area", "李庄镇", "户数", "level", Decimal(value), None, "户", "eq", "2023", value,
        sheet=sheet, cell=cell, header_path=path, caveats=("footnote", "sample"), template="towns@1",
    )  # fmt: skip


def columns(*tasks: tuple[Task, list[Statement]]) -> dict[str, list[Any]]:
    found = [extracted(task, Extraction(FRAME, tuple(statements))) for task, statements in tasks]
    rows: dict[str, list[Any]] = {}
    for chunk in statement_columns(found, "v1"):
        for name, values in chunk.items():
            rows.setdefault(name, []).extend(values)
    return rows


def test_a_figure_of_a_sheet_is_known_by_its_cell() -> None:
    rows = columns((GRID, [figure("B2"), figure("C2"), figure("B2"), figure("B2", sheet="二")]))
    anchors = ["表!B2", "表!C2", "表!B2#2", "二!B2"]
    assert rows["statement_id"] == [content_id("t1", anchor) for anchor in anchors]
    assert rows["header_path"] == ["户数 / 李庄镇"] * 4
    assert rows["caveat_codes"] == ["footnote;sample"] * 4
    assert rows["sentence"] == [None] * 4


def test_a_figure_of_a_text_is_known_by_where_it_begins_and_has_its_sentence() -> None:
    text = "概况。户数5户。"
    said = Statement("fact", "area", None, "户数", "level", Decimal(5), None, "户", "eq", None, "5户", 5, 7, 3, 8)
    rows = columns((Task("t2", "d2", "文.txt", text, ()), [said, said]))
    assert rows["statement_id"] == [content_id("t2", 5), content_id("t2", "5#2")]
    assert rows["sentence"] == ["户数5户。"] * 2


def test_chunks_hold_many_tasks_or_a_part_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [
        (GRID, [figure("B2")]),
        (Task("t2", "d2", "二.xlsx", None, ()), [figure(f"B{row % 4}") for row in range(7)]),
        (Task("t3", "d3", "三.xlsx", None, ()), []),
        (Task("t4", "d4", "四.xlsx", None, ()), [figure("B2")]),
    ]
    whole = columns(*tasks)
    monkeypatch.setattr(extraction_rows, "CHUNK", 3)
    found = [extracted(task, Extraction(FRAME, tuple(statements))) for task, statements in tasks]
    assert [len(chunk["value"]) for chunk in statement_columns(found, "v1")] == [1, 3, 3, 2]
    assert columns(*tasks) == whole
    assert len(set(whole["statement_id"])) == 9


@pytest.mark.parametrize("value", ["1e28", "-1e28", "0.00000000001", "NaN"])
def test_a_value_that_the_warehouse_cannot_hold_is_a_rejection(value: str) -> None:
    unread = Rejection("〇", "header_unknown", sheet="表", cell="A9")
    extraction = Extraction(FRAME, (figure("B2"), figure("C2", value)), (unread,))
    found = extracted(GRID, extraction)
    assert [each.cell for each in found.statements] == ["B2"]
    [rejections] = rejection_columns([found], "v1")
    assert (rejections["reason"], rejections["cell"]) == (["header_unknown", "out_of_range"], ["A9", "C2"])
    summary = summary_row(found, "v1")
    assert (summary["statements"], summary["rejections"], summary["file_name"]) == (1, 2, "表.xlsx")


@pytest.mark.parametrize("value", ["9999999999999999999999999999", "0.0000000001", "1.00000000000000", "-0", "1e27"])
def test_a_value_that_the_warehouse_holds_exactly_is_kept(value: str) -> None:
    assert len(extracted(GRID, Extraction(FRAME, (figure("B2", value),))).statements) == 1
