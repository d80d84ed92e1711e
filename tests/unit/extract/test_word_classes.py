"""Classes of words: each word once, each class known, each part of a pattern that finds its words."""

from __future__ import annotations

import re

import pytest

from gongbao import reference
from gongbao.extract import vocabulary

ROWS = reference.rows("texts/word_classes.csv")
CLASSES = sorted({row["class"] for row in ROWS})


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_holds_each_word_once(name: str) -> None:
    words = vocabulary.word_class(name)
    assert words
    assert len(words) == len(set(words))


@pytest.mark.parametrize("name", CLASSES)
def test_the_pattern_of_a_class_matches_its_words_in_full_and_nothing_shorter(name: str) -> None:
    pattern = re.compile(vocabulary.any_of(name))
    for word in vocabulary.word_class(name):
        match = pattern.match(word)
        assert match is not None
        assert match.group() == word
    assert pattern.match("") is None


def test_a_class_that_is_not_in_the_file_is_an_error_and_no_pattern_that_matches_everything() -> None:
    with pytest.raises(KeyError):
        vocabulary.any_of("no such class")
