"""Csv tables: separators, encodings, and what is no table."""

from __future__ import annotations

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.delimited import read_delimited

ROWS = [["地区", "2023年", "2022年"], ["石桥镇", "4321", "4057"], ["河口镇", "2,980", "2811"]]


def table(data: bytes) -> list[list[str]]:
    (sheet,), _ = read_delimited(data, "各镇收入.csv", Limits())
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
