"""A document's frame: what it says of itself, what its container adds, each slot with what it was read from."""

from __future__ import annotations

from pathlib import Path

from gongbao.ingest import Source, ingest
from gongbao.ingest.frames import read_frame
from gongbao.ingest.readers.result import Stated
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import NIGHT, rows

REPORT = "惠民县2024年政府工作报告\n——2025年1月15日在惠民县人民代表大会上\n2024年，完成税收收入6亿元。\n"
BARE = "全镇完成税收收入6120万元。\n"
STATED = Stated("姜楼镇工作总结", "姜楼镇人民政府", "2025-02-03", (("published_on", "meta PubDate"),))


def origins(evidence: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    return {row["slot"]: (row["origin"], row["value"]) for row in evidence}


def test_the_text_comes_before_its_container() -> None:
    read = read_frame(REPORT, (), "a.html", STATED)
    assert read.frame.title == "惠民县2024年政府工作报告"
    assert origins(read.evidence())["title"] == ("text", "惠民县2024年政府工作报告")


def test_the_container_fills_what_the_text_leaves_out_and_is_named() -> None:
    read = read_frame(BARE, (), "a.html", STATED)
    assert (read.frame.publisher, str(read.published_on)) == ("姜楼镇人民政府", "2025-02-03")
    (date,) = [row for row in read.evidence() if row["slot"] == "published_on"]
    assert (date["origin"], date["evidence"]) == ("container", "meta PubDate")


def test_every_slot_with_a_value_has_its_evidence_and_its_words(warehouse: Warehouse, inbox: Path) -> None:
    (inbox / "a.txt").write_text(REPORT, "utf-8")
    ingest(warehouse, [Source("office", inbox, publisher="惠民县人民政府", place="滨州市")], NIGHT)
    found = {
        slot: (value, origin, evidence)
        for slot, value, origin, evidence in rows(
            warehouse, "select slot, value, origin, evidence from raw.frame_evidence"
        )
    }
    assert set(found) == {
        *("title", "doc_type", "place", "published_on", "reporting_period", "plan_period", "publisher")
    }
    assert found["place"] == ("惠民县", "text", "惠民县")
    assert found["doc_type"] == ("work_report", "text", "政府工作报告")
    assert found["reporting_period"][:2] == ("2024", "text")
    assert all(evidence in REPORT for _, origin, evidence in found.values() if origin == "text")
    assert found["publisher"] == ("惠民县人民政府", "source", "office")


def test_settings_taken_back_leave_no_evidence(warehouse: Warehouse, inbox: Path) -> None:
    (inbox / "a.txt").write_text(BARE, "utf-8")
    ingest(warehouse, [Source("office", inbox, place="惠民县")], NIGHT)
    assert rows(warehouse, "select value from raw.frame_evidence where slot = 'place'") == [("惠民县",)]
    ingest(warehouse, [Source("office", inbox)], NIGHT)
    assert rows(warehouse, "select value from raw.frame_evidence where slot = 'place'") == []
