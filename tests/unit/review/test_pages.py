"""The page of a question ends with what to do next, also where no line of vocabulary answers it."""

from __future__ import annotations

import pytest
from rich.console import Console

from gongbao.review.pages import page
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
