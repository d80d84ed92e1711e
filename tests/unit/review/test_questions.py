"""What waits is asked once, the most figures first, and shown with all that is known of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from gongbao.errors import UsageError
from gongbao.review import pages, questions
from gongbao.review.questions import Table, Words
from gongbao.warehouse import Warehouse
from tests.unit.review.given import TOWNS, inbox, night, workbook


@pytest.fixture
def asked(warehouse: Warehouse, tmp_path: Path) -> Warehouse:
    night(warehouse, inbox(tmp_path / "inbox"))
    return warehouse


def shown(warehouse: Warehouse, question: questions.Question, width: int = 80) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(pages.page(questions.details(warehouse, question), question.review_id[:6], width))
    text = captured.get()
    assert max(map(cell_len, text.splitlines())) <= width
    return text


def test_questions_are_ranked_by_what_waits_and_a_table_is_asked_once_for_all_sheets(asked: Warehouse) -> None:
    assert [(each.kind, each.subject, each.waiting) for each in questions.questions(asked)] == [
        ("sheet_block", "2024年各户养蜂情况: no template knows this table", 12),
        ("unknown_indicator", "绳网作坊数", 1),
        ("unknown_place", "花果镇", 1),
    ]
    assert [each.kind for each in questions.questions(asked, "unknown_place")] == ["unknown_place"]
    with pytest.raises(UsageError, match="no kind of question place: known are unknown_indicator"):
        questions.questions(asked, "place")


def test_of_two_questions_with_as_many_figures_that_of_more_places_goes_first(asked: Warehouse) -> None:
    asked.connection.execute("update ops.review_item set places = 2 where kind = 'unknown_place'")
    assert [each.kind for each in questions.questions(asked)] == ["sheet_block", "unknown_place", "unknown_indicator"]
    console = Console(width=100)
    with console.capture() as captured:
        console.print(pages.listing(questions.questions(asked), 100))
    lines = captured.get().splitlines()
    assert lines[0].split()[:3] == ["waiting", "places", "id"]
    assert lines[2].split()[:2] == ["1", "2"]


def test_the_beginning_of_an_id_is_enough(asked: Warehouse) -> None:
    for question in questions.questions(asked):
        assert questions.find(asked, question.review_id[: questions.shortest(asked)]) == question
    with pytest.raises(UsageError, match="no question has an id that begins with 'xyz'"):
        questions.find(asked, "xyz")


def test_ids_are_cut_where_they_differ() -> None:
    assert questions.id_length(["aaaaaaaaaa1", "aaaaaaaaaa2"]) == 11
    assert questions.id_length(["a" * 24]) == 6


def test_a_phrase_is_shown_with_its_sentence_and_document(asked: Warehouse) -> None:
    (question,) = questions.questions(asked, "unknown_indicator")
    found = questions.details(asked, question)
    assert isinstance(found, Words)
    (mention,) = found.mentions
    assert (mention.before[-5:], mention.quote, mention.after) == ("绳网作坊数", "2300家", "")
    text = shown(asked, question)
    assert "绳网作坊数【2300家】" in text
    assert "report.txt" in text
    assert f"gongbao review accept {question.review_id[:6]} --indicator ID" in text


@pytest.mark.parametrize("width", [80, 120])
def test_a_table_is_shown_as_in_the_workbook_with_the_reason_and_a_draft(asked: Warehouse, width: int) -> None:
    (question,) = questions.questions(asked, "sheet_block")
    found = questions.details(asked, question)
    assert isinstance(found, Table)
    assert (found.blocks, found.files, found.sheet, found.cells) == (2, 1, "甲村", "A1:C5")
    text = shown(asked, question, width)
    assert "bees.xlsx, sheet 甲村, A1:C5" in text
    assert "3  东家" in text
    assert "no template knows this table" in text
    assert "todo: name the indicator" in text
    assert "--draft > FILE" in text


def test_the_list_fits_the_terminal(asked: Warehouse) -> None:
    for width in (60, 80, 120):
        console = Console(width=width)
        with console.capture() as captured:
            console.print(pages.listing(questions.questions(asked), width))
        assert max(map(cell_len, captured.get().splitlines())) <= width
        assert "3 questions, 14 figures wait" in captured.get()


def test_a_broken_total_is_shown_with_its_cell_and_the_template_to_edit(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    workbook(tmp_path / "inbox" / "towns.xlsx", "2024", table=[*TOWNS[:4], ["合计", 99999]])
    night(warehouse, tmp_path / "inbox")
    (question,) = questions.questions(warehouse, "sheet_block")
    found = questions.details(warehouse, question)
    assert isinstance(found, Table)
    assert found.status == "failed_identity"
    assert "id: county_towns" in (questions.template_to_edit(found) or "")
    text = shown(warehouse, question)
    assert "county_towns" in text
    assert "held 0, failed 1" in text
    console = Console(width=80, force_terminal=True, color_system="standard")
    with console.capture() as captured:
        console.print(pages.page(found, question.review_id[:6], 80))
    assert re.search(r"\x1b\[1;31m *99999", captured.get())
