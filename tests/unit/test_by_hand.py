"""One file or address as a source of its own: the same intake, limits and quarantine."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gongbao import by_hand, ingest
from gongbao.errors import UsageError
from gongbao.ingest import IngestReport, Source
from gongbao.warehouse import Warehouse
from tests.web_server import WebServer, page, status

NIGHT = datetime(2026, 3, 1, 2, 0, 0)
TEXT = "李庄镇材料\n\n2023年,全镇一般公共预算收入6120万元。新增城镇就业312人。\n"
DOCUMENTS = """
    select file_name, ingest_status, publisher, source_place, doc_type, caveat_codes, superseded_by is not null
    from raw.document order by all
"""


def take(warehouse: Warehouse, where: str, hosts: tuple[str, ...] | None = None, **slots: Any) -> IngestReport:
    _, source = by_hand.load(by_hand.Item(where, **slots), warehouse.root)
    return ingest.ingest(warehouse, (source,), NIGHT, only_hosts=hosts, named=(source.name,))


def rows(warehouse: Warehouse, sql: str = DOCUMENTS) -> list[tuple[Any, ...]]:
    return warehouse.connection.execute(sql).fetchall()


def test_a_file_is_taken_alone_with_what_is_said_of_it(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "drop" / "材料.txt"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    (path.parent / "other.txt").write_text(TEXT * 2, "utf-8")
    said = {"publisher": "李庄镇人民政府", "place": "惠民县", "doc_type": "analysis", "caveats": ("sample",)}
    assert take(warehouse, str(path), **said).new == 1
    told = ("材料.txt", "accepted", "李庄镇人民政府", "惠民县", "analysis", "sample", False)
    assert rows(warehouse) == [told]
    assert take(warehouse, str(path), **said).unchanged == 1
    assert take(warehouse, str(path)).unchanged == 1
    assert rows(warehouse) == [("材料.txt", "accepted", None, None, "other", None, False)]


def test_a_rebuilt_warehouse_knows_what_was_said(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "材料.txt"
    path.write_text(TEXT, "utf-8")
    take(warehouse, str(path), place="惠民县", doc_type="analysis", caveats=("sample",))
    for folder in ("ledger", "blobs"):
        shutil.copytree(warehouse.root / folder, tmp_path / "rebuilt" / folder)
    with Warehouse(tmp_path / "rebuilt") as rebuilt:
        ingest.ingest(rebuilt, (), NIGHT)
        assert (
            rows(rebuilt) == rows(warehouse) == [("材料.txt", "accepted", None, "惠民县", "analysis", "sample", False)]
        )


def test_a_changed_file_is_a_revision(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "材料.txt"
    path.write_text(TEXT, "utf-8")
    take(warehouse, str(path), place="惠民县")
    path.write_text(TEXT.replace("6120", "6130"), "utf-8")
    assert take(warehouse, str(path), place="惠民县").revised == 1
    assert [row[-1] for row in rows(warehouse)] == [False, True]


def test_other_sources_are_not_visited_and_their_refusals_stay(warehouse: Warehouse, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "bad.pdf").write_text("%PDF-1.4 broken", "utf-8")
    ingest.ingest(warehouse, [Source("office", inbox)], NIGHT)
    path = tmp_path / "empty.txt"
    path.touch()
    report = take(warehouse, str(path))
    assert [(refusal.uri, refusal.reason) for refusal in report.refusals] == [("empty.txt", "empty")]
    assert rows(warehouse, "select uri, gone from ops.quarantine order by uri") == [
        ("bad.pdf", False),
        ("empty.txt", False),
    ]


def test_an_address_is_asked_as_any_source_asks(warehouse: Warehouse) -> None:
    with WebServer() as server:
        server.reply("/tjgb.html", page(f"<html><body><p>{TEXT}</p></body></html>".encode()))
        server.reply("/later.html", status(404))
        assert take(warehouse, server.url("/tjgb.html"), (server.place,), place="惠民县").new == 1
        assert take(warehouse, server.url("/later.html"), (server.place,)).quarantined == 1
        assert take(warehouse, server.url("/elsewhere.html"), ()).refusals[0].reason == "blocked_address"
    assert rows(warehouse)[-1][:2] == ("tjgb.html", "accepted")


@pytest.mark.parametrize(
    ("where", "slots", "what"),
    [
        ("gone.txt", {}, "there is no file"),
        (".", {}, "is a folder"),
        ("there.txt", {"place": "乌有县"}, "乌有县 is no place of the list"),
        ("there.txt", {"caveats": ("odd",)}, "odd is no caveat"),
        ("there.txt", {"doc_type": "odd"}, "doc_type"),
        ("http:///nowhere", {}, "source.0.urls.0 (option)"),
        ("https://name:secret@example.org/a.html", {}, "carries a user name or password"),
    ],
)
def test_wrong_use_is_named(
    where: str, slots: dict[str, Any], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.txt").write_text(TEXT, "utf-8")
    with pytest.raises(UsageError) as refused:
        by_hand.load(by_hand.Item(where, **slots), tmp_path / "warehouse")
    assert what in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.remedy
