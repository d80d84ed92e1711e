"""Csv tables: separators, encodings, and what is no table."""

from __future__ import annotations

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.delimited import read_delimited

ROWS = [["地区", "2023年", "2022年"], ["石桥镇", "4321", "4057"], ["河口镇", "2,980", "2811"]]


def table(data: bytes) -> list[list[str]]:
    (sheet,), _, _ = read_delimited(data, "各镇收入.csv", Limits())
    assert sheet.name == "各镇收入"
    return [[cell.text for cell in row] for row in sheet.rows]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_separator_and_encoding_are_found(separator: str, encoding: str) -> None:
    lines = [separator.join(f'"{text}"' if separator in text else text for text in row) for row in ROWS]
    assert table("\r\n".join(lines).encode(encoding)) == ROWS


def test_ragged_rows_are_padded() -> None:
    assert table("地区,收入\n石桥镇,1,2\n河口镇\n".encode()) == [
        ["地区", "收入", ""],
        ["石桥镇", "1", "2"],
        ["河口镇", "", ""],
    ]


def odd(content: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The numbers of the ragged rows, and the warnings."""
    (sheet,), _, warnings = read_delimited(content.encode(), "a.csv", Limits())
    return sheet.ragged, warnings


def test_rows_with_a_field_too_few_or_too_many_are_marked() -> None:
    head = "指标,单位,2022年,2023年\n收入,万元,29,31\n"
    assert odd(head + "利润,万元,6879\n支出,万元,5210,5533,第3\n") == ((3, 4), ("ragged_rows",))
    assert odd(head + "利润,万元,,6879\n支出,万元,5210,\n") == ((), ())


@pytest.mark.parametrize(
    "content",
    [
        "各镇收入\n地区,2022年,2023年\n石桥镇,1,2\n河口镇,3,4\n注：快报数\n",  # a title and a note
        "地区,2022年,2023年\n石桥镇,1,2,\n河口镇,3,4,\n",  # separators at the ends of some lines
        "地区,收入\n石桥镇,1\n河口镇,3\n\n地区,收入,支出\n石桥镇,1,2\n河口镇,3,4\n",  # two tables
    ],
)
def test_rows_that_fit_the_rows_around_them_are_not_ragged(content: str) -> None:
    assert odd(content) == ((), ())


@pytest.mark.parametrize("text", ["=1+1", "@SUM(1)", "+SUM(1)", "-2+3", "\t=A1", "＝1"])
def test_text_that_a_spreadsheet_program_would_compute_is_told(text: str) -> None:
    assert odd(f"地区,收入\n石桥镇,{text}\n")[1] == ("formula_text",)


@pytest.mark.parametrize("text", ["-12.5", "+5%", "-", "-无", "—"])
def test_signed_numbers_and_dashes_are_no_formulas(text: str) -> None:
    assert odd(f"地区,收入\n石桥镇,{text}\n")[1] == ()


def test_separators_and_line_ends_that_are_rare_are_told() -> None:
    assert odd("地区;收入\n石桥镇;1\n")[1] == ("unusual_separator",)
    assert odd("地区,收入\r石桥镇,1\r\n河口镇,2\r\n")[1] == ("mixed_line_ends",)


def test_line_ends_inside_quotes_belong_to_the_cell() -> None:
    assert table('地区,"收入\n(万元)"\n石桥镇,1\n'.encode()) == [["地区", "收入\n(万元)"], ["石桥镇", "1"]]


def test_the_separator_line_of_excel_is_no_row() -> None:
    assert table("sep=;\n地区;收入\n石桥镇;1\n".encode())[0] == ["地区", "收入"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("地区,收入\n", "not_a_table"),
        ("地区\n石桥镇\n", "not_a_table"),
        ("标题,正文\n报告," + "收入增长。" * 500 + "\n", "unsupported_format"),
        ('地区,收入\n"石桥镇,1\n', "damaged"),
        ("region,value\na,1\n", "no_chinese_text"),
    ],
)
def test_what_is_no_table_of_figures_is_refused(content: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_delimited(content.encode(), "a.csv", Limits())
    assert refused.value.reason == reason


def test_a_table_wider_than_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="columns"):
        read_delimited("甲,乙,丙\n1,2,3\n".encode(), "a.csv", Limits(sheet_columns=2))


def test_exports_with_a_tab_before_each_comma_and_one_at_the_end_have_no_more_columns_than_they_show() -> None:
    content = "\ufeff数据库：年度数据 \n时间： \n指标\t,2024年\t,2023年\t,\n收入 (亿元)\t,\t,57.10\t,\n数据来源：统计局"
    expected = [
        ["数据库：年度数据", "", ""],
        ["时间：", "", ""],
        ["指标", "2024年", "2023年"],
        ["收入 (亿元)", "", "57.10"],
        ["数据来源：统计局", "", ""],
    ]
    assert table(content.encode()) == expected
    assert table(content.removeprefix("\ufeff").encode("utf-16")) == expected
    assert table(content.removeprefix("\ufeff").encode("gb18030")) == expected


def test_an_empty_line_is_a_row_like_in_a_spreadsheet_program() -> None:
    assert table("\n地区,收入\n\n石桥镇,1\n\n".encode()) == [["", ""], ["地区", "收入"], ["", ""], ["石桥镇", "1"]]


def test_a_column_that_is_empty_in_some_rows_only_stays() -> None:
    assert table("地区,收入,注\n石桥镇,1,\n".encode())[1] == ["石桥镇", "1", ""]


@pytest.mark.parametrize("separator", [",", "\t"])
def test_blanks_after_a_number_in_quotes_or_behind_its_quotes_are_none_of_it(separator: str) -> None:
    lines = [['"地区"', '"收入"', '"注"'], ['"石桥镇 "', '"4,321 " ', '"他说""好"", 再"']]
    content = "\n".join(separator.join(line) for line in lines) + "\n"
    assert table(content.encode())[1] == ["石桥镇", "4,321", '他说"好", 再']


def test_blanks_that_indent_a_label_stay() -> None:
    assert table("地区,收入\n  　石桥镇,1\n".encode())[1][0] == "  　石桥镇"
