"""Numbers of identity cards and of mobile telephones are not published with the sentence in which they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongbao import publish
from gongbao.ingest import Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.personal_numbers import covered
from gongbao.warehouse import Warehouse
from tests.unit.past_nights import FIRST, book

CARD, MOBILE = "371621198001011234", "13812345678"
SENTENCE = f"2023年，联系人张三（身份证号{CARD}，电话{MOBILE}）介绍，一般公共预算收入5533万元"


@pytest.mark.parametrize(
    "text", [f"身份证号{CARD}", "37162119800101123X。", f"电话{MOBILE}", "138 1234 5678", "+86 138-1234-5678"]
)
def test_a_number_of_a_person_is_covered_sign_by_sign(text: str) -> None:
    shown = covered(text)
    assert len(shown) == len(text)
    assert not any(sign.isdigit() for sign in shown.removeprefix("+86"))


@pytest.mark.parametrize(
    "text",
    [
        "收入13812345678元", "收入13812345678.5元", "¥13812345678", "13812345678 人", "2023年138家", "0543-5320000",
        "3f13812345678a", "371621199913011234",  # no month 13
        "371621198001011234567",
    ],
)  # fmt: skip
def test_an_amount_and_an_id_of_something_else_stay(text: str) -> None:
    assert covered(text) == text


def test_the_marts_have_the_figure_and_no_number_of_a_person(warehouse: Warehouse, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    body = f"惠民县姜楼镇2023年工作总结（{MOBILE}）\n\n山东省惠民县姜楼镇人民政府\n\n{SENTENCE}。\n"
    (inbox / "a.txt").write_text(body, "utf-8")
    book(
        inbox / "b.xlsx",
        [
            ["惠民县各镇主要经济指标（2023年）", None],
            ["镇", "收入（万元）"],
            [f"李庄镇{MOBILE}", 4321],
            ["姜楼镇", 15000000000],
        ],
    )
    ingest(warehouse, [Source("office", inbox, place="惠民县")], FIRST)
    extract_pending(warehouse)
    normalise(warehouse)
    publish.stage_marts(warehouse)
    connection = warehouse.connection
    ((sentence, first, start, end, quote),) = connection.execute(
        "select sentence, sentence_start, span_start, span_end, quote from marts.fact where cell is null"
    ).fetchall()
    assert sentence == SENTENCE.replace(CARD, "●" * 18).replace(MOBILE, "●" * 11)
    assert sentence[start - first : end - first] == quote == "5533万元"
    for mart, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and data_type = 'VARCHAR'"
    ).fetchall():
        told = f'select count(*) from marts."{mart}" where contains("{column}", ?) or contains("{column}", ?)'
        assert connection.execute(told, [CARD, MOBILE]).fetchone() == (0,), (mart, column)
