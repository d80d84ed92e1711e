"""An answer is looked at, written into the overlay with its example and date, and kept in the ledger."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from gongbao.errors import UsageError
from gongbao.normalise.facts import content_id
from gongbao.normalise.review import write_review_items
from gongbao.review.answers import Answer, accept, reject
from gongbao.review.questions import Question, find, questions
from gongbao.warehouse import Warehouse, insert
from tests.unit.review.given import DRAFT_ANSWERED, inbox, night

NOW = datetime(2026, 3, 2, 8)


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    return tmp_path / "vocabulary"


def ask(warehouse: Warehouse, kind: str, subject: str, example: str = "", candidates: str | None = None) -> Question:
    """An open question as a night leaves it."""
    row = {
        "review_id": content_id(kind, subject), "kind": kind, "subject": subject, "waiting": 3, "example": example,
        "candidates": candidates, "status": "open",
    }  # fmt: skip
    insert(warehouse.connection, "ops.review_item", [row])
    return find(warehouse, row["review_id"] or "")


def lines(overlay: Path, name: str) -> list[dict[str, str]]:
    with (overlay / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize(
    ("kind", "subject", "answer", "name", "line"),
    [
        (
            "unknown_indicator", "镇级财力", Answer(indicator="general_budget_revenue"), "indicator_aliases.csv",
            {"alias": "镇级财力", "indicator_id": "general_budget_revenue", "breakdown": ""},
        ),
        (
            "unknown_place", "“老惠民”", Answer(place="371621"), "place_aliases.csv",
            {"alias": "老惠民", "code": "371621"},
        ),
        (
            "unknown_unit", "万块钱", Answer(unit="万元"), "units.csv",
            {"canonical_unit": "CNY", "dimension": "money", "spelling": "万块钱", "multiplier_to_canonical": "10000"},
        ),
        (
            "unknown_unit", "贯", Answer(unit="CNY", factor="1/3"), "units.csv",
            {"canonical_unit": "CNY", "dimension": "money", "spelling": "贯", "multiplier_to_canonical": "1/3"},
        ),
        (
            "unit_conflict", "万美元 for exports, measured in CNY", Answer(unit="万元", factor=" ７ "),
            "unit_conversions.csv",
            {"from_unit": "USD", "to_unit": "CNY", "factor": "7", "indicator_ids": "exports", "breakdown": ""},
        ),
        (
            "unit_conflict", "美元 for exports, measured in CNY", Answer(unit="万元", factor="7"),
            "unit_conversions.csv",
            {"from_unit": "USD", "to_unit": "CNY", "factor": "70000", "indicator_ids": "exports", "breakdown": ""},
        ),
        (
            "unit_conflict", "吨 for households, measured in household", Answer(unit="household", factor="2"),
            "unit_conversions.csv",
            {"from_unit": "t", "to_unit": "household", "factor": "2", "indicator_ids": "households", "breakdown": ""},
        ),
    ],
)  # fmt: skip
def test_an_answer_is_a_line_with_its_example_and_date(
    warehouse: Warehouse, overlay: Path, kind: str, subject: str, answer: Answer, name: str, line: dict[str, str]
) -> None:
    question = ask(warehouse, kind, subject, f"2024年，\n{subject}，增长5%。")
    accepted = accept(warehouse, overlay, question, answer, NOW)
    assert accepted.path == overlay / name
    assert lines(overlay, name) == [{**line, "note": f"2026-03-02: 2024年， {subject}，增长5%。"}]
    assert find(warehouse, question.review_id).status == "accepted"
    (entry,) = warehouse.read_ledger("review")
    assert (entry["review_id"], entry["status"], entry["at"]) == (
        question.review_id, "accepted", "2026-03-02T08:00:00"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "subject", "answer", "said"),
    [
        ("unknown_indicator", "镇级财力", Answer(), "no indicator named for 镇级财力"),
        ("unknown_indicator", "镇级财力", Answer(indicator="tax_revenu"), "no indicator tax_revenu.*tax_revenue"),
        ("unknown_indicator", "镇级财力", Answer(place="371621"), "--place does not answer unknown_indicator"),
        ("unknown_indicator", "税收收入", Answer(indicator="gdp"), "税收收入 stands for tax_revenue already"),
        ("unknown_place", "老惠民", Answer(place="999999"), "no place with the code 999999"),
        ("unknown_place", "老惠民", Answer(place="惠民县"), "the code of 惠民县 is 371621"),
        ("unknown_place", "城关镇", Answer(place="371621"), "城关镇 is the name of .* already"),
        ("unknown_indicator", "税收收入", Answer(indicator="tax_revenue"), "its figures wait for what is around them"),
        ("unknown_place", "惠民县", Answer(place="371621"), "is called 惠民县 already"),
        ("unknown_unit", "万元", Answer(unit="元"), "1 万元 is 10000 CNY already"),
        ("unknown_unit", "贯", Answer(unit="文"), "there is no unit 文"),
        ("unknown_unit", "贯", Answer(unit="元", factor="-1"), "the factor -1 is no positive number"),
        ("unknown_unit", "贯", Answer(unit="元", factor="1/0"), "the factor 1/0 is no positive number"),
        ("unknown_unit", "贯", Answer(unit="CNY", factor="1e999999999"), "no positive number that the warehouse can"),
        ("unknown_unit", "贯", Answer(unit="CNY", factor=""), "no positive number"),
        ("unit_conflict", "no unit for gdp, measured in CNY", Answer(unit="元"), "no passage between units"),
        ("unit_conflict", "吨 for gdp, measured in CNY", Answer(unit="吨"), "gdp is measured in CNY, not in t"),
        ("source_conflict", "a.txt: another place", Answer(), "source_conflict is not answered by vocabulary"),
    ],
)
def test_what_is_no_answer_is_refused_and_nothing_is_written(
    warehouse: Warehouse, overlay: Path, kind: str, subject: str, answer: Answer, said: str
) -> None:
    question = ask(warehouse, kind, subject, candidates="tax_revenue")
    with pytest.raises(UsageError, match=said):
        accept(warehouse, overlay, question, answer, NOW)
    assert not overlay.exists()
    assert warehouse.read_ledger("review") == []
    assert find(warehouse, question.review_id).status == "open"


def test_documents_that_name_no_place_are_answered_in_the_settings(warehouse: Warehouse, overlay: Path) -> None:
    nameless = {"text_id": "t", "document_id": "d", "source_name": "office", "file_name": "a.txt", "title": "工作总结"}
    insert(warehouse.connection, "raw.document", [{**nameless, "ingest_status": "accepted", "first_seen_at": NOW}])
    slots = {"kind": "fact", "subject_type": "area", "measure": "level", "value": 1, "comparator": "eq", "quote": "1"}
    statement = {"statement_id": "s", "text_id": "t", "extractor_version": "v", **slots}
    insert(warehouse.connection, "core.statement", [statement])
    unresolved = {"statement_id": "s", "document_id": "d", "reason": "unknown_place", "detail": "no subject"}
    insert(warehouse.connection, "core.unresolved", [unresolved])
    question = ask(warehouse, "unknown_place", "工作总结")
    with pytest.raises(UsageError, match='write place = "山东省/滨州市/惠民县" into gongbao'):
        accept(warehouse, overlay, question, Answer(place="371621"), NOW)


def test_a_draft_with_open_questions_is_refused_with_their_lines(
    warehouse: Warehouse, overlay: Path, tmp_path: Path
) -> None:
    night(warehouse, inbox(tmp_path / "inbox"))
    (question,) = questions(warehouse, "sheet_block")
    with pytest.raises(UsageError, match=r"draft leaves questions open \(todo\) in line \d+, \d+.*--draft > FILE"):
        accept(warehouse, overlay, question, Answer(), NOW)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("measure", "measure", ""),
        ("indicator: gdp", "indicator: gdpp", r"line 9: .*no id of indicators.csv: gdpp"),
        ("title: 养蜂情况", "title: 养猪情况", "does not read 甲村 A1:C5: no template knows this table"),
        ("  - {path: 蜂蜜, period: '2024'}\n", "", "does not read 甲村 A1:C5"),
        ("id: bees", "id: county_towns", r"there is a template county_towns@\d+ already: raise yours"),
    ],
)
def test_a_template_is_accepted_where_it_reads_the_table(
    warehouse: Warehouse, overlay: Path, tmp_path: Path, before: str, after: str, said: str
) -> None:
    night(warehouse, inbox(tmp_path / "inbox"))
    (question,) = questions(warehouse, "sheet_block")
    edited = tmp_path / "edited.yaml"
    edited.write_text(DRAFT_ANSWERED.replace(before, after), "utf-8")
    if said:
        with pytest.raises(UsageError, match=said):
            accept(warehouse, overlay, question, Answer(template=edited), NOW)
        assert not overlay.exists()
        return
    accepted = accept(warehouse, overlay, question, Answer(template=edited), NOW)
    assert accepted.line == "bees@1 reads 6 of 6 numbers in bees.xlsx, 甲村 A1:C5"
    written = (overlay / "sheets" / "bees.yaml").read_text("utf-8")
    assert written == f"# 2026-03-02: accepted on bees.xlsx, 甲村 A1:C5\n{DRAFT_ANSWERED}"


def test_a_rejected_question_stays_closed_and_an_accepted_one_that_still_waits_is_open(
    warehouse: Warehouse, overlay: Path, tmp_path: Path
) -> None:
    night(warehouse, inbox(tmp_path / "inbox"))
    (phrase,) = questions(warehouse, "unknown_indicator")
    (place,) = questions(warehouse, "unknown_place")
    reject(warehouse, phrase, "  of one\nenterprise ", NOW)
    accept(warehouse, overlay, place, Answer(place="371621"), NOW)
    warehouse.connection.execute("delete from ops.review_item")
    write_review_items(warehouse)
    assert find(warehouse, phrase.review_id).status == "rejected"
    assert find(warehouse, place.review_id).status == "open"  # no overlay is in force in this process
    assert [entry["answer"] for entry in warehouse.read_ledger("review")] == [
        "of one enterprise",
        "place_aliases.csv: 花果镇 is 山东省/滨州市/惠民县",
    ]


def test_a_rejection_needs_a_reason(warehouse: Warehouse) -> None:
    with pytest.raises(UsageError, match="rejected with a reason"):
        reject(warehouse, ask(warehouse, "unknown_unit", "贯"), " ", NOW)
