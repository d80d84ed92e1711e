"""Workbooks through the parser process: cells as printed, and parsers that fail without harm."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gongbao.errors import UnreadableDocument
from gongbao.extract.grid import Cell, Sheet
from gongbao.ingest.grids import cells, grid_id, load_grid
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.readers.workbook import print_number
from gongbao.warehouse import Warehouse, insert
from tests.unit.ingest.conftest import Book

TABLE = [["各镇主要指标", None, None], ["镇", "收入", "增长"], ["石桥镇", 4321, 6.5], ["河口镇", "…", -0.3]]


@pytest.fixture
def parser() -> Iterator[ParserProcess]:
    with ParserProcess(Limits(memory_bytes=1 << 29)) as process:
        yield process


def read(parser: ParserProcess, path: Path) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    answer = parser.read(path, path.name, "workbook")
    return answer.sheets, answer.warnings


def refused_by(parser: ParserProcess, path: Path) -> str:
    with pytest.raises(UnreadableDocument) as refused:
        read(parser, path)
    return refused.value.reason


def sparse_corner(path: Path) -> Path:
    """A few kilobytes that a parser takes for seventeen thousand million cells."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "甲")
        sheet.write(1_048_575, 16_383, 1)
    return path


def test_cells_come_as_the_file_states_them(parser: ParserProcess, book: Book) -> None:
    path = book("a.xlsx", [*TABLE, [date(2023, 12, 31), True, 0.1 + 0.2]], merged=["A1:C1"])
    (sheet,), warnings = read(parser, path)
    assert sheet.name == "表一"
    assert sheet.merged == ((1, 1, 1, 3),)
    assert sheet.rows[2] == (Cell("石桥镇"), Cell("4321", is_number=True), Cell("6.5", is_number=True))
    assert sheet.rows[3][1:] == (Cell("…"), Cell("-0.3", is_number=True))
    assert [cell.text for cell in sheet.rows[4]][1:] == ["TRUE", "0.3"]
    assert warnings == ()


def test_leading_blank_rows_and_columns_keep_their_places(parser: ParserProcess, book: Book) -> None:
    (sheet,), _ = read(parser, book("a.xlsx", [[], [None, None, "石桥镇"]]))
    assert sheet.rows[1][2] == Cell("石桥镇")


def test_hidden_sheets_are_left_out_with_a_warning(parser: ParserProcess, book: Book) -> None:
    sheets, warnings = read(parser, book("a.xlsx", TABLE, hidden=True))
    assert [sheet.name for sheet in sheets] == ["表一"]
    assert warnings == ("hidden_sheet",)


def test_a_workbook_without_a_filled_cell_is_empty(parser: ParserProcess, book: Book) -> None:
    assert refused_by(parser, book("a.xlsx", [])) == "empty"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).map(lambda x: round(x, 2)))
def test_numbers_print_as_excel_shows_them(value: float) -> None:
    printed = print_number(value)
    assert "e" not in printed.lower()
    assert float(printed) == pytest.approx(value)
    assert not ("." in printed and printed.endswith(("0", ".")))


def test_a_crafted_workbook_costs_only_itself(parser: ParserProcess, book: Book, tmp_path: Path) -> None:
    good = book("good.xlsx", TABLE)
    assert refused_by(parser, sparse_corner(tmp_path / "corner.xlsx")) in ("parser_crashed", "oversize")
    assert read(parser, good)[0]


def test_a_parser_that_does_not_answer_in_time_is_ended(book: Book) -> None:
    path = book("a.xlsx", TABLE)
    with ParserProcess(Limits(read_seconds=0.0)) as impatient:
        assert refused_by(impatient, path) == "timeout"
        assert impatient.pid is None


def test_a_parser_killed_between_files_is_started_again(parser: ParserProcess, book: Book) -> None:
    path = book("a.xlsx", TABLE)
    first = read(parser, path)
    pid = parser.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert read(parser, path) == first


def test_one_process_serves_file_after_file(parser: ParserProcess, book: Book) -> None:
    pids = set()
    for number in range(3):
        read(parser, book(f"{number}.xlsx", TABLE))
        pids.add(parser.pid)
    assert len(pids) == 1


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("../../escaped.txt", "x", "unsafe_container"),
        ("xl/extra.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', "unsafe_container"),
    ],
)
def test_containers_that_reach_outside_or_declare_entities_are_refused(
    parser: ParserProcess, book: Book, member: str, content: str, reason: str
) -> None:
    path = book("a.xlsx", TABLE)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, content)
    assert refused_by(parser, path) == reason


def test_a_workbook_that_unpacks_to_too_much_is_refused(book: Book) -> None:
    path = book("a.xlsx", TABLE)
    with ParserProcess(Limits(inflated_bytes=100)) as parser:
        assert refused_by(parser, path) == "oversize"


def test_damage_inside_is_found(parser: ParserProcess, book: Book) -> None:
    path = book("a.xlsx", TABLE)
    data = bytearray(path.read_bytes())
    at = data.find(b"xl/worksheets/sheet1.xml") + 60
    data[at : at + 20] = b"\0" * 20
    path.write_bytes(data)
    assert refused_by(parser, path) in ("damaged", "parser_failed")


def test_locked_workbooks_say_that_they_are_locked(parser: ParserProcess, shared: Path) -> None:
    assert refused_by(parser, shared / "sheets" / "techme_papers_2010.xls") == "password_protected"


def test_a_grid_comes_back_from_the_warehouse_as_it_went_in(warehouse: Warehouse) -> None:
    sheets = (
        Sheet("乙", ((Cell("题"), Cell("")), (Cell(""), Cell("5", is_number=True))), ((1, 1, 1, 2),)),
        Sheet("甲", ((Cell("x"),),)),
    )
    insert(warehouse.connection, "raw.cell", [{"text_id": grid_id(sheets), **cell} for cell in cells(sheets)])
    assert load_grid(warehouse.connection, grid_id(sheets)) == sheets
    assert load_grid(warehouse.connection, "none") == ()


def test_a_grid_is_known_by_its_content() -> None:
    one = Sheet("甲", ((Cell("5"), Cell("")),))
    padded = Sheet("甲", ((Cell("5"), Cell("")), (Cell(""), Cell(""))))
    other = Sheet("甲", ((Cell(""), Cell("5")),))
    assert grid_id([one]) == grid_id([padded]) != grid_id([other])
