"""What an analyst reads: levels with what belongs to them, bounds with their words, facts and targets apart."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from rich.cells import cell_len
from rich.console import Console

from gongbao import notes
from gongbao.extract import extract_text
from gongbao.extract.statement import Extraction, Statement
from tests.golden.test_texts import REPORT


def printed(text: str, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), highlight=False)
    with console.capture() as capture:
        console.print(notes.render("report.txt", extract_text(text), text))
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def line_of(shown: str, word: str) -> list[str]:
    (line,) = [line for line in shown.splitlines() if word in line]
    return line.split()


def test_growth_and_rank_stand_beside_their_level() -> None:
    shown = printed(REPORT.format(review="工业总产值7亿元，增长8%，总量居全市第3位；税收下降2%。", plan="抓好落实。"))
    assert line_of(shown, "工业总产值")[-3:] == ["7亿元", "+8%，第3位", "全市"]
    assert line_of(shown, "税收")[-1] == "−2%"


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("建成广场超9处", "≥ 超9处"),
        ("建成广场9处以上", "≥ 9处以上"),
        ("绿化率不低于38%", "≥ 不低于38%"),
        ("能耗控制在5万吨以内", "≤ 控制在5万吨以内"),
        ("支出约6亿元", "≈ 约6亿元"),
        ("培训500余人", "≥ 500余人"),
        ("绿化率达到5%—6%", "5%—6%"),
        ("税收增长超过8%", "≥ +超过8%"),
        ("建成广场9处", "9处"),
    ],
)
def test_a_bound_stands_with_its_sign_and_its_word(sentence: str, value: str) -> None:
    (statement,) = extract_text(sentence).statements
    assert notes.written(statement, sentence) == value


def test_a_cell_has_the_unit_that_its_column_gives_it() -> None:
    def cell(value: str, unit: str, measure: str = "level") -> Statement:
        return Statement(
            "fact", "area", "姜楼镇", "产值", measure, Decimal(value), None, unit, "eq", "2024", value, cell="B5"  # type: ignore[arg-type]
        )  # fmt: skip

    shown = [
        notes.written(found, "") for found in (cell("587260000", "元"), cell("25080", "元"), cell("1234567", "人"))
    ]
    assert shown == ["5.8726亿元", "25,080元", "123.4567万人"]
    assert notes.written(cell("-1.1", "%", "growth"), "") == "−1.1%"


def test_targets_stand_apart_with_their_word_and_own_period() -> None:
    shown = printed(REPORT.format(review="修路9公里。", plan="确保就业300人、培训90人。力争到2026年建成公厕12座。"))
    facts, targets = shown.split("目标 targets")
    assert "修路" in facts
    assert line_of(targets, "公厕")[-3:] == ["12座", "2026", "力争"]
    assert line_of(targets, "300人")[-2:] == ["300人", "确保"]


def test_another_subject_is_named_and_the_place_is_not() -> None:
    shown = printed(REPORT.format(review="投资3亿元的鲁丰纺织项目投产。平原县建桥2座。", plan="抓好落实。"))
    assert "鲁丰纺织项目：投资" in shown
    assert "平原县：" not in shown


def test_refused_numbers_come_with_their_reason_and_the_notes_end_in_a_sum() -> None:
    shown = printed(REPORT.format(review="落实“2468”工作法，修路9公里。", plan="抓好落实。"))
    assert "2468" in line_of(shown, "口号 slogan")
    assert "1 facts and 0 targets" in shown


def test_square_brackets_of_a_text_are_no_markup() -> None:
    assert "[/red]" in printed("平原县[/red]工作总结\n修路9公里。")


def test_a_text_without_numbers_has_notes_too() -> None:
    text = "各项工作都有进步。"
    assert "0 facts and 0 targets" in printed(text)
    assert notes.rows(Extraction(extract_text(text).frame).statements) == []


@pytest.mark.parametrize("width", [80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    review = "一体化污水处理及配套管网改造提升工程累计完成投资12345.67万元，完成年度计划的111%，总量居全市第3位。"
    shown = printed(REPORT.format(review=review, plan="力争投资增长8%以上。"), width)
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "完成111%" in shown
