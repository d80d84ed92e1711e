"""What each kind of answer comes to: a page, nothing new, or a reason."""

from __future__ import annotations

import gzip
import time
import zlib
from typing import Any

import pytest

from gongbao import __version__
from gongbao.ingest.web import NotModified, Page, Validators
from tests.web_server import (
    WebServer,
    attachment,
    broken_chunks,
    drip,
    drip_head,
    endless,
    gzip_bomb,
    gzipped,
    no_http,
    oversize,
    page,
    redirect,
    reset,
    short,
    slow_head,
    status,
)

from .conftest import Fetch, Refused

MODIFIED = "Tue, 03 Mar 2026 02:00:00 GMT"


def test_a_page_comes_whole_with_what_its_server_says_of_it(server: WebServer, fetch: Fetch) -> None:
    server.reply(
        "/a", page("全镇收入12万元", etag='W/"7"', last_modified=MODIFIED, media_type="Text/HTML; Charset=GBK")
    )
    assert fetch("/a#top") == Page(
        url=server.url("/a"),
        final_url=server.url("/a"),
        status=200,
        body="全镇收入12万元".encode(),
        etag='W/"7"',
        last_modified=MODIFIED,
        media_type="text/html",
        charset="gbk",
    )


def test_a_page_that_says_nothing_of_itself(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", status(200, b"x"))
    got = fetch("/a")
    assert (got.media_type, got.charset, got.etag, got.last_modified, got.moved_to) == (None, None, None, None, None)


def test_it_says_who_asks_and_wants_no_compression(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", page())
    fetch("/a")
    for asked in server.asked():  # robots.txt too
        assert asked.headers["user-agent"] == f"gongbao/{__version__} (+data@example.org)"
        assert asked.headers["accept-encoding"] == "identity"
        assert "if-none-match" not in asked.headers


@pytest.mark.parametrize(
    ("validators", "header"),
    [
        (Validators(etag='"1"'), ("if-none-match", '"1"')),
        (Validators(last_modified=MODIFIED), ("if-modified-since", MODIFIED)),
    ],
)
def test_an_unchanged_page_is_not_sent_again(
    server: WebServer, fetch: Fetch, validators: Validators, header: tuple[str, str]
) -> None:
    server.reply("/a", page("x", etag='"1"', last_modified=MODIFIED))
    url = server.url("/a")
    assert fetch("/a", validators) == NotModified(url, url, '"1"', MODIFIED)
    assert header in server.asked("/a")[0].headers.items()


def test_a_changed_page_is_sent_in_spite_of_validators(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", page("new", etag='"2"'))
    got = fetch("/a", Validators('"1"', MODIFIED))
    assert (got.body, got.etag) == (b"new", '"2"')


def test_304_to_an_unconditional_request_is_no_answer(server: WebServer, refused: Refused) -> None:
    server.reply("/a", status(304))
    assert refused("/a").reason == "http_error"


def test_validators_that_could_not_be_sent_back_are_not_kept(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", status(200, b"x", ETag='"' + "1" * 2000 + '"', Last_Modified="gestern"))
    assert (fetch("/a").etag, fetch("/a").last_modified) == (None, "gestern")


@pytest.mark.parametrize(
    ("code", "reason", "pending"),
    [
        (404, "not_found", False),
        (410, "gone", False),
        (403, "http_error", False),
        (412, "http_error", False),
        (202, "http_error", False),  # the answer of a guard that wants a browser
        (204, "http_error", False),
        (206, "http_error", False),
        (501, "server_error", True),
    ],
)
def test_a_status_without_a_page(server: WebServer, refused: Refused, code: int, reason: str, pending: bool) -> None:
    server.reply("/a", status(code))
    failure = refused("/a")
    assert (failure.reason, failure.pending) == (reason, pending)
    assert server.url("/a") in failure.what
    assert str(code) in failure.what
    assert failure.remedy
    assert len(server.asked("/a")) == 1


@pytest.mark.parametrize(
    ("answer", "limits"),
    [
        (drip(20.0), {"seconds": 0.5}),
        (drip_head(20.0), {"seconds": 0.5}),
        (slow_head(20.0), {"seconds": 0.5}),
        (slow_head(20.0), {"seconds": 0.5, "stall_seconds": 0.2}),
        (endless(), {"seconds": 0.5, "body_bytes": 1 << 40}),
    ],
)
def test_a_slow_answer_ends_with_the_time_for_its_address(
    server: WebServer, refused: Refused, answer: Any, limits: dict[str, Any]
) -> None:
    server.reply("/a", answer)
    began = time.monotonic()
    failure = refused("/a", **limits)
    assert (failure.reason, failure.pending) == ("timeout", True)
    assert time.monotonic() - began < 15.0  # of the 20 that the server would take


def test_a_slow_server_does_not_take_the_time_of_the_next_address(
    server: WebServer, fetch: Fetch, refused: Refused
) -> None:
    server.reply("/slow", slow_head(20.0))
    server.reply("/good", page("x"))
    assert refused("/slow", seconds=0.3).reason == "timeout"
    assert fetch("/good").body == b"x"


def test_silence_is_tried_again(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", slow_head(20.0), page("x"))
    assert fetch("/a", stall_seconds=0.3).body == b"x"
    assert len(server.asked("/a")) == 2


@pytest.mark.parametrize("answer", [endless(), oversize(10_000_000), oversize(10_000_000, length=False)])
def test_a_body_beyond_the_limit_is_refused(server: WebServer, refused: Refused, answer: Any) -> None:
    server.reply("/a", answer)
    failure = refused("/a", body_bytes=300_000)
    assert (failure.reason, failure.pending) == ("oversize", False)
    assert len(server.asked("/a")) == 1


def test_a_body_of_just_the_limit_is_a_page(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", page("x" * 1000))
    server.reply("/b", gzipped(b"x" * 1000))
    assert len(fetch("/a", body_bytes=1000).body) == 1000
    assert len(fetch("/b", body_bytes=1000).body) == 1000


def test_a_bomb_is_not_inflated(server: WebServer, refused: Refused) -> None:
    server.reply("/a", gzip_bomb(50_000_000))
    assert refused("/a", body_bytes=1_000_000).reason == "oversize"


@pytest.mark.parametrize(
    "answer",
    [
        gzipped("页面".encode()),
        status(200, zlib.compress("页面".encode()), Content_Encoding="deflate"),
        status(200, zlib.compress("页面".encode())[2:-4], Content_Encoding="deflate"),
        status(200, "页面".encode(), Content_Encoding="identity"),
    ],
)
def test_a_body_compressed_unasked_is_inflated(server: WebServer, fetch: Fetch, answer: Any) -> None:
    server.reply("/a", answer)
    assert fetch("/a").body == "页面".encode()


@pytest.mark.parametrize("size", [1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_a_compressed_body_of_any_size_is_whole(server: WebServer, fetch: Fetch, size: int) -> None:
    body = b"0" * size
    server.reply("/gzip", gzipped(body))
    server.reply("/raw", status(200, zlib.compress(body)[2:-4], Content_Encoding="deflate"))
    server.reply("/two", status(200, gzip.compress(body) + gzip.compress(b"1") + b"\0\0", Content_Encoding="gzip"))
    assert fetch("/gzip").body == body
    assert fetch("/raw").body == body
    assert fetch("/two").body == body + b"1"


def test_an_empty_body_is_a_page(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", status(200))
    server.reply("/b", status(200, Content_Encoding="gzip"))
    assert (fetch("/a").body, fetch("/b").body) == (b"", b"")


def test_a_compression_that_is_not_known_is_refused(server: WebServer, refused: Refused) -> None:
    server.reply("/a", status(200, b"x", Content_Encoding="br"))
    assert refused("/a").reason == "http_error"


@pytest.mark.parametrize("answer", [short(), broken_chunks(), gzipped(b"page" * 1000, cut=20)])
def test_half_a_body_is_no_page(server: WebServer, refused: Refused, answer: Any) -> None:
    server.reply("/a", answer)
    failure = refused("/a", tries=2)
    assert (failure.reason, failure.pending) == ("incomplete", False)
    assert len(server.asked("/a")) == 2


def test_a_body_that_came_short_once_is_asked_for_again(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", short(b"hal"), page("half and half"))
    assert fetch("/a").body == b"half and half"


@pytest.mark.parametrize("answer", [reset(), no_http()])
def test_a_connection_without_an_answer(server: WebServer, refused: Refused, answer: Any) -> None:
    server.reply("/a", answer)
    failure = refused("/a", tries=3)
    assert (failure.reason, failure.pending) == ("unreachable", True)
    assert len(server.asked("/a")) == 3


def test_a_proposed_file_name_and_a_wrong_type_change_nothing(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", attachment("../../etl_canary_must_not_exist.txt", "x"))
    server.reply("/b", page("<html></html>", media_type="application/pdf"))
    assert fetch("/a").body == b"x"
    assert (fetch("/b").body, fetch("/b").media_type) == (b"<html></html>", "application/pdf")


def test_cookies_last_as_long_as_the_way_to_one_page(server: WebServer, fetch: Fetch) -> None:
    server.reply("/in", redirect("/a", Set_Cookie="s=1; Path=/"))
    server.reply("/a", page())
    fetch("/in")
    fetch("/a")
    assert [asked.headers.get("cookie") for asked in server.asked("/a")] == ["s=1", None]
