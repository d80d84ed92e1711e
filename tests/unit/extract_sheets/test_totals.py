"""Parts and totals: what a total means, and what happens when its parts do not make it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.extract.sheets import extract_grid
from tests.unit.extract_sheets.tables import at, reasons, sheet, town_table

HEADER = ["镇", "一般公共预算收入（万元）"]


def test_the_sum_is_a_statement_of_the_place_with_the_sums_name_as_scope() -> None:
    found = at(town_table(HEADER, ["合　计", 30], ["石桥镇", 10], ["河口镇", 20]), "B3")
    assert (found.subject, found.scope, found.value) == ("青河县", "合计", Decimal(300000))


@pytest.mark.parametrize("label", ["全县", "全　县", "青河县", "全县合计"])
def test_the_whole_is_a_statement_of_the_place_itself(label: str) -> None:
    found = at(town_table(HEADER, [label, 35], ["石桥镇", 10], ["河口镇", 20]), "B3")
    assert (found.subject, found.scope) == ("青河县", None)


def test_a_sum_that_its_parts_do_not_make_rejects_the_block_and_no_other() -> None:
    good = sheet(
        [["青河县各镇主要经济指标（2023年）"], HEADER, ["合计", 30], ["石桥镇", 10], ["河口镇", 20]], name="甲"
    )
    bad = sheet(
        [
            ["青河县各镇主要经济指标（2022年）"],
            [*HEADER, "粮食总产量（吨）"],
            ["合计", 300, 7],
            ["石桥镇", 10, 3],
            ["河口镇", 20, 4],
        ],
        name="乙",
    )
    found = extract_grid([good, bad], "表.xlsx")
    assert {s.sheet for s in found.statements} == {"甲"}
    assert [(r.sheet, r.cell, r.reason) for r in found.rejections] == [
        ("乙", cell, "failed_identity") for cell in ("B3", "C3", "B4", "C4", "B5", "C5")
    ]


def test_parts_may_fall_short_of_the_whole_but_not_exceed_it() -> None:
    assert len(town_table(HEADER, ["全县", 50], ["石桥镇", 10], ["河口镇", 20]).statements) == 3
    assert set(reasons(town_table(HEADER, ["全县", 25], ["石桥镇", 10], ["河口镇", 20])).values()) == {
        "failed_identity"
    }


def test_rounding_is_no_failure_but_whole_things_add_up_exactly() -> None:
    rounded = ["镇", "粮食总产量（万吨）"]
    assert len(town_table(rounded, ["合计", 0.36], ["石桥镇", 0.11], ["河口镇", 0.21]).statements) == 0
    assert len(town_table(rounded, ["合计", 0.31], ["石桥镇", 0.11], ["河口镇", 0.21]).statements) == 3
    counted = ["镇", "高新技术企业（家）"]
    assert len(town_table(counted, ["合计", 31], ["石桥镇", 10], ["河口镇", 20]).statements) == 0


def test_a_missing_part_leaves_room_below_the_sum() -> None:
    assert len(town_table(HEADER, ["合计", 35], ["石桥镇", 10], ["河口镇", "…"]).statements) == 2


def test_of_which_rows_and_subtotals_are_no_further_parts() -> None:
    rows = [["合计", 30], ["石桥镇", 10], ["其中：开发区", 4], ["河口镇", 20], ["东部板块", 30]]
    assert len(town_table(HEADER, *rows).statements) == 5


def test_what_does_not_add_up_across_places_is_not_checked() -> None:
    header = ["镇", "居民人均可支配收入（元）"]
    assert len(town_table(header, ["全县", 20000], ["石桥镇", 21000], ["河口镇", 19500]).statements) == 3


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=8), st.integers(100, 10**6))
def test_a_true_sum_always_holds_and_a_wrong_one_never(parts: list[int], error: int) -> None:
    rows = [[f"第{'一二三四五六七八'[n]}镇", value] for n, value in enumerate(parts)]
    assert len(town_table(HEADER, ["合计", sum(parts)], *rows).statements) == len(parts) + 1
    assert not town_table(HEADER, ["合计", sum(parts) + error], *rows).statements


def test_places_in_columns_are_summed_along_the_row() -> None:
    rows = [
        ["云州市各县（市、区）2023年主要经济指标"],
        ["指标", "单位", "全市", "城东区", "青河县"],
        ["一般公共预算收入", "万元", 100, 70, 40],
    ]
    assert set(reasons(extract_grid([sheet(rows)], "表.xlsx")).values()) == {"failed_identity"}
