"""Collections of texts in csv: which columns say what, what a member is called, and rows that are none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.collection import Member, holds_texts, read_collection

LONG = "全年粮食产量12.5万吨，比上年增长3.1%。\n" * 100


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


def written(path: Path, *rows: list[str], separator: str = ",", encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=separator).writerows(rows)
    return path


def members(path: Path, *rows: list[str], separator: str = ",", encoding: str = "utf-8-sig") -> tuple[Member, ...]:
    return read_collection(written(path, *rows, separator=separator, encoding=encoding), "公报.csv", Limits())


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_row_is_a_document(path: Path, separator: str, encoding: str) -> None:
    text = '一、综合\n\n产量12吨，\t增长3%；\n“引号”,"5;6",逗号。'
    rows = [
        ["标题", "发布日期", "来源", "正文"],
        ["甲县公报", "2025年3月9日", "甲县统计局", text],
        ["乙县公报", "", "", LONG],
    ]
    first, second = members(path, *rows, separator=separator, encoding=encoding)
    assert (first.row, first.key, first.text.content) == (2, "甲县公报", text)
    assert (second.row, second.key, second.text.content) == (3, "乙县公报", LONG.strip())
    assert first.text.stated.title == "甲县公报"
    assert first.text.stated.publisher == "甲县统计局"
    assert first.text.stated.published_on == "2025-03-09"
    assert ("published_on", "column 发布日期") in first.text.stated.evidence
    assert second.text.stated.published_on is None
    assert first.text.warnings == ()


@pytest.mark.parametrize(
    ("names", "title", "text"),
    [
        (["title", "full_text"], 0, 1),
        (["Full Text", "Title"], 1, 0),
        (["内容", "题名"], 1, 0),
        (["content", "full_text"], None, 1),
    ],
)
def test_columns_are_told_by_their_names(path: Path, names: list[str], title: int | None, text: int) -> None:
    cells = ["甲县工作报告", "甲县工作报告"]
    cells[text] = LONG
    (member,) = members(path, names, cells)
    assert member.text.content == LONG.strip()
    assert member.text.stated.title == (None if title is None else "甲县工作报告")


def test_a_named_column_without_any_text_leaves_it_to_the_next_name(path: Path) -> None:
    (member,) = members(path, ["full_text", "content"], ["", LONG])
    assert member.text.content == LONG.strip()


def test_a_column_of_texts_without_a_name_is_taken_with_a_warning(path: Path) -> None:
    (member,) = members(path, ["标题", "栏目三"], ["甲县公报", LONG])
    assert (member.key, member.text.content) == ("甲县公报", LONG.strip())
    assert member.text.warnings == ("text_column_guessed",)


def test_without_a_header_the_first_row_is_a_document(path: Path) -> None:
    first, second = members(path, ["甲县", LONG], ["乙县", LONG])
    assert (first.row, first.key, second.key) == (1, "row 1", "row 2")


def test_rows_without_text_are_counted_and_empty_rows_are_not(path: Path) -> None:
    rows = [["标题", "正文"], ["甲", ""], ["乙县公报", LONG], ["", ""], [], ["丙", " "], ["丁县公报", LONG]]
    first, second = members(path, *rows)
    assert (first.row, second.row) == (3, 7)
    assert first.text.warnings == ("rows_without_text (2)",)
    assert second.text.warnings == ()


def test_a_row_whose_text_is_refused_costs_only_itself(path: Path) -> None:
    rows = [["标题", "正文"], ["甲", "words only"], ["乙县公报", LONG], ["丙县公报", "产量12吨", "增长3%。"]]
    (member,) = members(path, *rows)
    assert member.row == 3
    assert member.text.warnings == ("rows_refused (2)",)


def test_a_title_that_stands_there_twice_is_no_key(path: Path) -> None:
    rows = [
        ["title", "url", "text"],
        ["工作报告", "https://a.example/1", LONG],
        ["工作报告", "https://a.example/2", LONG],
        ["工作报告", "", LONG],
        ["", "https://a.example/3", LONG],
        ["", "", LONG],
        ["甲县\n公报", "https://a.example/4", LONG],
    ]
    assert [member.key for member in members(path, *rows)] == [
        "https://a.example/1", "https://a.example/2", "工作报告 row 4", "https://a.example/3", "row 6", "甲县 公报",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written_date", "iso"),
    [
        ("2026-01-22", "2026-01-22"),
        ("2026/1/2 10:30:00", "2026-01-02"),
        ("时间：2026年1月2日", "2026-01-02"),
        ("20260122", "2026-01-22"),
        ("2026-13-40", None),
        ("2026年", None),
        ("1/22/2026", None),
    ],
)
def test_dates_of_any_form_are_iso_dates(path: Path, written_date: str, iso: str | None) -> None:
    (member,) = members(path, ["publishDate", "text"], [written_date, LONG])
    assert member.text.stated.published_on == iso


def test_an_address_is_no_publisher_and_a_number_no_title(path: Path) -> None:
    (member,) = members(path, ["title", "source", "text"], ["17", "https://a.example/来源", LONG])
    assert (member.text.stated.title, member.text.stated.publisher) == (None, None)


def test_buttons_at_the_beginning_and_end_are_no_text(path: Path) -> None:
    text = "打印\n【字号：\n大 中 小\n】\n\n甲县公报\n下载\n产量12吨。\n分享\n相关链接："
    (member,) = members(path, ["text"], [text])
    assert member.text.content == "甲县公报\n下载\n产量12吨。"


def test_markup_in_a_cell_is_told(path: Path) -> None:
    (member,) = members(path, ["text"], ["<p>产量12吨。</p>"])
    assert member.text.warnings == ("markup_in_text",)


def test_a_cell_longer_than_the_csv_module_lets_in_is_read_and_its_limit_stays(path: Path) -> None:
    before = csv.field_size_limit()
    (member,) = members(path, ["text"], [LONG * 80])
    assert len(member.text.content) > before
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('标题,正文\n甲县公报,"产量12吨。\n', "damaged"),
        ("标题,正文\n甲县公报,\n", "empty"),
        ("标题,正文\n", "empty"),
        ("\n", "empty"),
        ("title,text\na,b\n", "no_chinese_text"),
        (f"text\n{'长' * 200}\n", "oversize"),
    ],
)
def test_what_holds_no_text_is_refused(path: Path, content: str, reason: str) -> None:
    path.write_text(content, "utf-8")
    limits = Limits(line_characters=100) if reason == "oversize" else Limits()
    with pytest.raises(UnreadableDocument) as error:
        read_collection(path, "公报.csv", limits)
    assert error.value.reason == reason


def test_the_separator_line_of_excel_is_no_row(path: Path) -> None:
    path.write_text(f'sep=;\n标题;正文\n甲县公报;"{LONG}"\n', "utf-8")
    assert read_collection(path, "公报.csv", Limits())[0].row == 2


@pytest.mark.parametrize(
    ("rows", "is_collection"),
    [
        ([["标题", "正文"], ["甲县公报", LONG]], True),
        ([["标题", "正文"], ["甲县公报", "产量12吨。" * 50]], True),
        ([["甲", "乙"], ["丙", LONG]], True),
        ([["镇", "收入"], ["石桥镇", "4321"]], False),
        ([["项目", "内容"], ["粮食", "亩产稳定"]], False),
        ([["镇", "说明"], ["石桥镇", "按新口径统计。" * 40]], False),
        ([[]], False),
    ],
)
def test_a_table_of_figures_is_no_collection(path: Path, rows: list[list[str]], is_collection: bool) -> None:
    assert holds_texts(written(path, *rows), "a.csv", Limits()) is is_collection


def test_a_csv_that_cannot_be_read_is_no_collection(path: Path) -> None:
    path.write_text('镇,收入\n"石桥镇,1\n', "utf-8")
    assert not holds_texts(path, "a.csv", Limits())
