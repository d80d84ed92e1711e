"""Spreadsheets of OpenDocument (.ods): values by calamine, merged cells and real sizes by our own count."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.grid import Cell, Sheet
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
EMPTY = '<table:table-cell table:number-columns-repeated="16384"/>'


@pytest.fixture
def parser() -> Iterator[ParserProcess]:
    with ParserProcess(Limits(memory_bytes=1 << 29)) as process:
        yield process


def text(content: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{content}</text:p></table:table-cell>'


def number(value: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}" {attributes}/>'


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def ods(path: Path, rows: str, manifest: str = "", more: str = "") -> Path:
    """A spreadsheet of one sheet, and what else its content holds."""
    styles = '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {_NAMES}><office:automatic-styles>{styles}</style:style>"
            f"</office:automatic-styles><office:body><office:spreadsheet>"
            f'<table:table table:name="表一">{rows}</table:table>{more}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def read(parser: ParserProcess, path: Path) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    answer = parser.read(path, path.name, "workbook")
    return answer.sheets, answer.warnings


def test_cells_and_merged_ranges_are_where_a_person_sees_them(parser: ParserProcess, tmp_path: Path) -> None:
    rows = (
        row(EMPTY, repeated=2)
        + row(
            "<table:table-cell/>",
            text("各镇收入", 'table:number-columns-spanned="2" table:number-rows-spanned="2"'),
            "<table:covered-table-cell/>",
        )
        + row("<table:table-cell/>", '<table:covered-table-cell table:number-columns-repeated="2"/>')
        + row("<table:table-cell/>", text("石桥镇"), number("4321.50"))
        + "<table:table-row-group>"
        + row(number("7", 'table:number-columns-repeated="3"'), repeated=2)
        + "</table:table-row-group>"
        + row(EMPTY, repeated=1_048_500)
    )
    (sheet,), warnings = read(parser, ods(tmp_path / "a.ods", rows))
    seven = Cell("7", is_number=True)
    assert sheet.rows[2:] == (
        (Cell(""), Cell("各镇收入"), Cell("")),
        (Cell(""), Cell(""), Cell("")),
        (Cell(""), Cell("石桥镇"), Cell("4321.5", is_number=True)),
        (seven, seven, seven),
        (seven, seven, seven),
    )
    assert sheet.merged == ((3, 2, 4, 3),)
    assert warnings == ()


def test_hidden_sheets_and_formulas_without_value_are_told(parser: ParserProcess, tmp_path: Path) -> None:
    hidden = f'<table:table table:name="底稿" table:style-name="gone">{row(number("1"))}</table:table>'
    rows = row(text("合计"), '<table:table-cell table:formula="of:=1+1"/>', number("2"))
    sheets, warnings = read(parser, ods(tmp_path / "a.ods", rows, more=hidden))
    assert [sheet.name for sheet in sheets] == ["表一"]
    assert warnings == ("formula_without_value", "hidden_sheet")


@pytest.mark.parametrize(
    "rows",
    [
        row(number("7"), repeated=1_048_576) + row(number("7")),
        row(number("7", 'table:number-columns-repeated="16384"'), repeated=1_000),
        row(number("7")) + row(EMPTY, repeated=1_048_500) + row("<table:table-cell/>", number("8")),
        row(number("7", 'table:number-columns-repeated="99999999999"')),
    ],
)
def test_cells_that_are_claimed_by_a_number_are_counted_before_they_are_laid_out(
    parser: ParserProcess, tmp_path: Path, rows: str
) -> None:
    path = ods(tmp_path / "a.ods", rows)
    with pytest.raises(UnreadableDocument) as refused:
        read(parser, path)
    assert refused.value.reason == "oversize"
    assert parser.pid is not None


@pytest.mark.parametrize(
    ("rows", "manifest", "reason"),
    [
        (row(text("镇")), "<encryption-data/>", "password_protected"),
        (row(text("镇"))[:-5], "", "damaged"),
        (row(text("镇", 'table:number-columns-repeated="x"')), "", "damaged"),
        (row(EMPTY, repeated=3), "", "empty"),
    ],
)
def test_what_cannot_be_read_says_why(
    parser: ParserProcess, tmp_path: Path, rows: str, manifest: str, reason: str
) -> None:
    path = ods(tmp_path / "a.ods", rows, manifest)
    with pytest.raises(UnreadableDocument) as refused:
        read(parser, path)
    assert refused.value.reason == reason
