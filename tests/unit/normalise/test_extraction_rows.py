"""Extractions as columns: every statement with an id of its own, in chunks that change nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gongbao import extract
from gongbao.extract.sheets import SheetStatements
from gongbao.extract.statement import Extraction, Rejection, Statement
from gongbao.normalise import extraction_rows, sheet_columns
from gongbao.normalise.extraction_rows import extracted, rejection_columns, statement_columns, summary_row
from gongbao.normalise.facts import content_id
from gongbao.normalise.work import Task
from gongbao.warehouse import Coded
from tests.unit.extract_sheets.tables import sheet
from tests.unit.normalise.listed import listed

FRAME = extract.read_frame("惠民县2023年概况")
GRID = Task("t1", "d1", "表.xlsx", None, ())
TEXT = Task("t2", "d2", "文.txt", "概况。户数5户。", ())
TOWNS = [["李庄镇", 5, 6], ["石庙镇", 7, "-"], ["桑落墅镇", 7, 8.5]]


def towns(rows: list[list[Any]] = TOWNS, *names: str) -> Extraction:
    """Towns with their households and their revenue, on a sheet of each name."""
    table = [["惠民县各镇（街道）主要经济指标（2023年）"], ["镇", "总户数（户）", "一般公共预算收入（万元）"], *rows]
    return extract.extract_grid([sheet(table, name=name) for name in names or ("表",)], "表.xlsx")


def figure(start: int, value: str = "5") -> Statement:
    end = start + len(value)
    return Statement(
        "fact", "area", None, "户数", "level", Decimal(value), None, "户", "eq", None, value, start, end, 3, 8
    )


def columns(*given: tuple[Task, Extraction]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    for chunk in statement_columns([extracted(*each) for each in given]):
        for name, values in chunk.items():
            rows.setdefault(name, []).extend(listed(values))
    return rows


def test_a_figure_of_a_sheet_is_known_by_its_cell() -> None:
    rows = columns((GRID, towns(TOWNS, "表", "二")))
    cells = ["B3", "C3", "B4", "B5", "C5"]
    assert rows["cell"] == cells * 2
    assert rows["statement_id"] == [content_id("t1", f"{name}!{cell}") for name in ("表", "二") for cell in cells]
    assert rows["header_path"][0] == "惠民县各镇（街道）主要经济指标（2023年） / 总户数（户） / 李庄镇"
    assert rows["subject"][:4] == ["李庄镇", "李庄镇", "石庙镇", "桑落墅镇"]
    assert rows["quote"][:5] == ["5", "6", "7", "7", "8.5"]
    assert rows["value"][:5] == [5, 60_000, 7, 7, 85_000]
    assert rows["unit"][:2] == ["户", "元"]
    assert set(rows["text_id"]) == {"t1"}
    assert set(rows["extractor_version"]) == {extract.version(of_grids=True)}
    assert "sentence" not in rows


def test_the_columns_of_a_sheet_are_those_of_its_statements() -> None:
    extraction = towns()
    rows, statements = columns((GRID, extraction)), list(extraction.statements)
    assert rows["cell"] == [each.cell for each in statements]
    assert rows["header_path"] == [" / ".join(each.header_path) for each in statements]
    for column, slot in [("value", "value"), ("quote", "text"), ("time_period", "period"), ("template", "template")]:
        assert rows[column] == [getattr(each, slot) for each in statements]


def test_a_cell_that_states_two_figures_tells_them_apart() -> None:
    statements = towns().statements
    assert isinstance(statements, SheetStatements)
    twice = statements.take([0, 1, 0, 0])
    anchors = ["表!B3", "表!C3", "表!B3#2", "表!B3#3"]
    assert columns((GRID, Extraction(FRAME, twice)))["statement_id"] == [content_id("t1", each) for each in anchors]


def test_a_figure_of_a_text_is_known_by_where_it_begins_and_has_its_sentence() -> None:
    rows = columns((TEXT, Extraction(FRAME, (figure(5), figure(5)))))
    assert rows["statement_id"] == [content_id("t2", 5), content_id("t2", "5#2")]
    assert rows["sentence"] == ["户数5户。"] * 2


def test_chunks_hold_many_texts_or_a_part_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [Task(f"t{number}", "d", "文.txt", "概况。户数5户。", ()) for number in range(4)]
    counts = [1, 7, 0, 1]
    given = [
        (task, Extraction(FRAME, tuple(figure(start) for start in range(count))))
        for task, count in zip(texts, counts, strict=True)
    ]
    whole = columns(*given)
    monkeypatch.setattr(extraction_rows, "CHUNK", 3)
    found = [extracted(*each) for each in given]
    assert [len(chunk["value"]) for chunk in statement_columns(found)] == [1, 3, 3, 2]
    assert columns(*given) == whole
    assert len(set(whole["statement_id"])) == 9


def test_pieces_of_a_sheet_change_nothing_and_stand_between_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Extraction(FRAME, (figure(5),))
    given = [(TEXT, text), (GRID, towns()), (Task("t3", "d3", "文.txt", "概况。户数5户。", ()), text)]
    whole = columns(*given)
    monkeypatch.setattr(sheet_columns, "CHUNK", 2)
    assert columns(*given) == whole
    assert whole["text_id"] == ["t2", *["t1"] * 5, "t3"]


@pytest.mark.parametrize("value", ["1e28", "-1e28", "0.00000000001", "NaN"])
def test_a_value_that_the_warehouse_cannot_hold_is_a_rejection(value: str) -> None:
    unread = Rejection("〇", "header_unknown", 1, 2)
    found = extracted(TEXT, Extraction(FRAME, (figure(5), figure(6, value)), (unread,)))
    assert [each.start for each in found.statements] == [5]
    [rejections] = rejection_columns([found])
    assert (rejections["reason"], rejections["span_start"]) == (["header_unknown", "out_of_range"], [1, 6])
    summary = summary_row(found)
    assert (summary["statements"], summary["rejections"], summary["file_name"]) == (1, 2, None)


def test_so_it_is_in_a_sheet() -> None:
    statements = towns([["李庄镇", 5, 6], ["石庙镇", 7, 8]]).statements
    assert isinstance(statements, SheetStatements)
    text, value = statements.numbers.values[1]
    huge = replace(
        statements.numbers,
        values=(statements.numbers.values[0], (text, value * 10**25), *statements.numbers.values[2:]),
    )
    found = extracted(GRID, Extraction(FRAME, replace(statements, numbers=huge)))
    assert [each.cell for each in found.statements] == ["B3", "B4", "C4"]
    assert [(each.cell, each.reason) for each in found.rejections] == [("C3", "out_of_range")]
    assert summary_row(found)["file_name"] == "表.xlsx"


@pytest.mark.parametrize("value", ["9999999999999999999999999999", "0.0000000001", "1.00000000000000", "-0", "1e27"])
def test_a_value_that_the_warehouse_holds_exactly_is_kept(value: str) -> None:
    assert len(extracted(TEXT, Extraction(FRAME, (figure(5, value),))).statements) == 1


def test_a_value_that_no_statement_of_a_sheet_has_any_more_is_not_sent() -> None:
    statements = towns().statements
    assert isinstance(statements, SheetStatements)
    unused = replace(statements.numbers, values=(*statements.numbers.values, ("9e40", Decimal("9e40"))))
    [sent] = statement_columns([extracted(GRID, Extraction(FRAME, replace(statements, numbers=unused)))])
    assert isinstance(sent["value"], Coded)
    assert max(sent["value"].values) == 85_000
