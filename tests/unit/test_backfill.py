"""Documents that are worked through anew: which are chosen, and that the same comes out again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from gongbao.backfill import Selection, select, work_anew
from gongbao.errors import UsageError, WarehouseDamaged
from gongbao.ingest import Limits, Source, ingest
from gongbao.normalise import extract_pending, normalise
from gongbao.warehouse import Warehouse

NIGHT = datetime(2026, 3, 1, 2, 0, 0)
LATER = datetime(2026, 3, 5, 2, 0, 0)
TEXTS = {
    "姜楼镇.txt": "惠民县姜楼镇2023年工作总结\n\n2023年,一般公共预算收入5533万元。新增城镇就业312人。\n",
    "李庄镇.txt": "惠民县李庄镇2023年工作总结\n\n2023年,全镇一般公共预算收入6120万元。\n",
    "平原县.txt": "平原县2022年统计公报\n平原县统计局\n2023年3月20日\n\n2022年,地区生产总值200亿元。\n",
    "empty.txt": "",
    "bad.pdf": "%PDF-1.4 broken",
}
EVERY_ROW = """
    select fact_id, document_id, ref_area, obs_value, value_text, known_from from core.fact order by all
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("backfill")
    inbox = folder / "inbox"
    inbox.mkdir()
    for name, text in TEXTS.items():
        (inbox / name).write_text(text, "utf-8")
    with Warehouse(folder / "warehouse") as warehouse:
        ingest(warehouse, [Source("office", inbox, place="滨州市")], NIGHT)
        extract_pending(warehouse)
        normalise(warehouse)
        yield warehouse


def rows(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    return warehouse.connection.execute(sql).fetchall()


def chosen(warehouse: Warehouse, **conditions: Any) -> set[str]:
    ids = select(warehouse, Selection(**conditions))
    names = dict(rows(warehouse, "select document_id, file_name from raw.document"))
    assert list(ids) == sorted(ids)
    return {names[document_id] for document_id in ids}


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({"documents": ("姜楼镇.txt", "bad.pdf")}, {"姜楼镇.txt", "bad.pdf"}),
        ({"places": ("惠民县",)}, {"姜楼镇.txt", "李庄镇.txt"}),
        ({"places": ("371426",)}, {"平原县.txt"}),
        ({"places": ("山东省",)}, {"姜楼镇.txt", "李庄镇.txt", "平原县.txt"}),
        ({"since": date(2023, 3, 20), "until": date(2023, 3, 20)}, {"平原县.txt"}),
        ({"places": ("惠民县",), "documents": ("姜楼镇.txt", "平原县.txt")}, {"姜楼镇.txt"}),
        ({"everything": True}, {*TEXTS}),
    ],
)
def test_conditions_narrow_the_choice_together(filled: Warehouse, conditions: dict[str, Any], names: set[str]) -> None:
    assert chosen(filled, **conditions) == names


def test_a_document_is_named_by_the_beginning_of_its_id(filled: Warehouse) -> None:
    [(document_id,)] = rows(filled, "select document_id from raw.document where file_name = '李庄镇.txt'")
    assert chosen(filled, documents=(document_id[:8],)) == {"李庄镇.txt"}


@pytest.mark.parametrize(
    ("conditions", "what"),
    [
        ({}, "nothing is selected"),
        ({"everything": True, "places": ("惠民县",)}, "both everything and a choice are named"),
        ({"since": date(2024, 1, 2), "until": date(2024, 1, 1)}, "no date is between 2024-01-02 and 2024-01-01"),
        ({"documents": ("gone.txt",)}, "no document is called gone.txt"),
        ({"places": ("乌有县",)}, "乌有县 is no place of the list"),
        ({"since": date(2030, 1, 1)}, "nothing is selected: no document of the warehouse meets all conditions"),
    ],
)
def test_a_choice_of_nothing_is_wrong_use(filled: Warehouse, conditions: dict[str, Any], what: str) -> None:
    with pytest.raises(UsageError) as refused:
        select(filled, Selection(**conditions))
    assert refused.value.what == what
    assert refused.value.remedy


def test_what_is_chosen_is_read_extracted_and_normalised_anew_and_comes_out_the_same(filled: Warehouse) -> None:
    before = rows(filled, EVERY_ROW)
    documents = rows(filled, "select * from raw.document order by document_id")
    filled.connection.execute("update raw.text set content = '' where content like '%5533%'")
    report = work_anew(filled, select(filled, Selection(documents=("姜楼镇.txt", "bad.pdf"))), LATER, Limits())
    assert (report.seen, report.new, report.quarantined) == (2, 0, 1)
    assert extract_pending(filled).extracted == 1
    assert normalise(filled).normalised == 1
    assert rows(filled, EVERY_ROW) == before
    assert rows(filled, "select * from raw.document order by document_id") == documents
    assert rows(filled, "select count(*) from raw.text where content like '%5533%'") == [(1,)]


def test_what_lies_refused_in_a_source_is_not_gone_because_nobody_looked(filled: Warehouse) -> None:
    before = rows(filled, "select uri, reason, gone from ops.quarantine order by uri")
    work_anew(filled, select(filled, Selection(documents=("李庄镇.txt",))), LATER, Limits())
    extract_pending(filled)
    normalise(filled)
    assert rows(filled, "select uri, reason, gone from ops.quarantine order by uri") == before
    assert ("bad.pdf", False) in [(uri, gone) for uri, _, gone in before]


def test_a_missing_original_is_named_and_nothing_of_the_document_is_lost(filled: Warehouse) -> None:
    documents = select(filled, Selection(documents=("李庄镇.txt",)))
    blob: Path = filled.blobs / documents[0]
    aside = blob.rename(blob.with_suffix(".aside"))
    with pytest.raises(WarehouseDamaged, match="李庄镇"):
        work_anew(filled, documents, LATER, Limits())
    aside.rename(blob)
    assert extract_pending(filled).extracted == 1  # what the killed backfill left undone
    normalise(filled)
    assert rows(filled, "select count(*) from core.fact where value_text = '6120万元'") == [(1,)]
