"""Fact or target by the section and by the words that lead up to a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongbao.extract import kinds, vocabulary
from gongbao.extract.statement import Section

REVIEW, PLAN = Section(0, 1, "review", "2023"), Section(0, 1, "plan", "2024")
FACT = kinds.Standing("fact", None)
WORDS = (
    *vocabulary.word_class("built"), *vocabulary.word_class("running"), *vocabulary.word_class("to_be_done"),
    "后", "力争", "将", "即", "全力", "预期目标", "为", "拟", "新建", "计划", "到", "于", "明年", "完成后", "，", "可",
    "年产",
    "下一步", "下步", "未来三年", "今后五年", "项目", "产值", "达", "取",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_a_sentence_that_holds_no_word_of_what_lies_ahead_states_a_fact_in_a_review(before: str) -> None:
    standing = kinds.read(REVIEW, before, is_future=False)
    assert standing == FACT or kinds.may_look_ahead(before, 0, len(before))


@pytest.mark.parametrize(
    "before",
    [
        "项目建成后年产值",
        "全部运营达效后，年产值",
        "明年产值",
        "产值将达到",
        "下一步新建",
        "力争产值达",
        "拟新建厂房",
        "拟重点建设厂房",
        "该项目2023年计划投资",
        "计划投资9000万元，建设厂房",
    ],
)
def test_what_lies_ahead_is_a_target_in_a_review(before: str) -> None:
    assert kinds.read(REVIEW, before, is_future=False).kind == "target"


@pytest.mark.parametrize(
    "before",
    [
        "即将建成的厂房",
        "全力争取资金",
        "比去年增加",
        "已建成厂房",
        "占计划投资",
        "占年度计划投资",
        "计划投资完成",
        "草拟建议",
    ],
)
def test_what_only_sounds_like_it_is_a_fact_in_a_review(before: str) -> None:
    assert kinds.read(REVIEW, before, is_future=False) == FACT


def test_a_plan_states_targets_except_of_what_is_there_already() -> None:
    assert kinds.read(PLAN, "新建厂房", is_future=False).kind == "target"
    assert kinds.read(PLAN, "新建厂房，目前已建成", is_future=False) == FACT
    assert kinds.read(PLAN, "目前已建成，新建", is_future=False).kind == "target"
    assert kinds.read(PLAN, "产值力争达到", is_future=False).modality == "力争"


def test_money_for_what_precedes_a_project_is_no_money_that_is_there() -> None:
    assert kinds.read(PLAN, "安排项目前期经费", is_future=False).kind == "target"
    assert kinds.read(PLAN, "目前经费", is_future=False) == FACT


def test_a_figure_up_to_a_date_is_a_fact_even_in_a_plan() -> None:
    assert kinds.read(PLAN, "新建厂房", is_future=False, is_past=True) == FACT
