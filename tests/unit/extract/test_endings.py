"""Word lists read from the end of a clause."""

from gongbao.extract import endings

_LEADS = endings.of(("达", "达到", "到", "为"))


def test_the_longest_word_that_ends_a_clause_is_found() -> None:
    assert endings.longest(_LEADS, "产值达到", 4) == "达到"
    assert endings.longest(_LEADS, "产值达到", 3) == "达"


def test_a_word_inside_the_clause_is_none_of_its_end() -> None:
    assert endings.longest(_LEADS, "为产值", 3) == ""


def test_nothing_ends_an_empty_clause() -> None:
    assert endings.longest(_LEADS, "", 0) == ""
    assert endings.longest(_LEADS, "达到", 0) == ""
