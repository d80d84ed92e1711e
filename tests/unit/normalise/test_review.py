"""Questions are brought up to date: those that stay as they are stay, and what comes of it is what begins anew."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from gongbao.normalise.review import near_phrases, nearest_indicators, write_review_items
from gongbao.warehouse import Warehouse
from tests.sql.given import insert_given

PHRASES = ["绳网作坊", "绳网作坊", "绳网市场", "粮食产量（万吨）", "养蜂户", "养蜂户"]


@pytest.fixture
def asked(warehouse: Warehouse) -> Warehouse:
    """A warehouse in which the figures of these phrases wait."""
    unresolved = [
        {"statement_id": f"s{number}", "document_id": f"d{number}", "reason": "unknown_indicator", "detail": phrase}
        for number, phrase in enumerate(PHRASES)
    ]
    figure = {"kind": "fact", "subject_type": "area", "measure": "level", "comparator": "eq", "extractor_version": "v"}
    statements = [
        {
            **figure,
            "statement_id": f"s{number}",
            "text_id": f"text of d{number}",
            "indicator": phrase,
            "value": Decimal(number),
            "quote": f"{number}家",
            "sentence": f"{phrase}{number}家",
        }
        for number, phrase in enumerate(PHRASES)
    ]
    documents = [{"document_id": f"d{number}"} for number in range(len(PHRASES))]
    insert_given(
        warehouse.connection,
        {"core.unresolved": unresolved, "core.statement": statements, "raw.document": documents},
    )
    write_review_items(warehouse)
    return warehouse


def rows(warehouse: Warehouse, columns: str = "*") -> list[tuple[Any, ...]]:
    return warehouse.connection.execute(f"select {columns} from ops.review_item order by all").fetchall()


def test_figures_of_a_phrase_wait_on_one_question(asked: Warehouse) -> None:
    assert rows(asked, "subject, waiting, example, places, status") == [
        ("养蜂户", 2, "养蜂户4家", 2, "open"),
        ("粮食产量（万吨）", 1, "粮食产量（万吨）3家", 1, "open"),
        ("绳网作坊", 2, "绳网作坊0家", 2, "open"),
        ("绳网市场", 1, "绳网市场2家", 1, "open"),
    ]
    [(candidates,)] = asked.connection.execute(
        "select candidates from ops.review_item where subject = '粮食产量（万吨）'"
    ).fetchall()
    assert candidates == "; ".join(nearest_indicators("粮食产量（万吨）"))


def test_what_changed_is_written_and_the_rest_stays(asked: Warehouse) -> None:
    before = dict(rows(asked, "subject, rowid"))
    asked.connection.execute("delete from core.unresolved where statement_id in ('s1', 's2')")
    assert write_review_items(asked, frozenset()) == 3
    after = dict(rows(asked, "subject, rowid"))
    assert before.keys() - after.keys() == {"绳网市场"}
    assert {subject for subject in after if after[subject] != before[subject]} == {"绳网作坊"}
    found = rows(asked)
    asked.connection.execute("delete from ops.review_item")
    write_review_items(asked)
    assert rows(asked) == found


def test_candidates_of_phrases_near_a_changed_alias_are_found_anew(asked: Warehouse) -> None:
    asked.connection.execute("update ops.review_item set candidates = 'of before'")
    near = near_phrases(asked, ["绳网", "吨粮"])
    assert near == {"绳网作坊", "绳网市场"}
    write_review_items(asked, near)
    assert {subject for subject, candidates in rows(asked, "subject, candidates") if candidates == "of before"} == {
        "养蜂户",
        "粮食产量（万吨）",
    }
