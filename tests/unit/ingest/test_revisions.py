"""The same address with new content: what is revised, what merely follows, and what becomes of the old figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gongbao.ingest import IngestReport, Limits, Source, ingest
from gongbao.ingest.store import content_id
from gongbao.normalise import extract_pending, normalise
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import NIGHT, rows

FIRST = "惠民县姜楼镇2024年工作总结\n2024年，全镇完成一般公共预算收入6120万元，增长5.2%。\n"
REVISED = FIRST.replace("6120", "6210")
NEXT_YEAR = FIRST.replace("2024", "2025")
MORNING = NIGHT + timedelta(days=1)


def night(warehouse: Warehouse, inbox: Path, now: datetime, **files: str | bytes | None) -> IngestReport:
    """One night's stages up to core, after the files were written (null: removed)."""
    for stem, content in files.items():
        path = inbox / f"{stem}.txt"
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    report = ingest(warehouse, [Source("office", inbox)], now)
    extract_pending(warehouse)
    normalise(warehouse)
    return report


def superseded(warehouse: Warehouse) -> dict[str, str | None]:
    """Document id → the one that supersedes it."""
    return dict(rows(warehouse, "select document_id, superseded_by from raw.document"))


def believed(warehouse: Warehouse) -> list[str]:
    """Budget revenue as believed now, as printed."""
    return [
        text
        for (text,) in rows(
            warehouse,
            """
            select value_text from core.admitted_fact
            where indicator_id = 'general_budget_revenue' and measure = 'level' order by value_text
            """,
        )
    ]


def test_new_content_at_a_known_address_revises_the_bulletin_and_keeps_it(warehouse: Warehouse, inbox: Path) -> None:
    assert night(warehouse, inbox, NIGHT, a=FIRST).new == 1
    report = night(warehouse, inbox, MORNING, a=REVISED)
    assert (report.seen, report.new, report.revised, report.unchanged) == (1, 0, 1, 0)
    first, revised = content_id(FIRST.encode()), content_id(REVISED.encode())
    assert superseded(warehouse) == {first: revised, revised: None}
    assert rows(warehouse, "select sha256, revision from raw.source_item order by revision") == [
        (first, 1),
        (revised, 2),
    ]
    assert {path.name for path in warehouse.blobs.iterdir()} == {first, revised}
    assert rows(warehouse, "select count(*) from raw.text") == [(2,)]


