"""What a curator's record does to the figure that it names, and what becomes of a record that fits no more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongbao.normalise import NormaliseReport, correction_file, extract_pending, normalise
from gongbao.normalise.review import Decision, decide
from gongbao.warehouse import Warehouse
from tests.unit.normalise.test_stage import NOW, OTHER, RELATIONS, REPORT, add, everything, rows
from tests.unit.review.given import TOWNS, workbook
from tests.unit.review.given import night as night_of_folder

REVENUE = "indicator_id = 'general_budget_revenue' and measure = 'level'"
MISPRINT = REPORT.replace("6120万元", "6120亿元")
START = MISPRINT.index("6120亿元")


def a_record(**fields: Any) -> dict[str, Any]:
    """A record that makes 万元 of 亿元; a field that is null is left out."""
    whole = {
        "document": "report.txt",
        "at": str(START),
        "expect": {"quote": "6120亿元", "value": "612000000000元"},
        "action": "replace",
        "with": {"value": "6120万元"},
        "reason": "a town takes no 亿元",
        "source": "2024年财政决算",
    } | fields
    return {name: value for name, value in whole.items() if value is not None}


def night(warehouse: Warehouse, *records: Mapping[str, Any]) -> NormaliseReport:
    path = warehouse.root / "corrections.yml"
    path.write_text(yaml.safe_dump(list(records), allow_unicode=True), "utf-8")
    extract_pending(warehouse)
    return normalise(warehouse, correction_file.read(path))


def revenue(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    query = f"select ref_area, time_period, obs_value, caveat_codes from core.fact where {REVENUE} order by all"
    return rows(warehouse, query)


def stale(warehouse: Warehouse) -> str:
    """Why the only correction is not applied, as the question about it tells too."""
    [(applied, detail)] = rows(warehouse, "select applied, detail from ops.correction")
    assert not applied
    assert rows(warehouse, "select example, status from ops.review_item where kind = 'stale_correction'") == [
        (detail, "open")
    ]
    return str(detail)


def test_a_corrected_figure_says_so_and_keeps_its_quote(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    report = night(warehouse, a_record())
    assert (report.corrected, report.stale_corrections) == (1, ())
    assert revenue(warehouse) == [("371621105", "2024", 61200000, "corrected")]
    printed = rows(warehouse, f"select value_text, decimals, precision_value from core.fact where {REVENUE}")
    assert printed == [("6120亿元", 0, 10000)]
    assert rows(warehouse, "select was, became, reason, source, applied from ops.correction") == [
        ("value 612000000000元", "value 6120万元", "a town takes no 亿元", "2024年财政决算", True)
    ]


def test_the_other_figures_stay_as_they_are(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    night(warehouse)
    query = f"select * exclude (caveat_codes) from core.fact where not ({REVENUE}) order by all"
    before, unresolved = rows(warehouse, query), rows(warehouse, "select * from core.unresolved order by all")
    night(warehouse, a_record())
    assert rows(warehouse, query) == before
    assert rows(warehouse, "select * from core.unresolved order by all") == unresolved


@pytest.mark.parametrize(
    ("replacement", "became"),
    [
        ({"period": "2023"}, ("371621105", "2023", 612000000000, "corrected")),
        ({"place": "山东省/惠民县/胡集镇"}, ("371621104", "2024", 612000000000, "corrected")),
        ({"value": "6,120.5万元"}, ("371621105", "2024", 61205000, "corrected")),
    ],
)
def test_what_is_replaced_is_that_alone(
    warehouse: Warehouse, replacement: dict[str, str], became: tuple[Any, ...]
) -> None:
    add(warehouse, "report.txt", MISPRINT)
    night(warehouse, a_record(**{"with": replacement}))
    assert revenue(warehouse) == [became]


def test_an_indicator_is_replaced_and_its_figure_counts_there(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    night(warehouse, a_record(**{"with": {"indicator": "tax_revenue", "value": "6120万元"}}))
    assert revenue(warehouse) == []
    query = "select obs_value, caveat_codes from core.fact where indicator_id = 'tax_revenue'"
    assert rows(warehouse, query) == [(61200000, "corrected")]


def test_a_range_may_stand_for_a_figure(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    night(warehouse, a_record(**{"with": {"value": "6000万元", "value_high": "6200万元"}}))
    query = f"select obs_value, obs_value_high from core.fact where {REVENUE}"
    assert rows(warehouse, query) == [(60000000, 62000000)]


def test_a_withdrawn_figure_waits_with_its_reason(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    night(warehouse, a_record(action="withdraw", **{"with": None}))
    assert revenue(warehouse) == []
    assert rows(warehouse, "select detail from core.unresolved where reason = 'withdrawn'") == [
        ("a town takes no 亿元 (2024年财政决算)",)
    ]
    union = " union all ".join(f"select statement_id from core.{relation}" for relation in RELATIONS)
    placed = rows(warehouse, f"select statement_id from ({union}) order by all")
    assert placed == rows(warehouse, "select statement_id from core.statement order by all")


def test_a_cell_is_named_by_its_sheet(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    workbook(folder / "towns.xlsx", "2024!", table=TOWNS)
    night_of_folder(warehouse, folder)
    assert (("371621111", "2024", 55330000, None)) in revenue(warehouse)
    record = a_record(
        document="towns.xlsx",
        at="2024!!B3",
        expect={"quote": "5533", "value": "5533万元"},
        **{"with": {"value": "5335万元"}},
    )
    night(warehouse, record)
    assert [row for row in revenue(warehouse) if row[3]] == [("371621111", "2024", 53350000, "corrected")]
    assert len(revenue(warehouse)) == 2


@pytest.mark.parametrize("document", ["report.txt", "document", "text"])
def test_a_document_is_named_by_its_file_or_its_hashes(warehouse: Warehouse, document: str) -> None:
    document_id = add(warehouse, "report.txt", MISPRINT)
    add(warehouse, "other.txt", OTHER)
    [(text_id,)] = rows(warehouse, f"select text_id from raw.document where document_id = '{document_id}'")
    named = {"document": document_id[:8], "text": text_id[:12]}.get(document, document)
    assert night(warehouse, a_record(document=named)).corrected == 1


def test_a_sentence_is_named_by_its_beginning(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", "前言。\n\n" + MISPRINT)
    assert night(warehouse, a_record(at=None, sentence="2024年,全镇完成一般公共")).corrected == 1


@pytest.mark.parametrize("named", [{}, {"indicator": "高新技术企业"}], ids=["neither", "one"])
def test_of_two_figures_of_one_quote_the_indicator_names_one(warehouse: Warehouse, named: dict[str, str]) -> None:
    add(warehouse, "report.txt", f"{REPORT}\n2024年,全镇拥有高新技术企业9家、规模以上工业企业9家。\n")
    expect = {"quote": "9家", "value": "9家"} | named
    report = night(
        warehouse, a_record(at=None, sentence="2024年,全镇拥有", expect=expect, **{"with": {"value": "8家"}})
    )
    if named:
        assert report.corrected == 1
        query = "select value_text, obs_value from core.fact where caveat_codes = 'corrected'"
        assert rows(warehouse, query) == [("9家", 8)]
    else:
        assert "several figures stand there" in stale(warehouse)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"document": "absent.txt"}, "no document that was read is called absent.txt"),
        ({"document": "0123456789"}, "no document that was read"),
        ({"at": "3"}, "no figure is read there now"),
        ({"at": "Sheet1!B5"}, "no figure is read there now"),
        ({"expect": {"quote": "6120亿元", "value": "6120"}}, "there is now 6120亿元, read as 612000000000元"),
        ({"expect": {"quote": "6120万元", "value": "612000000000"}}, "there is now 6120亿元"),
        ({"expect": {"quote": "6120亿元", "value": "6120亿元", "subject": "胡集镇"}}, "there is now"),
        ({"with": {"value": "6120"}}, "the figure is in 元: write the unit behind the value"),
    ],
)
def test_a_record_that_does_not_fit_changes_nothing_and_asks(
    warehouse: Warehouse, fields: dict[str, Any], why: str
) -> None:
    add(warehouse, "report.txt", MISPRINT)
    report = night(warehouse, a_record(**fields))
    assert revenue(warehouse) == [("371621105", "2024", 612000000000, None)]
    assert why in stale(warehouse)
    assert why in report.stale_corrections[0]
    assert report.stale_corrections[0].startswith("line 1, ")


def test_a_question_that_was_rejected_stays_so(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", REPORT)
    night(warehouse, a_record())
    [(review_id, subject)] = rows(
        warehouse, "select review_id, subject from ops.review_item where kind = 'stale_correction'"
    )
    decide(warehouse, Decision(review_id, "stale_correction", subject, "rejected", NOW.isoformat(), "as a record"))
    night(warehouse, a_record())
    query = "select status from ops.review_item where kind = 'stale_correction'"
    assert rows(warehouse, query) == [("rejected",)]


def test_a_record_that_fits_two_documents_fits_none(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    other = add(warehouse, "second", MISPRINT.replace("2300家", "2301家"), file_name="report.txt")
    night(warehouse, a_record())
    assert "it fits 2 documents" in stale(warehouse)
    assert night(warehouse, a_record(document=other[:10])).corrected == 1


def test_the_document_that_was_superseded_is_corrected_with_the_one_that_stands(warehouse: Warehouse) -> None:
    later = add(warehouse, "later", MISPRINT.replace("2300家", "2301家"), file_name="report.txt")
    add(warehouse, "report.txt", MISPRINT, superseded_by=later, superseded_at=NOW)
    assert night(warehouse, a_record()).corrected == 2


def test_a_revision_that_states_the_right_figure_makes_the_record_stale(warehouse: Warehouse) -> None:
    later = add(warehouse, "later", REPORT, file_name="report.txt")
    add(warehouse, "report.txt", MISPRINT, superseded_by=later, superseded_at=NOW)
    night(warehouse, a_record())
    assert "there is now 6120万元, read as 61200000元" in stale(warehouse)


def test_the_second_of_two_records_for_one_figure_is_not_applied(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    report = night(warehouse, a_record(), a_record(**{"with": {"value": "6121万元"}}))
    assert report.corrected == 1
    assert "line 1 corrects the same figure" in report.stale_corrections[0]


def test_a_project_s_figure_has_neither_place_nor_indicator(warehouse: Warehouse) -> None:
    text = f"{MISPRINT}\n2024年,总投资3000万元的绳网产业园项目建成投产。\n"
    add(warehouse, "report.txt", text)
    record = a_record(at=str(text.rindex("3000万元")), expect={"quote": "3000万元", "value": "3000万元"})
    night(warehouse, record | {"with": {"indicator": "gdp"}})
    assert "a project's or enterprise's own" in stale(warehouse)
    assert night(warehouse, record | {"with": {"value": "3001万元"}}).corrected == 1
    assert rows(warehouse, "select obs_value, value_text from core.project") == [(30010000, "3000万元")]


def test_only_the_texts_that_changed_records_name_are_normalised_anew(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", MISPRINT)
    add(warehouse, "other.txt", OTHER)
    assert night(warehouse).normalised == 2
    before = everything(warehouse)
    assert night(warehouse, a_record()).normalised == 1
    assert night(warehouse, a_record()).normalised == 0
    assert night(warehouse, a_record(reason="as its finance office says")).normalised == 1
    assert night(warehouse, a_record(document="absent.txt")).normalised == 1
    assert night(warehouse).normalised == 0
    assert everything(warehouse) == before
    assert rows(warehouse, "select * from ops.correction") == []
    assert rows(warehouse, "select * from ops.review_item where kind = 'stale_correction'") == []
