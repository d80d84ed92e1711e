"""From texts in the warehouse to facts: once per text, whatever the order, the processes and the failures."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gongbao import extract
from gongbao.errors import UsageError
from gongbao.extract.statement import Extraction
from gongbao.grid import Cell, Sheet
from gongbao.ingest import Source, ingest
from gongbao.normalise import crowds, extract_pending, normalise, work
from gongbao.normalise.review import Decision, decide
from gongbao.normalise.vocabulary_tables import load_vocabulary
from gongbao.warehouse import Warehouse, insert
from gongbao.workers import HERE, local

NOW = datetime(2026, 1, 1)
REPORT = """惠民县李庄镇2024年工作总结

李庄镇人民政府  2025年1月10日

一、2024年工作回顾

2024年,全镇完成一般公共预算收入6120万元,增长5.2%,总量居全县第二位。新增高新技术企业4家。镇域内某机械公司投资3000万元扩建车间。
开发区引进项目12个。绳网作坊数2300家。

二、2025年工作安排

2025年,力争一般公共预算收入增长6%以上,新增高新技术企业5家以上。
"""
OTHER = REPORT.replace("李庄镇", "胡集镇").replace("6120", "5890")
ASKED = "select waiting, status from ops.review_item where kind = 'unknown_indicator' and subject like '绳网%'"
RELATIONS = ("fact", "target", "project", "unresolved")


def add(warehouse: Warehouse, name: str, text: str, **slots: Any) -> str:
    """A document as ingest leaves it; its id is the hash of its name."""
    text_id = hashlib.sha256(text.encode()).hexdigest()
    document_id = hashlib.sha256(name.encode()).hexdigest()
    frame = extract.read_frame(text)
    row = {
        "document_id": document_id,
        "text_id": text_id,
        "source_name": "towns",
        "file_name": name,
        "title": frame.title,
        "place_stated": frame.place,
        "parent_places": "/".join(frame.parent_places) or None,
        "text_length": len(text),
        "ingest_status": "accepted",
        "first_seen_at": NOW,
        **slots,
    }
    insert(warehouse.connection, "raw.document", [row])
    item = {"sighting_id": name, "source_name": "towns", "uri": name, "fetched_at": NOW, "sha256": document_id}
    insert(warehouse.connection, "raw.source_item", [{**item, "size_bytes": len(text.encode())}])
    if not rows(warehouse, f"select 1 from raw.text where text_id = '{text_id}'"):
        insert(warehouse.connection, "raw.text", [{"text_id": text_id, "content": text}])
    return document_id


def rows(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    return warehouse.connection.execute(query).fetchall()


def night(warehouse: Warehouse, processes: int = 1) -> None:
    with local(processes) as workers:
        extract_pending(warehouse, workers)
    normalise(warehouse)


def everything(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    relations = ("statement", "rejection", "extraction", "normalisation", *RELATIONS)
    return {relation: rows(warehouse, f"select * from core.{relation} order by all") for relation in relations}


def test_a_note_on_all_figures_is_read_with_the_year_that_the_document_reports(warehouse: Warehouse) -> None:
    dated = add(warehouse, "李庄.txt", f"{REPORT}\n注:本报告数据均为初步统计数。\n", reporting_period="2024")
    undated = add(warehouse, "胡集.txt", f"{OTHER}\n注:本报告数据均为初步统计数。\n")
    night(warehouse)
    found = dict(rows(warehouse, "select document_id, string_agg(distinct obs_status) from core.fact group by all"))
    assert found == {dated: "P", undated: "A"}
    assert rows(warehouse, "select distinct obs_status from core.target") == [("F",)]


def test_a_report_becomes_facts_and_targets(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", REPORT)
    night(warehouse)
    facts = rows(
        warehouse,
        "select ref_area, indicator_id, measure, obs_value from core.fact where time_period = '2024' order by all",
    )
    assert ("371621105", "general_budget_revenue", "level", 61200000) in facts
    assert ("371621105", "new_hitech_enterprises", "level", 4) in facts
    targets = rows(warehouse, "select ref_area, indicator_id, obs_value, comparator, modality from core.target")
    assert ("371621105", "new_hitech_enterprises", 5, "min", "strive") in targets


def test_a_text_that_gives_a_figure_more_values_than_any_text_does_gives_none(warehouse: Warehouse) -> None:
    lines = "".join(f"2024年,全镇完成一般公共预算收入{value}万元。\n" for value in range(6121, 6121 + crowds.MOST))
    add(warehouse, "report.txt", REPORT + lines)
    add(warehouse, "other.txt", OTHER + lines.rpartition("2024")[0])  # one less
    night(warehouse)
    level = "indicator_id = 'general_budget_revenue' and measure = 'level'"
    by_document = (
        "select d.file_name, count(*) from {} join raw.document as d using (document_id) where {} group by all"
    )
    assert rows(warehouse, by_document.format("core.fact", level)) == [("other.txt", crowds.MOST)]
    assert rows(warehouse, by_document.format("core.unresolved", "reason = 'too_many_values'")) == [
        ("report.txt", crowds.MOST + 1)
    ]
    assert rows(warehouse, "select distinct detail from core.unresolved where reason = 'too_many_values'") == [
        ("21 values of general_budget_revenue in 2024",)
    ]


def test_every_statement_is_in_exactly_one_relation(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", REPORT)
    add(warehouse, "other.txt", OTHER)
    night(warehouse)
    union = " union all ".join(f"select statement_id from core.{relation}" for relation in RELATIONS)
    placed = rows(warehouse, f"select statement_id from ({union}) order by all")
    assert placed == rows(warehouse, "select statement_id from core.statement order by all")
    assert len(set(placed)) == len(placed) > 0


def test_a_second_night_changes_nothing(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", REPORT)
    night(warehouse)
    before = everything(warehouse)
    again = extract_pending(warehouse)
    assert (again.extracted, again.unchanged) == (0, 1)
    report = normalise(warehouse)
    assert (report.normalised, report.unchanged) == (0, 1)
    assert everything(warehouse) == before


def test_processes_and_order_of_arrival_change_nothing(tmp_path: Path) -> None:
    results = []
    for processes, names in ((1, ("report", "other")), (2, ("other", "report"))):
        with Warehouse(tmp_path / str(processes)) as opened:
            for name in names:
                add(opened, f"{name}.txt", REPORT if name == "report" else OTHER)
            night(opened, processes)
            results.append(everything(opened))
    assert results[0] == results[1]


def test_the_same_text_twice_contributes_once(warehouse: Warehouse) -> None:
    ids = sorted(add(warehouse, name, REPORT) for name in ("first.txt", "copy.txt"))
    night(warehouse)
    assert rows(warehouse, "select distinct document_id from core.fact") == [(ids[0],)]
    assert rows(warehouse, "select count(*) from core.normalisation") == [(1,)]


def test_a_text_is_known_since_the_first_document_that_brought_it(warehouse: Warehouse) -> None:
    last, first = sorted(("first.txt", "copy.txt"), key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    add(warehouse, first, REPORT)
    night(warehouse)
    add(warehouse, last, REPORT, first_seen_at=datetime(2026, 6, 1))
    night(warehouse)
    speaker = hashlib.sha256(last.encode()).hexdigest()
    assert rows(warehouse, "select distinct document_id, known_from from core.fact") == [(speaker, NOW)]


def test_another_document_speaks_when_the_first_is_refused(warehouse: Warehouse) -> None:
    ids = sorted(add(warehouse, name, REPORT) for name in ("first.txt", "copy.txt"))
    night(warehouse)
    count = rows(warehouse, "select count(*) from core.fact")
    refuse = "update raw.document set ingest_status = 'quarantined' where document_id = ?"
    warehouse.connection.execute(refuse, [ids[0]])
    night(warehouse)
    assert rows(warehouse, "select distinct document_id from core.fact") == [(ids[1],)]
    assert rows(warehouse, "select count(*) from core.fact") == count
    warehouse.connection.execute(refuse, [ids[1]])
    night(warehouse)
    assert [rows(warehouse, f"select count(*) from core.{relation}") for relation in RELATIONS] == [[(0,)]] * 4


def test_a_text_that_breaks_the_extractor_does_not_stop_the_night(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = add(warehouse, "broken.txt", OTHER)
    add(warehouse, "report.txt", REPORT)
    real = extract.extract_text

    def fault(text: str) -> Extraction:
        return real(text) if "李庄镇" in text else real(text[: 1 // 0])

    monkeypatch.setattr(extract, "extract_text", fault)
    report = extract_pending(warehouse)
    assert (report.extracted, [failure.document_id for failure in report.failures]) == (1, [broken])
    assert rows(warehouse, "select quarantine_id, uri, reason from ops.quarantine") == [
        (broken, "broken.txt", "extraction_failed")
    ]
    assert (warehouse.quarantine / f"{broken}.json").exists()
    assert extract_pending(warehouse).failures != ()  # tried again, and still one row
    assert rows(warehouse, "select count(*) from ops.quarantine") == [(1,)]
    monkeypatch.undo()
    assert extract_pending(warehouse).extracted == 1
    assert rows(warehouse, "select count(*) from ops.quarantine") == [(0,)]
    assert not (warehouse.quarantine / f"{broken}.json").exists()


def test_a_vocabulary_that_cannot_be_read_is_the_operators_to_know(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(warehouse, "report.txt", REPORT)

    def unreadable(text: str) -> Extraction:
        raise UsageError("units.csv line 3: not as many cells as the header has", "quote cells with commas")

    monkeypatch.setattr(extract, "extract_text", unreadable)
    with pytest.raises(UsageError, match="not as many cells"):
        extract_pending(warehouse)


def test_what_waits_is_asked_once_with_the_figures_that_wait(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", REPORT)
    add(warehouse, "other.txt", OTHER)
    night(warehouse)
    asked = rows(
        warehouse,
        "select waiting, places, status from ops.review_item where kind = 'unknown_indicator' and subject like '绳网%'",
    )
    assert asked == [(2, 2, "open")]
    ((review_id, subject),) = rows(
        warehouse,
        "select review_id, subject from ops.review_item where kind = 'unknown_indicator' and subject like '绳网%'",
    )
    no = Decision(review_id, "unknown_indicator", subject, "rejected", NOW.isoformat(), "a workshop is no indicator")
    decide(warehouse, no)
    add(warehouse, "third.txt", OTHER.replace("胡集镇", "淄角镇"))
    night(warehouse)
    asked = rows(
        warehouse,
        "select waiting, status from ops.review_item where kind = 'unknown_indicator' and subject like '绳网%'",
    )
    assert asked == [(3, "rejected")]


def test_a_document_without_a_county_waits_with_its_candidates(warehouse: Warehouse) -> None:
    add(warehouse, "report.txt", REPORT.replace("惠民县李庄镇", "李庄镇"), parent_places=None)
    night(warehouse)
    found = rows(warehouse, "select subject, waiting > 0, candidates from ops.review_item where kind = 'unknown_place'")
    assert len(found) == 1
    assert found[0][:2] == ("李庄镇", True)
    assert "371621105" in found[0][2]


def test_the_source_may_know_the_county(warehouse: Warehouse) -> None:
    text = REPORT.replace("惠民县李庄镇", "李庄镇")
    add(warehouse, "report.txt", text, parent_places=None, source_place="山东省/滨州市/惠民县", caveat_codes="sample")
    night(warehouse)
    assert rows(warehouse, "select ref_area from core.normalisation") == [("371621105",)]
    assert rows(warehouse, "select distinct caveat_codes from core.fact") == [("sample",)]


def test_dimension_tables_are_loaded_once(warehouse: Warehouse) -> None:
    assert load_vocabulary(warehouse)
    assert not load_vocabulary(warehouse)
    levels = dict(
        rows(warehouse, "select area_level, count(*) from core.place where valid_to is null group by area_level")
    )
    assert levels == {"province": 34, "prefecture": 333, "county": 2847, "township": 38749}
    assert rows(warehouse, "select parent, nbs_code from core.place where ref_area = '371621111'") == [
        ("371621", "371621111")
    ]
    assert rows(warehouse, "select successor from core.place_succession where ref_area = '371626'") == [("371681",)]
    assert rows(warehouse, "select multiplier from core.unit where spelling = '公顷'") == [(15,)]


def test_on_the_annotated_documents(warehouse: Warehouse, shared: Path) -> None:
    ingest(warehouse, [Source("gold", shared / "gold" / "dev")], NOW)
    night(warehouse)
    facts = rows(
        warehouse,
        """
        select measure, obs_value, scope from core.fact
        where ref_area = '371621111' and indicator_id = 'general_budget_revenue' and time_period = '2023' order by all
        """,
    )
    assert facts == [("level", 55330000, None), ("rank", 3, "全县镇办")]
    targets = rows(
        warehouse,
        """
        select obs_value, comparator from core.target
        where ref_area = '371621111' and indicator_id = 'new_hitech_enterprises' and time_period = '2024'
        """,
    )
    assert targets == [(5, "min")]


def test_a_large_grid_is_extracted_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "LARGE_GRID", 3)
    rows = (("惠民县各镇2023年户数", ""), ("镇", "户数（户）"), ("李庄镇", "5"))
    sheet = Sheet("表", tuple(tuple(Cell(text, text.isdecimal()) for text in row) for row in rows), ())
    tasks = [
        work.Task("1", "1", "a.txt", REPORT, ()),
        work.Task("2", "2", "b.xlsx", None, (sheet,)),
        work.Task("3", "3", "c.txt", OTHER, ()),
    ]
    assert [task.is_large for task in tasks] == [False, True, False]
    with local(2) as two:
        assert list(work.begin(HERE, tasks)) == list(work.begin(two, tasks))
