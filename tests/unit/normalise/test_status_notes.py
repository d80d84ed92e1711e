"""What a text says of all its figures, and of which of them it speaks."""

from __future__ import annotations

import pytest

from gongbao.normalise.status_notes import StatusNote, noted, notes


@pytest.mark.parametrize(
    "text",
    [
        "生产总值80亿元。\n注：\n1.本公报数据均为初步统计数。",
        "生产总值80亿元。\n[1]本公报中2025年数据为快报数，部分合计数有误差。",
        "本公报所列各项指标均为初步数。\n生产总值80亿元。",
        "[1]所列数据均为快报，尾数不作调整。",
        "1、本资料为初步统计数；2、增速按可比价格计算。",
    ],
)
def test_a_note_on_the_whole_text_speaks_of_all_figures_of_the_year_reported(text: str) -> None:
    found = notes(text, "2025")
    assert found == (StatusNote(0, "2025", "P"),)
    assert [noted(found, 3, period) for period in ("2025", "2025-06", "2024", "2021/2025")] == ["P", "P", None, None]


@pytest.mark.parametrize(
    "text", ["生产总值80亿元（预计数，下同），增长6%。", "收入(预计完成数,下同)5亿元。", "增长4%（预计，下同）。"]
)
def test_what_holds_below_speaks_of_what_follows(text: str) -> None:
    found = notes(text, "2025")
    end = max(text.find("）"), text.find(")")) + 1
    assert found == (StatusNote(end, "2025", "E"),)
    assert (noted(found, end - 1, "2025"), noted(found, end, "2025"), noted(found, end, "2026")) == (None, "E", None)


@pytest.mark.parametrize(
    "text",
    [
        "生产总值80亿元（预计数），增长6%。",
        "增长6%（与上年比较，下同）。",
        "卫生行业数据均为初步统计数。",
        "本公报部分数据为初步统计数。",
        "本公报数据由统计局提供，生产总值为初步核算数。",
        "本报告内容已经初步核算。",
    ],
)
def test_what_is_said_of_a_part_is_no_note(text: str) -> None:
    assert notes(text, "2025") == ()


def test_the_year_that_a_note_names_goes_before_that_of_the_document() -> None:
    assert notes("本公报2024年数据为初步统计数", None) == (StatusNote(0, "2024", "P"),)
    assert notes("本公报数据为初步统计数", None) == ()


def test_the_last_note_before_a_figure_holds_and_none_speaks_of_cells() -> None:
    found = notes("本公报数据为初步统计数。收入5亿元（预计数，下同）。", "2025")
    assert [noted(found, start, "2025") for start in (2, 40)] == ["P", "E"]
    assert noted(found, None, "2025") is None
