"""county_comparison.xlsx, read back: seven sheets, exact numbers with their bounds, and never a formula."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from gongbao import workbook
from gongbao.ingest import Source
from gongbao.publish import contract
from gongbao.warehouse import Warehouse
from gongbao.workbook import book, cells
from tests.unit.past_nights import FIRST, night

FORMULA = '=HYPERLINK("http://192.0.2.1","x")'
TEXT = (
    f"{FORMULA}惠民县姜楼镇2024年工作总结\n惠民县姜楼镇人民政府\n"
    "+2024年,全镇完成一般公共预算收入5533万元以上。-2023年,全镇完成一般公共预算收入5100万元左右。\n"
    "@2025年,力争一般公共预算收入达到6000万元以上。2022年,全镇一般公共预算收入4800-4900万元。\n"
)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS = ["说明与版本", "目标完成情况", "指标排名", "时间序列", "原文依据", "缺报与存疑", "口径与数据字典"]
HEADINGS = {
    column.name: workbook.Heading(column.label_zh, column.unit) for mart in contract.marts() for column in mart.columns
}


@pytest.fixture(scope="module")
def warehouse_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / "=1+1.txt").write_text(TEXT, "utf-8")
    (inbox / "later.txt").write_text("惠民县姜楼镇2025年工作总结\n2025年,全镇完成一般公共预算收入6100万元。\n", "utf-8")
    night(
        folder / "warehouse",
        FIRST,
        [Source("office", inbox, "@统计局", "惠民县姜楼镇", ("sample",))],
        folder / "none.yml",
    )
    return folder / "warehouse"


@pytest.fixture(scope="module")
def made(warehouse_folder: Path) -> Path:
    return (warehouse_folder / "current").resolve() / workbook.WORKBOOK


def xml(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            yield name, parts.read(name).decode("utf-8")


def table(path: Path, sheet: str) -> list[dict[str, object]]:
    names, _, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def test_it_has_seven_sheets_with_hidden_names_above_chinese_headings(made: Path) -> None:
    assert CalamineWorkbook.from_path(str(made)).sheet_names == SHEETS
    for sheet in SHEETS[1:]:
        names, headings, *_ = CalamineWorkbook.from_path(str(made)).get_sheet_by_name(sheet).to_python()
        assert all(re.fullmatch(r"[a-z_]+|\d{4}.*", str(name)) for name in names)
        assert all(re.search(r"[\u4e00-\u9fff]|\d{4}", str(heading)) for heading in headings)
    sheets = [content for name, content in xml(made) if "worksheets/sheet" in name][1:]
    assert len(sheets) == 6
    for content in sheets:
        assert '<row r="1" hidden="1">' in content
        assert re.search(r'<pane xSplit="\d" ySplit="2" .* state="frozen"/>', content)
        assert '<autoFilter ref="A2:' in content
        assert "<mergeCell" not in content


def test_no_text_is_a_formula_or_a_link_that_a_document_wrote(made: Path) -> None:
    content = "".join(part for _, part in xml(made))
    assert "<f>" not in content
    assert "<hyperlink " not in content
    source = next(row for row in table(made, "原文依据") if row["quote"] == "5533万元以上")
    assert str(source["document_title"]).startswith("=HYPERLINK")
    assert str(source["sentence"]).startswith("+2024年")
    assert (source["file_name"], source["publisher"]) == ("=1+1.txt", "@统计局")


def test_a_number_stays_a_number_and_keeps_its_bound(made: Path) -> None:
    (row,) = (row for row in table(made, "指标排名") if row["time_period"] == "2024")
    assert (row["obs_value"], row["comparator_zh"], row["ref_area"]) == (55_330_000.0, "不低于", "371621111")
    styles = dict(xml(made))["xl/styles.xml"]
    assert "#,##0&quot;以上&quot;" in styles
    assert "#,##0&quot;左右&quot;" in styles


def test_a_series_has_a_column_for_each_year(made: Path) -> None:
    (row,) = (
        row
        for row in table(made, "时间序列")
        if row["indicator_id"] == "general_budget_revenue" and row["measure_zh"] == "总量或水平"
    )
    assert (row["2023"], row["2024"], row["2025"]) == (51_000_000.0, 55_330_000.0, 61_000_000.0)
    assert row["2022"] == "48000000–49000000"


def test_a_light_is_a_word_with_a_mark(made: Path) -> None:
    (row,) = table(made, "目标完成情况")
    assert (row["light"], row["status_zh"], row["attainment_ratio"]) == ("● 达成", "达成", pytest.approx(61 / 60))


def test_the_same_marts_give_the_same_bytes(warehouse_folder: Path, made: Path, tmp_path: Path) -> None:
    with Warehouse(warehouse_folder) as opened:
        workbook.write(opened.connection, tmp_path, made.parent.name, HEADINGS)
    assert (tmp_path / workbook.WORKBOOK).read_bytes() == made.read_bytes()


def test_rows_beyond_the_limit_are_the_older_ones_and_are_counted(
    warehouse_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "ROWS", 2)
    with Warehouse(warehouse_folder) as opened:
        workbook.write(opened.connection, tmp_path, "0" * 16, HEADINGS)
    kept = table(tmp_path / workbook.WORKBOOK, "指标排名")
    assert sorted(str(row["time_period"]) for row in kept) == ["2024", "2025"]
    cover = CalamineWorkbook.from_path(str(tmp_path / workbook.WORKBOOK)).get_sheet_by_name("说明与版本").to_python()
    (told,) = (row[1] for row in cover if row[0] == "指标排名")
    assert "共 2 行，另有 2 行未列入" in str(told)


@pytest.mark.parametrize(
    ("value", "bound", "expected"),
    [
        ("5533", None, "#,##0"),
        ("0.0625", None, "#,##0.0000"),
        ("5.50", "左右", '#,##0.0"左右"'),
        ("1E+3", None, "#,##0"),
    ],
)
def test_a_format_shows_all_decimals_and_no_more(value: str, bound: str | None, expected: str) -> None:
    assert cells.decimal_format(Decimal(value), bound) == expected


def test_a_change_shows_its_sign() -> None:
    assert cells.decimal_format(Decimal("7.50"), is_change=True) == "+#,##0.0;-#,##0.0;#,##0.0"
    assert cells.decimal_format(Decimal("-7"), "左右", is_change=True) == '+#,##0"左右";-#,##0"左右";#,##0"左右"'


def test_a_gap_is_signed_and_a_level_is_not(made: Path) -> None:
    formats = shown_formats(made, "目标完成情况")
    assert formats["obs_value"] == '#,##0"以上"'
    assert formats["gap"] == "+#,##0;-#,##0;#,##0"


def shown_formats(path: Path, sheet: str) -> dict[str, str]:
    """The number format of the first cell of each column that has one."""
    parts = dict(xml(path))
    styles = ElementTree.fromstring(parts["xl/styles.xml"])
    codes = {each.get("numFmtId"): str(each.get("formatCode")) for each in styles.iter(f"{MAIN}numFmt")}
    used = [codes.get(each.get("numFmtId")) for each in styles.find(f"{MAIN}cellXfs") or ()]
    names, _, *rows = ElementTree.fromstring(parts[f"xl/worksheets/sheet{SHEETS.index(sheet) + 1}.xml"]).iter(
        f"{MAIN}row"
    )
    columns = {str(cell.get("r")).rstrip("1"): "".join(cell.itertext()) for cell in names}
    found: dict[str, str] = {}
    for cell in (cell for row in rows for cell in row):
        code = used[int(cell.get("s") or 0)]
        if code:
            found.setdefault(columns[str(cell.get("r")).rstrip("0123456789")], code)
    return found


def test_more_digits_than_a_spreadsheet_keeps_are_not_a_number() -> None:
    assert cells.is_exact(Decimal("12345678901.2345"))
    assert not cells.is_exact(Decimal("12345678901234.5678"))


def test_a_text_that_no_cell_holds_says_so() -> None:
    long = cells.text("甲" * 40_000)
    assert len(long) == cells.LONGEST
    assert long.endswith(cells.CUT)
    wide = cells.text("𠮷" * 20_000)
    assert len(wide.encode("utf-16-le")) // 2 <= cells.LONGEST
    assert wide.endswith(cells.CUT)
    assert cells.text("甲\uffff乙") == "甲\ufffd乙"


def test_a_text_like_the_librarys_own_markup_stays_text(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "made.xlsx"), book._OPTIONS) as made:
        made.add_worksheet("甲").write_string(0, 0, cells.text("<r><t>甲 & 乙</r>"))
    rows = CalamineWorkbook.from_path(str(tmp_path / "made.xlsx")).get_sheet_by_name("甲").to_python()
    assert rows == [["<r><t>甲 & 乙</r> "]]
