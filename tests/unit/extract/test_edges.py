"""Word lists read at the edges of a clause."""

from __future__ import annotations

from gongbao.extract import edges

_WORDS = ("达", "达到", "到", "为")
_ENDINGS = edges.by_last_sign(_WORDS)
_OPENINGS = edges.by_first_sign(_WORDS)


def test_the_longest_word_at_an_edge_is_found() -> None:
    assert edges.ending(_ENDINGS, "产值达到", 4) == "达到"
    assert edges.ending(_ENDINGS, "产值达到", 3) == "达"
    assert edges.opening(_OPENINGS, "已达到目标", 1) == "达到"


def test_a_word_inside_the_clause_is_at_no_edge() -> None:
    assert edges.ending(_ENDINGS, "为产值", 3) == ""
    assert edges.opening(_OPENINGS, "产值为", 0) == ""


def test_an_empty_stretch_has_no_edge() -> None:
    assert edges.ending(_ENDINGS, "达到", 0) == ""
    assert edges.opening(_OPENINGS, "达到", 2) == ""
