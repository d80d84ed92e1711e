"""Numbers with units in a folded text: where they stand and what they are worth."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao import reference
from gongbao.extract import amounts
from gongbao.extract.plaintext import fold


def read(text: str) -> list[tuple[str, str | None, str | None]]:
    """(as written, value, unit) of every number."""
    return [
        (text[found.start : found.end], None if found.value is None else str(found.value), found.unit)
        for found in amounts.find(fold(text))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入5533万元，", [("5533万元", "55330000", "元")]),
        ("垃圾10万余吨", [("10万余吨", "100000", "吨")]),
        ("消费券2000多万元", [("2000多万元", "20000000", "元")]),
        ("设备9000余台（套）", [("9000余台（套）", "9000", "台")]),
        ("装机4.2万千瓦", [("4.2万千瓦", "42000", "千瓦")]),
        ("渠长318.4千米", [("318.4千米", "318.4", "公里")]),
        ("家禽26.5千只", [("26.5千只", "26500", "只")]),
        ("支出132, 746万元", [("132, 746万元", "1327460000", "元")]),
        ("保有量12 345辆", [("12 345辆", "12345", "辆")]),
        ("外资3.\n2亿美元", [("3.\n2亿美元", "320000000", "美元")]),
        ("增长５％", [("５％", "5", "%")]),
        ("增长57.7℅", [("57.7℅", "57.7", "%")]),
        ("售价3.8元/立方米", [("3.8元/立方米", "3.8", "元/立方米")]),
        ("能耗0.45吨标准煤/万元", [("0.45吨标准煤/万元", "0.45", "吨标准煤/万元")]),
        ("水价2.4元每吨", [("2.4元每吨", "2.4", "元/吨")]),
        ("标准4800元/年/人", [("4800元/年/人", "4800", "元/年/人")]),
        ("菌棒6500万棒，", [("6500万棒", "65000000", "棒")]),
        ("财政收入56.7亿，", [("56.7亿", "5670000000", None)]),
        ("增长-4.7%", [("-4.7%", "-4.7", "%")]),
        ("三座桥、十余项赛事", [("三座", "3", "座"), ("十余项", "10", "项")]),
        ("超八成", [("八成", "80", "%")]),
        ("压减百分之五", [("百分之五", "5", "%")]),
        ("高于0.2、5.5个百分点", [("0.2", "0.2", "百分点"), ("5.5个百分点", "5.5", "百分点")]),
        ("3项目标", [("3", "3", None)]),
    ],
)
def test_a_number_is_found_with_its_unit(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("增长5%—6%", "5", "6", "%"),
        ("引进1到2家", "1", "2", "家"),
        ("补助2—3万元", "20000", "30000", "元"),
        ("收入2000万元（含）至1亿元", "20000000", "100000000", "元"),
        ("海拔320～937米", "320", "937", "米"),
        ("增长6-8%", "6", "8", "%"),
    ],
)
def test_a_range_is_one_number_with_two_ends(text: str, low: str, high: str, unit: str) -> None:
    (found,) = amounts.find(fold(text))
    assert (found.value, found.value_high, found.unit) == (Decimal(low), Decimal(high), unit)


def test_from_one_to_another_is_two_numbers() -> None:
    assert [found.value for found in amounts.find("员工从15人到20人")] == [15, 20]


def test_a_ratio_keeps_its_parts() -> None:
    (found,) = amounts.find("结构为13.2:40.6:46.2。")
    assert [str(value) for _, _, value in found.ratio] == ["13.2", "40.6", "46.2"]


def test_an_overlong_run_of_digits_is_one_find_without_a_value() -> None:
    (found,) = amounts.find("9" * 70_000)
    assert (found.start, found.end, found.value) == (0, 70_000, None)


@pytest.mark.parametrize("row", reference.rows("texts/units.csv"), ids=lambda row: row["spelling"])
def test_every_spelling_of_the_vocabulary_is_read_as_its_unit(row: dict[str, str]) -> None:
    (found,) = amounts.find(f"约7{row['spelling']}。")
    assert found.unit == row["unit"]


@given(
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.sampled_from(["", "万", "亿", "万亿"]),
    st.sampled_from(["元", "亩", "人次", "平方米", "个", "吨", "千瓦时"]),
    st.sampled_from(["", " "]),
)
def test_a_rendered_amount_reads_back_as_itself(number: Decimal, magnitude: str, unit: str, blank: str) -> None:
    (found,) = amounts.find(f"完成{number}{blank}{magnitude}{unit}，")
    scale = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[magnitude]
    assert (found.value, found.unit) == (number * scale, unit)


@given(st.text(alphabet="0123456789.,，:万亿千百十一二三余多元亩%个家-—至到 \n（）()第", max_size=80))
def test_numbers_stand_in_order_and_never_overlap(text: str) -> None:
    found = amounts.find(fold(text))
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.start < one.end <= len(text) for one in found)


def test_a_run_of_digits_with_every_magnitude_is_read_or_refused_and_never_fails() -> None:
    for length in range(1, 60):
        for magnitude in ("", "万", "亿", "万亿", "亿亿"):
            found = amounts.find("9" * length + magnitude + "元。")
            assert [amount.start for amount in found][:1] == [0]
