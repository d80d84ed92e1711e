"""The clean reading of a sentence, its places, and runs of numbers."""

from __future__ import annotations

from gongbao.extract import amounts, clauses


def _sentence(text: str) -> clauses.Sentence:
    return clauses.sentence(text, 0, len(text), ())


def test_places_count_the_signs_of_the_clean_reading_before_each_offset() -> None:
    text = "收入(含税) 达 5亿元 (增长3%)，支出\x1f4亿元"
    read = _sentence(text)
    assert read.clean == "收入达5亿元，支出4亿元"
    kept = [sign not in "\x00\x1f " for sign in read.masked]
    assert [read.at(offset) for offset in range(len(text) + 1)] == [
        sum(kept[:offset]) for offset in range(len(text) + 1)
    ]


def test_a_sentence_without_brackets_and_blanks_is_its_own_reading() -> None:
    text = "收入达5亿元，支出4亿元"
    read = _sentence(text)
    assert read.clean == text
    assert [read.at(offset) for offset in range(len(text) + 1)] == list(range(len(text) + 1))


def test_page_numbers_and_footnote_marks_are_left_out_and_a_minus_is_not() -> None:
    assert _sentence("收入— 12 — 达[3]5亿元").clean == "收入达5亿元"
    assert _sentence("增速为-3%").clean == "增速为-3%"


def test_numbers_side_by_side_share_what_follows_the_last_of_them() -> None:
    text = "帮扶96户、177人贫困人口，新建3座桥"
    numbers = amounts.find(text)
    assert [number.unit for number in numbers] == ["户", "人", "座"]
    read = _sentence(text)
    expected = [
        ("贫困人口，新建", text.index("贫困")),
        ("贫困人口，新建", text.index("贫困")),
        ("桥", text.index("桥")),
    ]
    assert [clauses.beyond(read, numbers, index) for index in range(3)] == expected
    assert [clauses.beyond(_sentence(text), numbers, index) for index in (2, 1, 0)] == expected[::-1]
