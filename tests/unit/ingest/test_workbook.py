"""Workbooks through the parser process: cells as printed, and parsers that fail without harm."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msoffcrypto
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gongbao.errors import UnreadableDocument
from gongbao.grid import Cell, Sheet
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.readers.workbook import print_number
from tests.unit.ingest.conftest import Book
from tests.unit.ingest.old_workbook import CHART, MACROS, WORKSHEET, xls

BUILT_IN_KEY = "VelvetSweatshop"
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


def test_an_answer_that_nobody_waited_for_is_not_taken_for_that_of_the_next_file(
    parser: ParserProcess, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = book("first.xlsx", TABLE), book("second.xlsx", TABLE[:2])
    expected = read(parser, second)

    def no_memory(*_: object) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr("gongbao.ingest.readers.isolation.ParserProcess._receive", no_memory)
        read(parser, first)
    assert read(parser, second) == expected


@pytest.mark.parametrize(
    ("ends", "reason"), [("", "parser_crashed"), ("import os; os.kill(os.getpid(), 9)", "parser_killed")]
)
def test_a_parser_that_ends_before_its_first_file_costs_that_file_alone(
    parser: ParserProcess, book: Book, monkeypatch: pytest.MonkeyPatch, ends: str, reason: str
) -> None:
    path = book("a.xlsx", TABLE)

    def start(started: ParserProcess) -> subprocess.Popen[bytes]:
        child = subprocess.Popen([sys.executable, "-c", ends], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.wait()
        vars(started)["_child"] = child
        return child

    with monkeypatch.context() as patched:
        patched.setattr(ParserProcess, "_start", start)
        assert refused_by(parser, path) == reason
    assert read(parser, path)[0]


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


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_part_that_is_packed_as_no_office_program_packs_is_damage(
    parser: ParserProcess, book: Book, packing: int
) -> None:
    path = book("a.xlsx", TABLE)
    with zipfile.ZipFile(path, "a", packing) as archive:
        archive.writestr("xl/extra.xml", "<a/>")
    assert refused_by(parser, path) == "damaged"


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


def test_workbooks_locked_with_excels_own_key_are_read(parser: ParserProcess, book: Book, tmp_path: Path) -> None:
    rows = [["各镇收入", None], ["石桥镇", 4321.0], ["河口镇", 2980.5]]
    plain, new, old = book("plain.xlsx", rows), tmp_path / "locked.xlsx", tmp_path / "locked.xls"
    new.write_bytes(locked(plain.read_bytes(), BUILT_IN_KEY))
    old.write_bytes(xls([("表一", WORKSHEET, rows)], BUILT_IN_KEY))
    assert read(parser, new) == read(parser, old) == read(parser, plain)


def test_workbooks_with_another_password_stay_locked(parser: ParserProcess, book: Book, tmp_path: Path) -> None:
    new, old = tmp_path / "locked.xlsx", tmp_path / "locked.xls"
    new.write_bytes(locked(book("plain.xlsx", TABLE).read_bytes(), "2024"))
    old.write_bytes(xls([("表一", WORKSHEET, [["石桥镇"]])], "2024"))
    assert [refused_by(parser, path) for path in (new, old)] == ["password_protected", "password_protected"]


def test_what_is_inside_a_locked_file_is_looked_at_too(parser: ParserProcess, book: Book, tmp_path: Path) -> None:
    plain, path = book("plain.xlsx", TABLE), tmp_path / "locked.xlsx"
    with zipfile.ZipFile(plain, "a") as archive:
        archive.writestr("xl/vbaProject.bin", "x")
    path.write_bytes(locked(plain.read_bytes(), BUILT_IN_KEY))
    assert refused_by(parser, path) == "macros"


def test_a_real_locked_workbook_holds_what_its_unlocked_copy_does(parser: ParserProcess, shared: Path) -> None:
    (one, _), (other, _) = (
        read(parser, shared / "sheets" / name)
        for name in ("techme_budget_expenditure_2023.xls", "techme_budget_expenditure_2023_unlocked.xlsx")
    )
    assert [sheet.rows for sheet in one] == [sheet.rows for sheet in other]


def test_sheets_of_macros_are_passed_over(parser: ParserProcess, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(xls([("宏", MACROS, [["病毒"]]), ("表", WORKSHEET, [["石桥镇", 5.0]]), ("图", CHART, [])]))
    sheets, warnings = read(parser, path)
    assert [sheet.name for sheet in sheets] == ["表"]
    assert warnings == ("macro_sheet",)


@pytest.mark.parametrize(("kind", "reason"), [(MACROS, "macros"), (CHART, "empty"), (WORKSHEET, "empty")])
def test_workbooks_without_a_sheet_of_figures_are_refused_for_what_they_hold(
    parser: ParserProcess, tmp_path: Path, kind: int, reason: str
) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(xls([("一", kind, [])]))
    assert refused_by(parser, path) == reason


@pytest.mark.parametrize(
    ("value", "warnings"),
    [("", ("formula_without_value",)), ("<v></v>", ("formula_without_value",)), ("<v>3</v>", ())],
)
def test_formulas_that_nothing_has_computed_are_empty_with_a_warning(
    parser: ParserProcess, book: Book, value: str, warnings: tuple[str, ...]
) -> None:
    path = book("a.xlsx", [["合计", 7]])
    replace_part(path, "xl/worksheets/sheet1.xml", "<v>7</v>", f"<f>SUM(A2:A3)</f>{value}")
    (sheet,), found = read(parser, path)
    assert found == warnings
    assert [cell.text for cell in sheet.rows[0][1:] if cell.text] == (["3"] if "3" in value else [])


def test_a_cell_that_is_an_error_is_empty_with_a_warning(parser: ParserProcess, book: Book) -> None:
    path = book("a.xlsx", [["合计", 7]])
    replace_part(path, "xl/worksheets/sheet1.xml", '<c r="B1"><v>7</v>', '<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v>')
    (sheet,), warnings = read(parser, path)
    assert (warnings, [cell.text for cell in sheet.rows[0] if cell.text]) == (("formula_error",), ["合计"])


@pytest.mark.parametrize(
    ("declared", "warnings"),
    [
        ("A1:C4", ()),
        ("A1:H90", ()),
        ("A1", ()),
        ("A1:B2", ("dimension_mismatch",)),
        ("A1:XFD1048576", ("dimension_mismatch",)),
    ],
)
def test_a_sheet_is_as_large_as_it_is_whatever_it_declares(
    parser: ParserProcess, book: Book, declared: str, warnings: tuple[str, ...]
) -> None:
    path = book("a.xlsx", TABLE)
    replace_part(path, "xl/worksheets/sheet1.xml", '<dimension ref="A1:C4"/>', f'<dimension ref="{declared}"/>')
    (sheet,), found = read(parser, path)
    assert (found, len(sheet.rows), len(sheet.rows[0])) == (warnings, 4, 3)


def test_links_to_other_workbooks_and_numbers_kept_as_text_are_told(parser: ParserProcess, book: Book) -> None:
    path = book("a.xlsx", [["石桥镇", "5,210"]])
    assert read(parser, path)[1] == ("number_as_text",)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert read(parser, path)[1] == ("external_link", "number_as_text")


def test_texts_that_one_cell_holds_and_many_show_are_counted_as_often(book: Book) -> None:
    path = book("a.xlsx", [["长" * 1000]] * 100)
    with ParserProcess(Limits(answer_bytes=50_000)) as parser:
        assert refused_by(parser, path) == "oversize"


def locked(data: bytes, password: str) -> bytes:
    found = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(data)).encrypt(password, found)
    return found.getvalue()


def replace_part(path: Path, part: str, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in members[part]
    members[part] = members[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
