"""The page of a question ends with what to do next, also where no line of vocabulary answers it."""

from __future__ import annotations

import pytest
from rich.console import Console

from gongbao.review.pages import listing, page
from gongbao.review.questions import Question, Words


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("stale_correction", "→ correct or delete the record in corrections.yml"),
        ("source_conflict", "→ correct the source in gongbao.toml"),
    ],
)
def test_a_question_that_a_file_answers_names_the_file(kind: str, said: str) -> None:
    question = Question("ab12cd34", kind, "a.txt at 5: 3家", 1, None, (), "open")
    console = Console(width=120)
    with console.capture() as captured:
        console.print(page(Words(question, (), ()), "ab12cd", 120))
    assert said in captured.get()
    assert "accept" not in captured.get()


def test_a_long_list_shows_its_beginning_and_says_how_many_more_there_are() -> None:
    asked = [Question(f"{n:08x}", "unknown_indicator", f"绳网{n}", 9 - n, None, (), "open") for n in range(5)]
    console = Console(width=120)
    with console.capture() as captured:
        console.print(listing(asked, 120, 2))
    assert "绳网1" in captured.get()
    assert "绳网2" not in captured.get()
    assert "5 questions, 35 figures wait" in captured.get()
    assert "3 are not listed: --first 0 lists all" in captured.get()
