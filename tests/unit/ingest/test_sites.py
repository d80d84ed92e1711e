"""Nights on a site: what is fetched, what is not transferred again, what is revised, gone, late or refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gongbao.ingest import IngestReport, Source, SourceLimits, ingest
from gongbao.ingest.store import content_id
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import NIGHT, rows
from tests.web_server import WebServer, endless, list_page, page, redirect, status

QUICK = SourceLimits(interval_seconds=0.0, seconds=5.0)
FIRST = "惠民县姜楼镇2024年工作总结\n2024年，全镇完成一般公共预算收入6120万元，增长5.2%。\n"
REVISED = FIRST.replace("6120", "6210")
PLAIN = "text/plain; charset=utf-8"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as running:
        yield running


def site(server: WebServer, *paths: str, **settings: Any) -> Source:
    """A source of these pages, which may be reached though they are on loopback."""
    urls = tuple(server.url(path) for path in paths)
    return Source("site", **{"urls": urls, "private_hosts": (server.place,), "limits": QUICK, **settings})


def night(warehouse: Warehouse, source: Source, day: int = 0, now: datetime = NIGHT) -> IngestReport:
    return ingest(warehouse, [source], now + timedelta(days=day))


def test_a_page_becomes_a_document_and_its_sighting_keeps_what_the_server_said(
    warehouse: Warehouse, server: WebServer
) -> None:
    server.reply(
        "/2024/gb.txt", page(FIRST, etag='"1"', last_modified="Mon, 03 Feb 2025 02:00:00 GMT", media_type=PLAIN)
    )
    assert night(warehouse, site(server, "/2024/gb.txt")).new == 1
    assert rows(
        warehouse, "select uri, file_name, etag, last_modified, http_status, media_type from raw.source_item"
    ) == [(server.url("/2024/gb.txt"), "gb.txt", '"1"', "Mon, 03 Feb 2025 02:00:00 GMT", 200, PLAIN)]
    assert rows(warehouse, "select file_name, ingest_status, title from raw.document") == [
        ("gb.txt", "accepted", "惠民县姜楼镇2024年工作总结")
    ]


def test_a_second_night_transfers_no_body_of_unchanged_pages(warehouse: Warehouse, server: WebServer) -> None:
    paths = [f"/{number}.txt" for number in range(20)]
    for number, path in enumerate(paths):
        by_date = {"last_modified": "Mon, 03 Feb 2025 02:00:00 GMT"}
        by_tag = {"etag": f'"{number}"'}
        server.reply(
            path, page(FIRST + f"新建公园{number + 1}处。\n", media_type=PLAIN, **(by_tag if number % 2 else by_date))
        )
    source = site(server, *paths)
    assert night(warehouse, source).new == 20
    report = night(warehouse, source, day=1)
    assert (report.seen, report.unchanged, report.new) == (20, 20, 0)
    second = [asked for path in paths for asked in server.asked(path)[1:]]
    assert len(second) == 20
    assert all("if-none-match" in asked.headers or "if-modified-since" in asked.headers for asked in second)
    assert [code for path in paths for code in server.statuses(path)] == [200, 304] * 20


def test_a_changed_page_is_a_revision_that_supersedes(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", page(FIRST, etag='"1"', media_type=PLAIN), page(REVISED, etag='"2"', media_type=PLAIN))
    source = site(server, "/a.txt")
    night(warehouse, source)
    assert night(warehouse, source, day=1).revised == 1
    assert rows(warehouse, "select superseded_by from raw.document where superseded_by is not null") == [
        (content_id(REVISED.encode()),)
    ]
    assert night(warehouse, source, day=2).unchanged == 1
    assert [asked.headers.get("if-none-match") for asked in server.asked("/a.txt")] == [None, '"1"', '"2"']


def test_a_page_that_goes_back_to_its_first_text_says_that_now(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", *(page(text, media_type=PLAIN) for text in (FIRST, REVISED, FIRST)))
    source = site(server, "/a.txt")
    for day in range(3):
        night(warehouse, source, day=day)
    assert rows(warehouse, "select document_id, superseded_by from raw.document where superseded_by is not null") == [
        (content_id(REVISED.encode()), content_id(FIRST.encode()))
    ]


def test_new_validators_of_the_same_content_are_kept(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", page(FIRST, etag='"1"', media_type=PLAIN), page(FIRST, etag='"2"', media_type=PLAIN))
    source = site(server, "/a.txt")
    for day in range(3):
        report = night(warehouse, source, day=day)
    assert report.unchanged == 1
    assert [asked.headers.get("if-none-match") for asked in server.asked("/a.txt")] == [None, '"1"', '"2"']
    assert rows(warehouse, "select revision, etag from raw.source_item") == [(1, '"2"')]
    before = rows(warehouse, "select * from raw.source_item")
    root = warehouse.root
    warehouse.__exit__()
    (root / "gongbao.duckdb").unlink()
    with Warehouse(root) as rebuilt:
        assert night(rebuilt, source, day=3).unchanged == 1
        assert rows(rebuilt, "select * from raw.source_item") == before


def test_a_list_page_leads_to_the_links_that_match(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/col/", list_page(("a.txt", "2024年工作总结"), ("b.txt", "通知"), ("/col/c.txt", "2023年工作总结")))
    server.reply("/col/a.txt", page(FIRST, media_type=PLAIN))
    server.reply("/col/c.txt", page(FIRST.replace("2024", "2023"), media_type=PLAIN))
    source = site(server, urls=(), list_page=server.url("/col/"), link_pattern="工作总结")
    report = night(warehouse, source)
    assert (report.seen, report.new) == (2, 2)
    assert server.asked("/col/b.txt") == []
    assert night(warehouse, source, day=1).unchanged == 2


def test_a_list_page_without_a_matching_link_is_told(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/col/", list_page(("a.txt", "通知")))
    report = night(warehouse, site(server, urls=(), list_page=server.url("/col/"), link_pattern="工作总结"))
    ((name, reason),) = report.unreached
    assert name == "site"
    assert "no link that matches 工作总结" in reason


def test_a_page_that_was_never_there_is_quarantined_until_it_is(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", status(404), page(FIRST, media_type=PLAIN))
    source = site(server, "/a.txt")
    (refusal,) = night(warehouse, source).refusals
    assert (refusal.uri, refusal.reason) == (server.url("/a.txt"), "not_found")
    assert night(warehouse, source, day=1).new == 1
    assert rows(warehouse, "select reason from ops.quarantine") == []


@pytest.mark.parametrize("code", [404, 410])
def test_what_a_page_said_stands_when_it_is_gone(warehouse: Warehouse, server: WebServer, code: int) -> None:
    server.reply("/a.txt", page(FIRST, media_type=PLAIN), status(code))
    source = site(server, "/a.txt")
    night(warehouse, source)
    report = night(warehouse, source, day=1)
    assert report.quarantined == 0
    assert report.warnings == ((server.url("/a.txt"), "not_found" if code == 404 else "gone"),)
    assert rows(warehouse, "select ingest_status from raw.document") == [("accepted",)]


def test_a_page_that_cannot_be_had_now_is_pending_and_the_others_go_on(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", status(500))
    server.reply("/b.txt", page(FIRST, media_type=PLAIN))
    source = site(server, "/a.txt", "/b.txt", limits=SourceLimits(interval_seconds=0.0, seconds=0.5))
    report = night(warehouse, source)
    assert (report.seen, report.new, report.quarantined) == (2, 1, 0)
    assert [(each.uri, each.reason) for each in report.pending] == [(server.url("/a.txt"), "server_error")]
    assert ("pending", "a.txt") in rows(warehouse, "select ingest_status, file_name from raw.document")
    server.reply("/a.txt", page(REVISED, media_type=PLAIN))
    second = night(warehouse, source, day=1)
    assert (second.new, second.pending) == (1, ())
    assert rows(warehouse, "select distinct ingest_status from raw.document") == [("accepted",)]


def test_what_a_page_said_stands_while_it_is_pending(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", page(FIRST, media_type=PLAIN), status(503))
    source = site(server, "/a.txt", limits=SourceLimits(interval_seconds=0.0, seconds=0.5))
    night(warehouse, source)
    assert len(night(warehouse, source, day=1).pending) == 1
    assert rows(warehouse, "select ingest_status from raw.document") == [("accepted",)]


def test_a_page_that_was_refused_and_is_now_late_is_pending(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", status(404), status(501))
    source = site(server, "/a.txt")
    night(warehouse, source)
    report = night(warehouse, source, day=1)
    assert (report.quarantined, len(report.pending)) == (0, 1)
    assert rows(warehouse, "select ingest_status from raw.document") == [("pending",)]
    assert rows(warehouse, "select reason from ops.quarantine") == []


def test_an_unchanged_page_that_older_readers_refused_is_read(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", page(FIRST, etag='"1"', media_type=PLAIN))
    source = site(server, "/a.txt")
    night(warehouse, source)
    warehouse.connection.execute(
        "insert into ops.quarantine "
        "select document_id, 'site', 'a', 'garbled', 'old', 'none', 1, false from raw.document"
    )
    warehouse.connection.execute("update raw.document set ingest_status = 'quarantined', reader_version = 'older'")
    report = night(warehouse, source, day=1)
    assert (report.quarantined, report.refusals) == (0, ())
    assert server.statuses("/a.txt") == [200, 304]
    assert rows(warehouse, "select ingest_status from raw.document") == [("accepted",)]


def test_a_page_that_moved_for_good_is_read_and_its_new_address_told(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", redirect("/b.txt", code=301))
    server.reply("/b.txt", page(FIRST, media_type=PLAIN))
    report = night(warehouse, site(server, "/a.txt"))
    assert report.new == 1
    assert report.warnings == ((server.url("/a.txt"), f"moved for good to {server.url('/b.txt')}"),)


def test_a_table_of_texts_that_goes_back_says_again_what_it_said_first(warehouse: Warehouse, server: WebServer) -> None:
    tables = [table(count) for count in (3, 5, 3)]
    server.reply("/t.csv", *(page(each, media_type="text/csv") for each in tables))
    source = site(server, "/t.csv")
    for day in range(3):
        night(warehouse, source, day=day)
    current = "select content from raw.text join raw.document using (text_id) where superseded_by is null order by all"
    assert [count for (text,) in rows(warehouse, current) for count in "35" if f"学校{count}所" in text] == ["3", "3"]


def table(count: int) -> str:
    """Two reports of towns, each long enough to be a text."""
    texts = (f"惠民县{town}2024年总结\n" + f"2024年，全镇新建学校{count}所。" * 200 for town in ("姜楼镇", "胡集镇"))
    return "标题,正文\n" + "".join(f'{text[:12]},"{text}"\n' for text in texts)


def test_private_addresses_are_refused_unless_the_source_allows_them(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", page(FIRST, media_type=PLAIN))
    (refusal,) = night(warehouse, site(server, "/a.txt", private_hosts=())).refusals
    assert refusal.reason == "blocked_address"
    assert server.asked() == []


def test_a_redirect_to_a_host_that_is_not_allowed_is_refused(warehouse: Warehouse, server: WebServer) -> None:
    with WebServer() as canary:
        server.reply("/a.txt", redirect(canary.url("/secret.txt")))
        (refusal,) = night(warehouse, site(server, "/a.txt")).refusals
        assert refusal.reason == "blocked_address"
        assert canary.asked() == []


def test_nothing_is_asked_beyond_the_hosts_that_a_test_allows(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", page(FIRST, media_type=PLAIN))
    source = site(server, "/a.txt", private_hosts=())
    assert ingest(warehouse, [source], NIGHT, only_hosts=(server.place,)).new == 1
    refused = ingest(warehouse, [site(server, "/b.txt")], NIGHT, only_hosts=("127.0.0.1:9",))
    assert [each.reason for each in refused.refusals] == ["blocked_address"]
    assert server.asked("/b.txt") == []


def test_an_endless_page_is_cut_off_and_quarantined(warehouse: Warehouse, server: WebServer) -> None:
    server.reply("/a.txt", endless())
    limits = SourceLimits(file_bytes=200_000, interval_seconds=0.0, seconds=10.0)
    (refusal,) = night(warehouse, site(server, "/a.txt", limits=limits)).refusals
    assert refusal.reason == "oversize"


def test_a_site_that_does_not_answer_leaves_the_inbox_alone(
    warehouse: Warehouse, server: WebServer, inbox: Path
) -> None:
    (inbox / "a.txt").write_text(FIRST, "utf-8")
    with WebServer() as stopped:
        dead = Source(
            "dead", list_page=stopped.url("/"), link_pattern=".", private_hosts=(stopped.place,),
            limits=SourceLimits(interval_seconds=0.0, seconds=0.5),
        )  # fmt: skip
    report = ingest(warehouse, [dead, Source("office", inbox)], NIGHT)
    assert report.new == 1
    assert [name for name, _ in report.unreached] == ["dead"]


def test_the_same_text_from_a_folder_and_a_site_is_one_document(
    warehouse: Warehouse, server: WebServer, inbox: Path
) -> None:
    (inbox / "a.txt").write_text(FIRST, "utf-8")
    server.reply("/b.txt", page(FIRST, media_type=PLAIN))
    report = ingest(warehouse, [Source("office", inbox), site(server, "/b.txt")], NIGHT)
    assert (report.new, report.duplicate) == (1, 1)
    assert rows(warehouse, "select count(*) from raw.document") == [(1,)]


def test_the_charset_of_the_header_is_how_a_page_is_read(warehouse: Warehouse, server: WebServer) -> None:
    body = f"<html><body><p>{FIRST}</p></body></html>".encode("gb18030")
    server.reply("/a.html", page(body, media_type="text/html; charset=gb2312"))
    assert night(warehouse, site(server, "/a.html")).new == 1
    ((content,),) = rows(warehouse, "select content from raw.text")
    assert "6120万元" in content
