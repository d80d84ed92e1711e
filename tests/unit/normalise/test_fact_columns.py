"""Statements normalised together are what each is by itself, whatever they share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from gongbao.normalise.combinations import Shared, combinations
from gongbao.normalise.facts import Document
from gongbao.normalise.places import Resolution
from gongbao.normalise.status_notes import StatusNote
from tests.unit.normalise.one_by_one import normalise_statement, normalised, statement

DOCUMENTS = {
    "t1": Document(
        "d1",
        Resolution("371621111", ""),
        None,
        datetime(2024, 5, 1),
        ("sample",),
        status_notes=(StatusNote(9, "2023", "P"),),
    ),
    "t2": Document("d2", Resolution("371621", "", historic=True), None, datetime(2024, 6, 1)),
    "t3": Document("d3", Resolution(None, "two of that name", ("a", "b")), None, datetime(2024, 7, 1)),
}
INDICATORS = ("一般公共预算收入", "姜楼镇常住人口", "高新技术企业", "城镇化率", "高新区税收收入", "绳网", None)
BEFORE = ("完成", "新增", "总量达到", "上年批准的市级", "预计", "约束性")


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    """Figures of texts and sheets, good and bad, from few words, so that they share parts."""
    indicator = draw(st.sampled_from(INDICATORS))
    quote = draw(st.sampled_from(["5533万元", "12.50", "3", "0", "十余项", "1,234.5亿元", "5%—6%"]))
    before = draw(st.sampled_from(BEFORE))
    in_text = draw(st.booleans())
    value = st.decimals(-(10**12), 10**12, places=2) | st.sampled_from([Decimal(0), Decimal(10**27), Decimal("1e-10")])
    return statement(
        text_id=draw(st.sampled_from(sorted(DOCUMENTS))),
        quote=quote,
        sentence=f"{before}{indicator}{quote}。" if in_text else None,
        sentence_start=7 if in_text else None,
        span_start=7 + len(f"{before}{indicator}") if in_text else None,
        span_end=7 + len(f"{before}{indicator}{quote}") if in_text else None,
        kind=draw(st.sampled_from(["fact", "fact", "target"])),
        subject_type=draw(st.sampled_from(["area", "area", "area", "entity"])),
        subject=draw(st.sampled_from([None, "姜楼镇", "全县", "县本级", "惠民县", "惠民县高新区", "火星"])),
        indicator=indicator,
        indicator_id=draw(st.sampled_from([None, None, "resident_population", "gdp"])),
        breakdown=draw(st.sampled_from([None, "sex=F"])),
        measure=draw(st.sampled_from(["level", "growth", "change", "share", "rank"])),
        value=draw(value),
        value_high=draw(st.none() | value),
        unit=draw(st.sampled_from(["元", "人", "亩", "%", "百分点", "家", "贯", None])),
        comparator=draw(st.sampled_from(["eq", "min"])),
        time_period=draw(st.sampled_from(["2023", "2023-S1", "2023-77", None])),
        scope=draw(st.sampled_from([None, "全县镇办", "预算"])),
        modality_zh=draw(st.sampled_from([None, "力争"])),
        aspect=draw(st.sampled_from([None, "new"])),
        base=draw(st.sampled_from([None, "average"])),
        price_base=draw(st.sampled_from([None, "constant"])),
        ref_area=draw(st.sampled_from([None, None, "371621", "999999"])),
        parent_area=draw(st.sampled_from([None, "371600"])),
        obs_status=draw(st.sampled_from([None, "P"])),
        caveat_codes=draw(st.sampled_from([None, "footnote;sample"])),
    )


@given(st.lists(statements(), min_size=1, max_size=40))
def test_together_or_one_by_one_statements_become_the_same_rows(drawn: list[dict[str, Any]]) -> None:
    rows = [{**row, "statement_id": f"s{number}"} for number, row in enumerate(drawn)]
    together = {row["statement_id"]: (relation, row) for relation, row in normalised(rows, DOCUMENTS)}
    assert together == {row["statement_id"]: normalise_statement(row, DOCUMENTS[row["text_id"]]) for row in rows}


def test_a_zone_whose_words_begin_with_a_part_of_its_name_is_told_apart_without_a_neighbour_of_that_name() -> None:
    row = statement(statement_id="s", text_id="t2", subject="惠民县高新区", indicator="高新区税收收入")
    [(relation, told)] = normalised([row], DOCUMENTS)
    assert (relation, told["ref_area"], told["indicator_id"]) == ("core.fact", "X371621-GXQ", "tax_revenue")


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.none() | st.integers(0, 2)), min_size=1))
def test_combinations_are_numbered_as_they_come(rows: list[tuple[str | None, int | None]]) -> None:
    first, codes = combinations([pa.array([row[0] for row in rows], pa.string()), pa.array([row[1] for row in rows])])
    distinct = list(dict.fromkeys(rows))
    assert codes.to_pylist() == [distinct.index(row) for row in rows]
    assert first.to_pylist() == [rows.index(row) for row in distinct]


def test_what_rows_share_is_kept_for_some_of_them() -> None:
    shared = Shared(["a", "b", "c"], pa.array([2, 0, 2, 1]))
    some = shared.take(pa.array([0, 2, 3]))
    assert some == Shared(["c", "b"], some.codes)
    assert some.rows(str.upper) == some.array(str.upper).to_pylist() == ["C", "C", "B"]
