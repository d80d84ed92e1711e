"""A night's intake, seen from the warehouse: rows, blobs, ledger, quarantine, and nights that repeat."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from gongbao.ingest import Source, ingest
from gongbao.ingest.grids import load_grid
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import BULLETIN, NIGHT, Book, Night, rows

LATER = datetime(2026, 3, 2, 2, 0, 0)
RELATIONS = ("raw.source", "raw.source_item", "raw.document", "raw.text", "raw.cell", "ops.quarantine")


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def counts(warehouse: Warehouse) -> dict[str, int]:
    return {name: rows(warehouse, f"select count(*) from {name}")[0][0] for name in RELATIONS}


def quarantined(warehouse: Warehouse) -> dict[str, str]:
    return dict(rows(warehouse, "select uri, reason from ops.quarantine"))


def test_a_bulletin_becomes_blob_sighting_document_and_text(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    data = b"\xef\xbb\xbf" + BULLETIN.replace("\n", "\r\n").encode()
    (inbox / "石桥").mkdir()
    (inbox / "石桥" / "报告.txt").write_bytes(data)
    report = night(caveats=("sample",))
    assert (report.seen, report.new, report.quarantined) == (1, 1, 0)
    assert (warehouse.blobs / sha(data)).read_bytes() == data
    assert rows(warehouse, "select source_name, uri, sha256, size_bytes, fetched_at from raw.source_item") == [
        ("office", "石桥/报告.txt", sha(data), len(data), NIGHT)
    ]
    assert rows(
        warehouse, "select document_id, file_name, reader, text_length, ingest_status, caveat_codes from raw.document"
    ) == [(sha(data), "报告.txt", "text", len(BULLETIN), "accepted", "sample")]
    assert rows(warehouse, "select text_id, content from raw.text") == [(sha(BULLETIN.encode()), BULLETIN)]


def test_the_frame_of_the_text_stands_in_the_document(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "报告.txt").write_text(BULLETIN, "utf-8")
    night(publisher="石桥镇人民政府", place="海阳县")
    (found,) = rows(
        warehouse, "select title, doc_type, publisher, place_stated, source_place, reporting_period from raw.document"
    )
    assert found == ("石桥镇2023年工作总结", "work_summary", "石桥镇人民政府", "石桥镇", "海阳县", "2023")


def test_a_workbook_becomes_cells(warehouse: Warehouse, night: Night, book: Book) -> None:
    book(
        "表.xlsx",
        [["海阳县各镇主要经济指标（2023年）", None], ["镇", "收入（万元）"], ["石桥镇", 4321]],
        merged=["A1:B1"],
    )
    assert night().new == 1
    assert rows(
        warehouse, "select cell, content, is_number, row_span, column_span from raw.cell order by row_no, column_no"
    ) == [
        ("A1", "海阳县各镇主要经济指标（2023年）", False, 1, 2),
        ("A2", "镇", False, 1, 1),
        ("B2", "收入（万元）", False, 1, 1),
        ("A3", "石桥镇", False, 1, 1),
        ("B3", "4321", True, 1, 1),
    ]
    assert rows(warehouse, "select title, doc_type, place_stated, reporting_period, reader from raw.document") == [
        ("海阳县各镇主要经济指标（2023年）", "table", "海阳县", "2023", "workbook")
    ]


def test_a_second_night_on_the_same_inbox_does_nothing(
    warehouse: Warehouse, inbox: Path, night: Night, book: Book
) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    (inbox / "b.pdf").write_bytes(b"%PDF-1.7")
    (inbox / "gone.txt").symlink_to("nowhere")
    book("c.xlsx", [["镇", "收入"], ["石桥镇", 1]])
    first = night()
    before = counts(warehouse), warehouse.read_ledger("sightings"), _stat(warehouse)
    second = night(now=LATER)
    assert (counts(warehouse), warehouse.read_ledger("sightings"), _stat(warehouse)) == before
    assert (second.new, second.duplicate, second.unchanged, second.quarantined) == (0, 0, 2, 2)
    assert second.refusals == first.refusals


def _stat(warehouse: Warehouse) -> dict[str, int]:
    folders = (warehouse.blobs, warehouse.quarantine)
    return {path.name: path.stat().st_mtime_ns for folder in folders for path in sorted(folder.iterdir())}


def test_the_inbox_is_never_changed(inbox: Path, night: Night, book: Book) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    book("b.xlsx", [["镇", "收入"], ["石桥镇", 1]])
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in inbox.iterdir()}
    night()
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in inbox.iterdir()} == before


def test_one_content_under_two_names_is_one_document(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    (inbox / "b.txt").write_text(BULLETIN, "utf-8")
    report = night()
    assert (report.seen, report.new, report.duplicate) == (2, 1, 1)
    found = counts(warehouse)
    assert (found["raw.source_item"], found["raw.document"], found["raw.text"]) == (2, 1, 1)


def test_one_text_in_two_encodings_is_two_documents_of_one_text(
    warehouse: Warehouse, inbox: Path, night: Night
) -> None:
    (inbox / "a.txt").write_bytes(BULLETIN.encode("gb18030"))
    (inbox / "b.txt").write_bytes(BULLETIN.encode())
    report = night()
    assert (report.new, report.duplicate) == (1, 1)
    assert rows(warehouse, "select count(*), count(distinct text_id) from raw.document") == [(2, 1)]
    assert counts(warehouse)["raw.text"] == 1


def test_a_document_that_left_the_inbox_stays(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night()
    (inbox / "a.txt").unlink()
    assert night(now=LATER).seen == 0
    assert rows(warehouse, "select ingest_status from raw.document") == [("accepted",)]


def test_a_refusal_has_a_row_a_file_and_a_document(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "报告.pdf").write_bytes(b"{\\rtf1}")
    (refusal,) = night().refusals
    assert (refusal.uri, refusal.reason) == ("报告.pdf", "unsupported_format")
    name = sha(b"{\\rtf1}")
    entry = json.loads((warehouse.quarantine / f"{name}.json").read_text("utf-8"))
    assert entry == {
        "id": name,
        "source": "office",
        "uri": "报告.pdf",
        "reason": "unsupported_format",
        "detail": refusal.detail,
        "remedy": refusal.remedy,
        "size_bytes": 7,
        "gone": False,
    }
    assert rows(warehouse, "select quarantine_id, reason, remedy from ops.quarantine") == [
        (name, "unsupported_format", refusal.remedy)
    ]
    assert rows(warehouse, "select document_id, ingest_status, text_id, title from raw.document") == [
        (name, "quarantined", None, "报告")
    ]
    assert (warehouse.blobs / name).exists()


def test_a_bad_file_does_not_stop_the_good_ones(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    (inbox / "b.txt").write_bytes(b"")
    (inbox / "c.txt").write_bytes(bytes(range(128, 256)))
    (inbox / "d.jsonl").write_text('{"text": "收入"}\n', "utf-8")
    (inbox / "e.txt").write_text("Annual report", "utf-8")
    (inbox / "f.txt").write_text(BULLETIN, "utf-8")
    report = night()
    assert report.new == 1
    assert quarantined(warehouse) == {
        "a.xlsx": "damaged",
        "b.txt": "empty",
        "c.txt": "undecodable",
        "d.jsonl": "unsupported_format",
        "e.txt": "no_chinese_text",
    }
    assert len(list(warehouse.quarantine.glob("*.json"))) == 5


def test_text_with_lost_characters_is_accepted_with_a_warning(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.txt").write_text(BULLETIN + "其中税收????万元\n", "utf-8")
    assert night().warnings == (("a.txt", "question_marks"),)
    assert rows(warehouse, "select ingest_status, warnings from raw.document") == [
        ("accepted_with_warning", "question_marks")
    ]


def test_a_name_without_content_leaves_quarantine_when_it_can_be_read(
    warehouse: Warehouse, inbox: Path, night: Night
) -> None:
    (inbox / "a.txt").symlink_to("missing.txt")
    night()
    assert quarantined(warehouse) == {"a.txt": "broken_link"}
    assert (warehouse.quarantine / (sha(b"office\0a.txt") + ".json")).exists()
    (inbox / "a.txt").unlink()
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    assert night(now=LATER).new == 1
    assert quarantined(warehouse) == {}
    assert list(warehouse.quarantine.iterdir()) == []
    assert rows(warehouse, "select ingest_status from raw.document") == [("accepted",)]


def test_a_refusal_by_an_older_reader_is_tried_again(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night()
    (document,) = rows(warehouse, "select document_id from raw.document")[0]
    warehouse.connection.execute("delete from raw.text")
    warehouse.connection.execute("update raw.document set ingest_status = 'quarantined', reader_version = 'older'")
    warehouse.connection.execute(
        "insert into ops.quarantine values (?, 'office', 'a.txt', 'undecodable', 'old', 'none', 1, false)", [document]
    )
    assert night(now=LATER).new == 1
    assert quarantined(warehouse) == {}
    assert rows(warehouse, "select ingest_status from raw.document") == [("accepted",)]


def test_what_an_older_reader_has_read_is_read_anew(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night()
    fresh = rows(warehouse, "select * from raw.document"), rows(warehouse, "select * from raw.text")
    warehouse.connection.execute("update raw.text set text_id = 'older', content = '石桥镇'")
    warehouse.connection.execute("update raw.document set text_id = 'older', title = '', reader_version = 'older'")
    report = night(now=LATER)
    assert (report.seen, report.unchanged, report.new, report.replayed) == (1, 1, 0, 0)
    assert (rows(warehouse, "select * from raw.document"), rows(warehouse, "select * from raw.text")) == fresh


def test_a_frame_read_by_an_older_extraction_is_read_anew(
    warehouse: Warehouse, inbox: Path, night: Night, book: Book
) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    book("b.xlsx", [["青河县各镇主要经济指标（2023年）"], ["镇", "收入"], ["石桥镇", 1]])
    night(publisher="统计局")
    columns = "document_id, title, publisher, doc_type, place_stated, reporting_period, reader_version"
    fresh = rows(warehouse, f"select {columns} from raw.document order by document_id")
    warehouse.connection.execute(
        "update raw.document set title = 'old', publisher = null, place_stated = null, reader_version = 'older+older'"
    )
    report = night(now=LATER, publisher="统计局")
    assert (report.new, report.unchanged) == (0, 2)
    assert rows(warehouse, f"select {columns} from raw.document order by document_id") == fresh


def test_the_ledger_holds_what_a_rebuild_needs(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    (inbox / "b.txt").symlink_to("nowhere")
    night(publisher="统计局", place="海阳县", caveats=("sample",))
    (entry,) = warehouse.read_ledger("sightings")
    assert entry.pop("sighting_id")
    assert entry == {
        "source": "office",
        "uri": "a.txt",
        "sha256": sha(BULLETIN.encode()),
        "size_bytes": len(BULLETIN.encode()),
        "fetched_at": NIGHT.isoformat(),
        "revision": 1,
    }
    assert warehouse.read_ledger("sources") == [
        {
            "at": NIGHT.isoformat(),
            "source": "office",
            "publisher": "统计局",
            "place": "海阳县",
            "caveats": ["sample"],
        }
    ]


def test_rows_do_not_depend_on_the_order_in_which_files_arrived(tmp_path: Path) -> None:
    contents = {"a.txt": BULLETIN, "b.txt": BULLETIN, "c.txt": "Annual report", "d/e.txt": BULLETIN + "\n"}
    states = []
    for number, names in enumerate((sorted(contents), sorted(contents, reverse=True))):
        folder = tmp_path / f"inbox{number}"
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(contents[name], "utf-8")
        with Warehouse(tmp_path / f"w{number}") as warehouse:
            ingest(warehouse, [Source("office", folder)], NIGHT)
            states.append({name: rows(warehouse, f"select * from {name}") for name in RELATIONS})
    assert states[0] == states[1]


def test_an_inbox_that_is_not_there_is_named_and_the_others_are_read(
    warehouse: Warehouse, inbox: Path, tmp_path: Path
) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    report = ingest(warehouse, [Source("gone", tmp_path / "gone"), Source("office", inbox)], NIGHT)
    assert report.new == 1
    ((name, reason),) = report.unreached
    assert name == "gone"
    assert "cannot be listed" in reason


@pytest.mark.parametrize("name", ["o'; drop table facts;--.txt", "[2024]*{a,b}?.txt", "换行\n公报.txt", "-rf.txt"])
def test_hostile_names_are_only_names(warehouse: Warehouse, inbox: Path, night: Night, name: str) -> None:
    (inbox / name).write_text(BULLETIN, "utf-8")
    assert night().new == 1
    assert rows(warehouse, "select file_name from raw.document") == [(name,)]


def test_the_annotated_documents_are_read_and_their_annotations_are_not(warehouse: Warehouse, shared: Path) -> None:
    report = ingest(warehouse, [Source("gold", shared / "gold" / "dev")], NIGHT)
    assert (report.new, report.quarantined) == (26, 26)
    assert {refusal.reason for refusal in report.refusals} == {"unsupported_format"}
    for text_id, content in rows(warehouse, "select text_id, content from raw.text"):
        assert sha(content.encode()) == text_id


def test_what_is_dated_years_ahead_waits_until_its_day(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "报告.txt").write_text("石桥镇2027年工作总结\n2028年1月9日\n\n2027年,全镇收入4321万元。\n", "utf-8")
    night()  # in March 2026
    assert quarantined(warehouse) == {"报告.txt": "dated_in_future"}
    night(now=datetime(2027, 3, 1))
    assert not quarantined(warehouse)
    assert rows(warehouse, "select ingest_status, published_on::varchar from raw.document") == [
        ("accepted", "2028-01-09")
    ]


def test_a_name_that_is_no_utf8_is_told(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / os.fsdecode("公报".encode("gbk") + b".txt")).write_text(BULLETIN, "utf-8")
    night()
    assert rows(warehouse, "select file_name, ingest_status, warnings from raw.document") == [
        ("%B9%AB%B1%A8.txt", "accepted_with_warning", "name_not_utf8")
    ]


def test_a_text_in_traditional_characters_is_told(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    (inbox / "a.txt").write_text("石橋鎮2023年,全鎮完成一般公共預算收入4321萬元。\n", "utf-8")
    night()
    assert rows(warehouse, "select warnings from raw.document") == [("traditional_characters",)]


def test_the_ragged_rows_of_a_table_stay_ragged_in_the_warehouse(
    warehouse: Warehouse, inbox: Path, night: Night
) -> None:
    (inbox / "a.csv").write_text("指标,单位,2022年,2023年\n收入,万元,2,3\n利润,万元,4\n", "utf-8")
    night()
    ((text_id, warnings),) = rows(warehouse, "select text_id, warnings from raw.document")
    assert (load_grid(warehouse.connection, text_id)[0].ragged, warnings) == ((3,), "ragged_rows")
