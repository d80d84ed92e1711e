"""`explain` tells a figure's whole story, whichever kind of id it is asked by."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from gongbao.errors import UsageError
from gongbao.publish import explain, publish, render, stage_marts
from gongbao.publish.explanation import decimal_text
from gongbao.warehouse import Warehouse, insert
from tests.sql.given import insert_given

REVENUE = {"ref_area": "371621", "time_period": "2024"}


@pytest.fixture
def staged(warehouse: Warehouse) -> Warehouse:
    facts: list[dict[str, Any]] = [
        {"fact_id": "aa1", "document_id": "after", "obs_value": 52000, "value_text": "5.2万元", **REVENUE},
        {"fact_id": "aa2", "document_id": "later", "obs_value": 51000, "value_text": "5.1万元", **REVENUE},
        {"fact_id": "bb1", "document_id": "after", "obs_value": 7, "ref_area": "371622", "time_period": "2024"},
    ]
    insert_given(
        warehouse.connection,
        {
            "raw.document": [
                {"document_id": "before", "plan_period": "2024", "published_on": date(2024, 1, 10)},
                {"document_id": "after", "reporting_period": "2024", "published_on": date(2025, 1, 10),
                 "title": "年终报告"},
                {"document_id": "later", "reporting_period": "2025", "published_on": date(2026, 1, 10)},
            ],
            "core.fact": facts,
            "core.target": [
                {"fact_id": "tt1", "document_id": "before", "obs_value": 50000, "comparator": "min",
                 "value_text": "5万元以上", **REVENUE},
            ],
            "core.withheld": [
                {"fact_id": "bb1", "relation": "core.fact", "rule": "plausible_level", "detail": "7 is too little"}
            ],
            "core.caveat": [
                {"fact_id": "aa2", "caveat_code": "restated", "rule": "restatement", "detail": "was 52000",
                 "other_id": "aa1"}
            ],
        },
    )  # fmt: skip
    stage_marts(warehouse)
    publish(warehouse, ())
    return warehouse


def test_the_quote_is_marked_in_its_sentence_and_followed_to_its_value(staged: Warehouse) -> None:
    explanation = explain(staged, "aa2")
    assert (explanation.sentence_before, explanation.quote, explanation.sentence_after) == ("为", "5.1万元", "。")
    assert explanation.locator == "code points 2 to 7"
    steps = {step.slot: (step.stated, step.became) for step in explanation.steps}
    assert steps["value"] == ("5.1万元, read as 51000 CNY", "51000 CNY")
    assert steps["place"][1] == "371621 惠民县"
    assert steps["indicator"][1] == "general_budget_revenue 一般公共预算收入"
    assert steps["period"][1] == "2024 (2024-01-01 to 2024-12-31)"


def test_rivals_caveats_and_findings_are_told_from_either_side(staged: Warehouse) -> None:
    preferred, rival = explain(staged, "aa2"), explain(staged, "aa1")
    release = staged.current.resolve().name
    assert preferred.publication == f"preferred in release {release}"
    assert rival.publication == f"a rival in release {release}: another figure counts"
    assert [(each.fact_id, each.is_preferred) for each in rival.rivals] == [("aa2", True)]
    assert preferred.remarks == (
        "caveat restated by rule restatement: was 52000, other side aa1",
        "finding restatement: 51000 against 52000 of aa1",
    )


def test_a_target_and_the_figure_that_settles_it_tell_the_same_outcome(staged: Warehouse) -> None:
    promised, actual = explain(staged, "tt1"), explain(staged, "aa2")
    assert promised.kind == "target"
    assert promised.outcomes == actual.outcomes
    (outcome,) = promised.outcomes
    assert (outcome.status, outcome.light, outcome.gap) == ("met", "green", "1000")
    assert (outcome.target_quote, outcome.actual_quote) == ("5万元以上", "5.1万元")


def test_a_withheld_figure_says_which_rule_and_why(staged: Warehouse) -> None:
    explanation = explain(staged, "bb")
    release = staged.current.resolve().name
    assert explanation.publication == f"withheld by the gate; not published: release {release} does not hold it"
    assert explanation.remarks == ("withheld by rule plausible_level: 7 is too little",)


def test_an_unresolved_statement_says_what_is_missing(staged: Warehouse) -> None:
    slots = {
        "statement_id": "ss1", "text_id": "text of after", "quote": "3个", "sentence": "建成某某3个", "kind": "fact",
        "subject_type": "area", "measure": "level", "value": Decimal(3), "comparator": "eq", "extractor_version": "v",
        "indicator": "某某",
    }  # fmt: skip
    insert(staged.connection, "core.statement", [slots])
    unresolved = {
        "statement_id": "ss1", "document_id": "after", "reason": "unknown_indicator", "detail": "某某",
        "candidates": "gdp",
    }  # fmt: skip
    insert(staged.connection, "core.unresolved", [unresolved])
    explanation = explain(staged, "ss")
    assert (explanation.kind, explanation.sentence_before) == ("unresolved", "建成某某")
    assert explanation.remarks == ("unresolved (unknown_indicator): 某某; candidates: gdp",)


def test_a_statement_leads_to_its_fact(staged: Warehouse) -> None:
    assert explain(staged, "statement of aa1").identifier == "aa1"


def test_before_the_first_release_nothing_is_published(warehouse: Warehouse) -> None:
    insert_given(warehouse.connection, {"core.fact": [{"fact_id": "f1", "obs_value": 1, **REVENUE}]})
    assert explain(warehouse, "f1").publication == "not published: there is no release yet"


def test_what_a_held_night_staged_is_not_published(staged: Warehouse) -> None:
    new = {"fact_id": "f1", "document_id": "after", "obs_value": 1, "ref_area": "371622", "time_period": "2023"}
    document = {"document_id": "after", "published_on": date(2025, 1, 10)}
    insert_given(
        staged.connection, {"core.place": [], "core.indicator": [], "raw.document": [document], "core.fact": [new]}
    )
    staged.connection.execute("delete from raw.document where document_id = 'after' and title = 'after'")
    stage_marts(staged)
    assert staged.connection.execute("select count(*) from marts.fact where fact_id = 'f1'").fetchone() == (1,)
    release = staged.current.resolve().name
    assert explain(staged, "f1").publication == f"not published: release {release} does not hold it"
    staged.connection.execute("insert into core.withheld values ('aa2', 'core.fact', 'made_up', 'for this test')")
    stage_marts(staged)
    assert explain(staged, "aa2").publication == f"withheld by the gate; preferred in release {release}"


@pytest.mark.parametrize(
    ("identifier", "problem"),
    [("aa", "2 ids begin with aa: aa1, aa2: give more characters"), ("zz", "begins with zz"), ("", "no id given")],
)
def test_an_id_that_names_none_or_several_is_a_mistake_of_use(staged: Warehouse, identifier: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        explain(staged, identifier)


def test_the_lines_show_sentence_document_and_outcome(staged: Warehouse) -> None:
    lines = render(explain(staged, "tt1"))
    text = "\n".join(lines)
    assert lines[0] == "target tt1"
    assert "  为【5万元以上】。" in lines
    assert "target for 2024: met, light green" in lines
    assert "  ratio 1.0200, gap 1000" in lines
    assert "年终报告" not in text
    assert "年终报告" in "\n".join(render(explain(staged, "aa1")))


def test_a_documents_text_cannot_steer_the_terminal(staged: Warehouse) -> None:
    staged.connection.execute("update core.statement set quote = chr(27) || '[2J' || chr(8238) where quote = '5.1万元'")
    text = "\n".join(render(explain(staged, "aa2")))
    assert "\x1b" not in text
    assert "\\x1b[2J\\u202e" in text


def test_an_explanation_is_plain_data(staged: Warehouse) -> None:
    assert json.loads(json.dumps(asdict(explain(staged, "tt1")), ensure_ascii=False))["kind"] == "target"


@for_all(st.decimals(allow_nan=False, allow_infinity=False, places=10))
def test_a_decimal_is_written_with_all_its_digits_and_no_others(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


def test_a_revised_figure_names_its_successor_and_the_successor_what_it_revises(warehouse: Warehouse) -> None:
    figure = {"indicator_id": "gdp", "obs_value": 6, "value_text": "6亿元", **REVENUE}
    insert_given(
        warehouse.connection,
        {
            "raw.document": [
                {"document_id": "old", "superseded_by": "new", "file_name": "a.txt"},
                {"document_id": "new", "file_name": "a.txt"},
            ],
            "core.fact": [
                {"fact_id": "f1", "document_id": "old", "known_to": datetime(2026, 3, 1, 2), **figure},
                {"fact_id": "f2", "document_id": "new", **figure, "obs_value": 7, "value_text": "7亿元"},
            ],
        },
    )
    stage_marts(warehouse)
    publish(warehouse, ())
    old, new = explain(warehouse, "f1"), explain(warehouse, "f2")
    assert old.publication.startswith("not published")
    assert old.remarks[:2] == (
        "believed until 2026-03-01 02:00 UTC: a revision of its document came then",
        "revised to 【7亿元】 f2 by a.txt",
    )
    assert "revises 【6亿元】 f1 of a.txt" in new.remarks
