"""A document that says something else than the settings of its source is a question for a curator."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from gongbao.ingest import Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.normalise.source_conflicts import place_conflict, publisher_conflict
from gongbao.warehouse import Warehouse

REPORT = "{place}2024年政府工作报告\n2024年，全县完成一般公共预算收入6.2亿元，增长5.2%。\n"


@pytest.mark.parametrize(
    ("source_place", "ref_area", "is_conflict"),
    [
        ("惠民县", "371621", False),
        ("惠民县", "371621111", False),
        ("滨州市", "371621", False),
        ("山东省", "371621111", False),
        ("惠民县", "371625", True),
        ("惠民县", "371600", True),
        ("山东省/惠民县/姜楼镇", "371621", True),
        ("惠民县", None, False),
        (None, "371621", False),
    ],
)
def test_a_document_from_outside_the_source_is_a_conflict(
    source_place: str | None, ref_area: str | None, is_conflict: bool
) -> None:
    assert (place_conflict(source_place, ref_area) is not None) is is_conflict


@pytest.mark.parametrize(
    ("publisher", "stated", "is_conflict"),
    [
        ("惠民县人民政府", "惠民县人民政府办公室", False),
        ("惠民县统计局", "惠民县统计局", False),
        ("惠民县人民政府", "博兴县人民政府", True),
        (None, "博兴县人民政府", False),
        ("惠民县人民政府", None, False),
    ],
)
def test_another_publisher_is_a_conflict_an_office_of_the_same_is_none(
    publisher: str | None, stated: str | None, is_conflict: bool
) -> None:
    assert (publisher_conflict(publisher, stated) is not None) is is_conflict


def test_a_neighbours_report_is_believed_and_asked_about(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(REPORT.format(place="惠民县"), "utf-8")
    (tmp_path / "in" / "b.txt").write_text(REPORT.format(place="博兴县"), "utf-8")
    ingest(warehouse, [Source("office", tmp_path / "in", place="惠民县")], datetime(2026, 3, 1))
    extract_pending(warehouse)
    normalise(warehouse)
    places = warehouse.connection.execute("select distinct ref_area from core.fact order by 1").fetchall()
    assert places == [("371621",), ("371625",)]
    ((subject, waiting, status),) = warehouse.connection.execute(
        "select subject, waiting, status from ops.review_item where kind = 'source_conflict'"
    ).fetchall()
    assert subject.startswith("b.txt of source office: the source is of ")
    assert "惠民县" in subject
    assert "博兴县" in subject
    assert (waiting, status) == (2, "open")
