"""Two reports of one town that state different figures are a question, until one is corrected or both are let stand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from gongbao.errors import UsageError
from gongbao.ingest import Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.publish import stage_marts
from gongbao.review.answers import Answer, accept, reject
from gongbao.review.pages import listing, page
from gongbao.review.questions import Question, details, questions
from gongbao.warehouse import Warehouse

NOW = datetime(2026, 3, 1)
REPORT = """惠民县李庄镇2024年工作总结

李庄镇人民政府  2025年1月{day}日

一、2024年工作回顾

2024年,全镇完成一般公共预算收入{revenue}万元。常住人口{people}人。
"""


def night(warehouse: Warehouse, folder: Path, **reports: tuple[int, int]) -> list[Question]:
    """Reports by their names, each with revenue and people; the contradictions that come of it."""
    folder.mkdir(exist_ok=True)
    for name, (revenue, people) in reports.items():
        (folder / f"{name}.txt").write_text(REPORT.format(day=10, revenue=revenue, people=people), "utf-8")
    ingest(warehouse, [Source("office", folder, place="惠民县")], NOW)
    extract_pending(warehouse)
    normalise(warehouse)
    stage_marts(warehouse)
    return questions(warehouse, "contradiction")


def test_figures_that_differ_are_one_question_with_both_quotes(warehouse: Warehouse, tmp_path: Path) -> None:
    [question] = night(warehouse, tmp_path / "in", a=(6120, 5000), b=(5120, 5000))
    assert question.subject.startswith("山东省/滨州市/惠民县/李庄镇 一般公共预算收入 2024: ")
    assert "6120万元 (a.txt)" in question.subject
    assert "5120万元 (b.txt)" in question.subject
    assert question.waiting == 2
    console = Console(width=120)
    with console.capture() as capture:
        console.print(page(details(warehouse, question), question.review_id[:6], 120))
    shown = capture.get()
    assert "一般公共预算收入【6120万元】" in shown
    assert "一般公共预算收入【5120万元】" in shown
    assert all(f"gongbao explain {fact_id}" in shown for fact_id in question.candidates)
    with console.capture() as capture:
        console.print(listing([question], 120))
    listed = capture.get()
    assert "山东省/滨州市/惠民县/李庄镇" in listed
    assert not any(fact_id[:8] in listed for fact_id in question.candidates)


def test_figures_that_are_a_power_of_ten_apart_are_a_question_likewise(warehouse: Warehouse, tmp_path: Path) -> None:
    [question] = night(warehouse, tmp_path / "in", a=(6120, 5000), b=(61200000, 5000))
    assert [*warehouse.connection.execute("select finding, deviation from marts.discrepancy").fetchall()] == [
        ("magnitude_slip", 4.0)
    ]
    assert question.waiting == 2


def test_a_report_that_contradicts_itself_is_named_once(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    said = REPORT.format(day=10, revenue=6120, people=5000)
    (folder / "a.txt").write_text(said + "\n全年一般公共预算收入5120万元。\n", "utf-8")
    [question] = night(warehouse, folder)
    assert question.subject.endswith(" 2024: 6120万元 or 5120万元 (a.txt)")


def test_figures_that_agree_are_none(warehouse: Warehouse, tmp_path: Path) -> None:
    assert night(warehouse, tmp_path / "in", a=(6120, 5000), b=(6120, 5000)) == []


def test_no_vocabulary_answers_it_and_a_rejection_lasts_until_the_figures_are_others(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    [question] = night(warehouse, folder, a=(6120, 5000), b=(5120, 5000))
    with pytest.raises(UsageError, match="contradiction is not answered by vocabulary") as refused:
        accept(warehouse, tmp_path / "vocabulary", question, Answer(), NOW)
    assert "corrections.yml" in refused.value.remedy
    reject(warehouse, question, "with and without the development zone", NOW)
    assert night(warehouse, folder) == []
    [again] = night(warehouse, folder, c=(4120, 5000))
    assert again.waiting == 3
