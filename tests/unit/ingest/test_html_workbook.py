"""Workbooks that are web pages: a sheet for each data table, with the title, unit and notes around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.grid import Cell, Sheet
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.html_workbook import read_html_workbook
from gongbao.ingest.readers.isolation import ParserProcess

TOWNS = "<table><tr><th>镇<th>收入<tr><td>石桥镇<td>4321<tr><td>河口镇<td>2980</table>"


def sheets(page: str, encoding: str = "utf-8", limits: Limits | None = None) -> tuple[Sheet, ...]:
    return read_html_workbook(page.encode(encoding), "收入.xls", limits or Limits())[0]


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet.rows]


def filled(found: Sequence[Sheet]) -> list[list[list[str]]]:
    return [[[text for text in row if text] for row in texts(sheet)] for sheet in found]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_stands_around_a_table_stands_in_rows_above_and_below_it(encoding: str) -> None:
    unit = "<table><tr><td>单位：万元</td></tr></table>"
    page = f"\n\n<!-- excel --><html><body><div>各镇收入</div><div>{unit}{TOWNS}</div><p>注：初步数</p></body></html>"
    assert texts(*sheets(page, encoding)) == [
        ["各镇收入", ""],
        ["单位：万元", ""],
        ["镇", "收入"],
        ["石桥镇", "4321"],
        ["河口镇", "2980"],
        ["注：初步数", ""],
    ]


def test_cells_that_span_others_are_merged_ranges() -> None:
    (sheet,) = sheets(
        "<h1>题</h1><table><tr><td rowspan=2>镇<td colspan=2>收入<tr><td>2023年<td>2024年"
        "<tr><td>石桥镇<td>1<td>2<tr><td rowspan=9>河口镇<td>3<td colspan=0>4</table>"
    )
    assert texts(sheet)[1:] == [
        ["镇", "收入", ""],
        ["", "2023年", "2024年"],
        ["石桥镇", "1", "2"],
        ["河口镇", "3", "4"],
    ]
    assert sheet.merged == ((2, 1, 3, 1), (2, 2, 2, 3))


def test_tables_that_lay_out_the_page_are_unfolded() -> None:
    page = f"<table><tr><td>导航<td><b>甲表</b>{TOWNS}<tr><td colspan=2>乙表{TOWNS}注</table>"
    towns = [["镇", "收入"], ["石桥镇", "4321"], ["河口镇", "2980"]]
    found = sheets(page)
    assert [sheet.name for sheet in found] == ["表1", "表2"]
    assert filled(found) == [[["导航"], ["甲表"], *towns], [["乙表"], *towns, ["注"]]]


def test_a_small_table_inside_a_cell_is_that_cells_text() -> None:
    (sheet,) = sheets("<table><tr><td>镇<td>收入<table><tr><td>万元</table><tr><td>石桥镇<td>1</table>")
    assert texts(sheet) == [["镇", "收入\n万元"], ["石桥镇", "1"]]


def test_excel_states_the_names_of_its_sheets_and_its_numbers() -> None:
    (sheet,) = sheets(
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><!--[if gte mso 9]><xml><x:ExcelWorkbook>'
        "<x:ExcelWorksheets><x:ExcelWorksheet><x:Name>各镇</x:Name></x:ExcelWorksheet></x:ExcelWorksheets>"
        "</x:ExcelWorkbook></xml><![endif]--></head><body><table><tr><td>镇<td>收入<td>增长<td>代码"
        '<tr><td>&nbsp;&nbsp;石桥<br>\n镇</td><td x:num>4,321<td x:num="6.4999">6.5<td x:str>001</table>'
    )
    assert sheet.name == "各镇"
    assert sheet.rows[1] == (
        Cell("  石桥\n镇"),
        Cell("4321", is_number=True),
        Cell("6.4999", is_number=True),
        Cell("001"),
    )


def test_a_text_that_spills_over_empty_cells_is_not_merged_with_them() -> None:
    (sheet,) = sheets("<table><tr><td colspan=2 style='mso-ignore:colspan'>长题<tr><td>镇<td>1<tr><td>村<td>2</table>")
    assert sheet.merged == ()


def test_hidden_rows_keep_their_place_and_lose_their_text() -> None:
    found, warnings = read_html_workbook(
        "<table><tr><td>镇<td>收入<tr style='display:none'><td>旧<td>1<tr><td>石桥镇<td>2</table>".encode(),
        "a.xls",
        Limits(),
    )
    assert texts(*found) == [["镇", "收入"], ["", ""], ["石桥镇", "2"]]
    assert warnings == ("hidden_text",)


@pytest.mark.parametrize(
    "page",
    [
        "<table>" + "<tr><td rowspan=60000>1<td>2" * 3000,
        "<table>" + "<tr>" + "<td colspan=1000 rowspan=65534>5" * 20,
        "<html><body>" + "<div>" * 300 + TOWNS,
        "<p>页</p>" * 1_000_000,
    ],
)
def test_pages_that_claim_too_much_are_refused(page: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        sheets(page)
    assert refused.value.reason == "oversize"


def test_the_frame_of_a_workbook_whose_sheets_are_files_beside_it_is_refused() -> None:
    page = (
        "<html><head><!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>一</x:Name><x:WorksheetSource "
        "HRef='a.files/sheet001.htm'/></x:ExcelWorksheet></xml><![endif]--></head><frameset><frame></frameset>"
    )
    with pytest.raises(UnreadableDocument, match="beside it"):
        sheets(page)


def test_a_bulletin_that_is_only_called_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "报告.xls"
    path.write_text("<html><body><p>石桥镇2023年工作总结</p><p>全镇完成收入4321万元，增长6.5%。</p></body></html>")
    with ParserProcess(Limits()) as parser:
        answer = parser.read(path, path.name, "html_workbook")
    assert answer.text is not None
    assert "4321万元" in answer.text.content


def test_a_real_page_called_xls_is_its_table(shared: Path) -> None:
    page = (shared / "sheets" / "techme_soshu_hightech_2020.xls").read_bytes()
    (sheet,), warnings = read_html_workbook(page, "a.xls", Limits())
    assert (len(sheet.rows), len(sheet.rows[0]), warnings) == (41, 4, ())
    assert sheet.rows[1][0].text.startswith("单位")
