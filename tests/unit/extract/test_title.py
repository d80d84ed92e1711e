"""The title of a text: the line that says what it is, else a short first line; never the heading of a section."""

from __future__ import annotations

import pytest

from gongbao.extract import read_frame


@pytest.mark.parametrize(
    ("text", "title", "doc_type"),
    [
        ("平原县2024年政府工作报告\n各位代表：\n一、2023年工作回顾\n", "平原县2024年政府工作报告", "work_report"),
        ("青河镇\n一、基本概况\n青河镇面积92平方公里，辖10个行政村。\n", "青河镇", "profile"),
        ("（上接03版）\n六、固定资产投资\n全年完成投资5亿元。\n", None, "other"),
        ("下载\n打印\n平原县2023年统计公报\n一、综合\n", "平原县2023年统计公报", "statistical_communique"),
    ],
)  # fmt: skip
def test_the_title_and_what_it_says_of_the_text(text: str, title: str | None, doc_type: str) -> None:
    frame = read_frame(text)
    assert (frame.title, frame.doc_type) == (title, doc_type)
