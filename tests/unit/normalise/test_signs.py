"""DuckDB leaves out no phrase that folds to something with the signs asked for, and most of the others."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.normalise import signs
from gongbao.normalise.vocabulary import fold
from gongbao.reference import rows

SPELLINGS = [row["spelling"] for row in rows("indicator_spellings.csv")]
PARTS = [
    *SPELLINGS,
    "调出资金",
    "收入",
    "的",
    "“",
    "”",
    " ",
    "（",
    "ＧＤＰ",
    "㎡",
    "℃",
    "⾦",
    "Ⅱ",
    "资",
    "金",
    "规",
    "企业",
]


def may_have(phrase: str, *alternatives: str) -> bool:
    [(told,)] = duckdb.execute(
        f"select {signs.may_have('phrase', alternatives)} from (select ? as phrase)", [phrase]
    ).fetchall()
    return bool(told)


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map("".join), st.data())
def test_whatever_folding_makes_of_a_phrase_is_expected_of_it(phrase: str, data: st.DataObject) -> None:
    folded = fold(phrase)
    start = data.draw(st.integers(0, max(0, len(folded) - 1)))
    assert may_have(phrase, "无人问", folded[start : start + data.draw(st.integers(1, 4))])


@pytest.mark.parametrize(
    ("phrase", "alternatives", "expected"),
    [
        ("调出资金", ["调出"], True),
        ("资金调回", ["调出", "回资"], True),
        ("税收收入", ["调出", "出资"], False),
        ("规模以上企业", ["规上"], True),  # a spelling brings the second
        ("规范企业", ["规上"], False),
        ("建筑㎡", ["平方"], True),  # who knows what it folds to
        ("GDP", ["GDP"], True),
        ("税收", [], False),
    ],
)
def test_a_phrase_is_left_out_that_lacks_a_sign(phrase: str, alternatives: list[str], expected: bool) -> None:
    assert may_have(phrase, *alternatives) is expected