def test_the_figures_of_a_revised_bulletin_are_kept_and_no_longer_believed(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    night(warehouse, inbox, MORNING, a=REVISED)
    assert believed(warehouse) == ["6210万元"]
    assert rows(
        warehouse, "select value_text, known_from, known_to from core.fact where measure = 'level' order by known_from"
    ) == [("6120万元", NIGHT, MORNING), ("6210万元", MORNING, None)]


def test_next_years_bulletin_at_the_same_address_replaces_nothing(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    assert night(warehouse, inbox, MORNING, a=NEXT_YEAR).revised == 1
    assert set(superseded(warehouse).values()) == {None}
    assert believed(warehouse) == ["6120万元", "6120万元"]


def test_an_old_file_that_comes_back_takes_no_correction_back(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    night(warehouse, inbox, MORNING, a=REVISED)
    assert night(warehouse, inbox, MORNING + timedelta(days=1), a=FIRST).revised == 1
    first, revised = content_id(FIRST.encode()), content_id(REVISED.encode())
    assert superseded(warehouse) == {first: revised, revised: None}
    assert believed(warehouse) == ["6210万元"]
    assert rows(warehouse, "select count(*) from raw.source_item") == [(3,)]


def test_the_next_days_delivery_in_another_folder_revises_a_bulletin_of_the_same_name_and_title(
    warehouse: Warehouse, inbox: Path, tmp_path: Path
) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    next_day = tmp_path / "inbox_day2"
    next_day.mkdir()
    (next_day / "a.txt").write_text(REVISED, "utf-8")
    ingest(warehouse, [Source("next day", next_day)], MORNING)
    night(warehouse, inbox, MORNING + timedelta(days=1))
    assert superseded(warehouse)[content_id(FIRST.encode())] == content_id(REVISED.encode())
    assert believed(warehouse) == ["6210万元"]


def test_files_of_one_name_from_two_offices_are_two_bulletins(warehouse: Warehouse, tmp_path: Path) -> None:
    sources = []
    for day, place in enumerate(("惠民县", "博兴县")):
        folder = tmp_path / place
        folder.mkdir()
        (folder / "a.txt").write_text(f"工作总结\n全县新建学校{day + 3}所。\n", "utf-8")
        sources.append(Source(place, folder, place=place))
        ingest(warehouse, sources, NIGHT + timedelta(days=day))
    assert set(superseded(warehouse).values()) == {None}


def test_a_revision_that_cannot_be_read_supersedes_nothing(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    report = night(warehouse, inbox, MORNING, a=b"\xff\xd8\xff\xe0")
    assert (report.revised, report.quarantined) == (0, 1)
    assert believed(warehouse) == ["6120万元"]
    assert night(warehouse, inbox, MORNING + timedelta(days=1), a=REVISED).revised == 1
    assert believed(warehouse) == ["6210万元"]


def test_what_lies_unchanged_at_another_address_is_not_superseded(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST, b=FIRST)
    night(warehouse, inbox, MORNING, a=REVISED)
    assert superseded(warehouse)[content_id(FIRST.encode())] is None
    night(warehouse, inbox, MORNING + timedelta(days=1), b=REVISED)
    assert superseded(warehouse)[content_id(FIRST.encode())] == content_id(REVISED.encode())


def test_a_document_that_was_removed_is_not_superseded(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    night(warehouse, inbox, MORNING, a=None, b=REVISED)
    assert set(superseded(warehouse).values()) == {None}


def test_the_same_text_in_another_encoding_stays_believed(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    report = night(warehouse, inbox, MORNING, a=FIRST.encode("gb18030"))
    assert (report.new, report.revised) == (0, 1)
    assert believed(warehouse) == ["6120万元"]


@pytest.mark.parametrize("inboxes", ["as they were", "empty"])
def test_a_rebuilt_database_knows_the_revisions(warehouse: Warehouse, inbox: Path, inboxes: str) -> None:
    for day, content in enumerate((FIRST, REVISED, FIRST, REVISED)):
        night(warehouse, inbox, NIGHT + timedelta(days=day), a=content)
    wanted = rows(warehouse, "select * from raw.source_item order by all"), superseded(warehouse), believed(warehouse)
    root = warehouse.root
    warehouse.__exit__()
    (root / "gongbao.duckdb").unlink()
    if inboxes == "empty":
        (inbox / "a.txt").unlink()
    with Warehouse(root) as rebuilt:
        report = night(rebuilt, inbox, NIGHT + timedelta(days=9))
        assert report.replayed == 4
        assert (
            rows(rebuilt, "select * from raw.source_item order by all"),
            superseded(rebuilt),
            believed(rebuilt),
        ) == wanted


def test_a_revision_is_seen_only_once(warehouse: Warehouse, inbox: Path) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    night(warehouse, inbox, MORNING, a=REVISED)
    report = night(warehouse, inbox, MORNING + timedelta(days=1))
    assert (report.seen, report.unchanged, report.revised, report.new) == (1, 1, 0, 0)


@pytest.mark.parametrize("later", [-timedelta(days=3), timedelta(0)], ids=["back", "standing"])
def test_a_clock_that_goes_back_or_stands_takes_no_correction_back(
    warehouse: Warehouse, inbox: Path, later: timedelta
) -> None:
    night(warehouse, inbox, NIGHT, a=FIRST)
    night(warehouse, inbox, NIGHT + later, a=REVISED)
    assert believed(warehouse) == ["6210万元"]


def reports(*counts: int) -> str:
    """A table of two towns' reports, each long enough to be a text."""
    texts = (
        f"惠民县{town}2024年工作总结\n" + f"2024年，全镇新建学校{count}所。" * 200
        for town, count in zip(("姜楼镇", "胡集镇"), counts, strict=True)
    )
    return "标题,正文\n" + "".join(f'{text.splitlines()[0]},"{text}"\n' for text in texts)


def test_the_caveats_of_every_source_reach_the_texts_of_a_table(warehouse: Warehouse, tmp_path: Path) -> None:
    for name in ("p", "q"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.csv").write_text(reports(3, 4), "utf-8")
    ingest(warehouse, [Source("p", tmp_path / "p"), Source("q", tmp_path / "q", caveats=("sample",))], NIGHT)
    assert rows(warehouse, "select distinct caveat_codes from raw.document where text_id is not null") == [("sample",)]


def test_a_known_table_that_takes_too_long_at_another_address_does_not_stop_the_night(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    for name in ("p", "q"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.csv").write_text(reports(3, 4), "utf-8")
    ingest(warehouse, [Source("p", tmp_path / "p")], NIGHT)
    (tmp_path / "q" / "u.txt").write_text(FIRST, "utf-8")
    sources = [Source("p", tmp_path / "p"), Source("q", tmp_path / "q")]
    report = ingest(warehouse, sources, MORNING, Limits(read_seconds=0.0))
    assert (report.new, report.unchanged, report.duplicate) == (1, 1, 1)
    assert report.warnings == (("t.csv", "its texts were not found here (timeout)"),)


def test_the_texts_of_a_table_that_older_readers_read_otherwise_are_replaced(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "t.csv").write_text(reports(3, 4), "utf-8")
    source = Source("office", folder)
    ingest(warehouse, [source], NIGHT)
    relations = ("raw.source_item", "raw.document", "raw.text", "raw.stated", "raw.frame_evidence")
    fresh = {name: rows(warehouse, f"select * from {name} order by all") for name in relations}
    connection = warehouse.connection
    connection.execute("update raw.document set reader_version = 'older'")
    # What the older readers made of the first text: other bytes, so another document at the same address.
    ((text,),) = rows(warehouse, "select min(document_id) from raw.stated")
    for relation in ("raw.document", "raw.source_item", "raw.stated", "raw.frame_evidence"):
        column = "sha256" if relation == "raw.source_item" else "document_id"
        connection.execute(f"update {relation} set {column} = md5({column}) where {column} = ?", [text])
    ingest(warehouse, [source], MORNING)
    assert {name: rows(warehouse, f"select * from {name} order by all") for name in relations} == fresh
