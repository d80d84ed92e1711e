"""robots.txt: asked once a night, obeyed, and what it means when it cannot be had."""

from __future__ import annotations

from typing import Any

import pytest

from gongbao.ingest.web import Access
from tests.web_server import (
    WebServer,
    endless,
    page,
    redirect,
    reset,
    robots,
    short,
    slow_head,
    status,
)

from .conftest import Fetch, Refused

CLOSED = "User-agent: *\nDisallow: /closed/\n"


def test_what_it_forbids_is_not_asked(server: WebServer, fetch: Fetch, refused: Refused) -> None:
    server.reply("/robots.txt", robots(CLOSED))
    server.reply("/open/a", page("x"))
    server.reply("/closed/a", page("y"))
    assert fetch("/open/a").body == b"x"
    failure = refused("/closed/a")
    assert (failure.reason, failure.pending) == ("robots", False)
    assert server.asked("/closed/a") == []


def test_it_is_asked_once_a_night_for_a_host(server: WebServer, fetch: Fetch) -> None:
    server.reply("/robots.txt", robots(CLOSED))
    for path in ("/a", "/b", "/c"):
        server.reply(path, page())
        fetch(path)
    assert [asked.path for asked in server.asked()] == ["/robots.txt", "/a", "/b", "/c"]


def test_each_port_has_its_own(server: WebServer, fetch: Fetch, refused: Refused) -> None:
    with WebServer() as other:
        other.reply("/robots.txt", robots("User-agent: *\nDisallow: /\n"))
        server.reply("/a", redirect(other.url("/a")))
        access = Access.of(private_hosts=[server.place, other.place])
        assert refused("/a", access=access).reason == "robots"
        assert [asked.path for asked in other.asked()] == ["/robots.txt"]


def test_a_redirect_into_what_is_forbidden_is_not_followed(server: WebServer, refused: Refused) -> None:
    server.reply("/robots.txt", robots(CLOSED))
    server.reply("/a", redirect("/closed/a"))
    assert refused("/a").reason == "robots"
    assert server.asked("/closed/a") == []


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /\n", False),
        ("User-agent: somebody\nDisallow: /\n", True),
        ("User-agent: gongbao\nDisallow: /\n\nUser-agent: *\nAllow: /\n", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Gongbao\nAllow: /\n", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b\n", True),
        ("\ufeffUser-agent: *\r\nDisallow: /*.html$\r\n", False),
        ("User-agent: *\nDisallow: /a/b/%E5%85%AC.html\n", False),
        ("<html><body>找不到页面</body></html>", True),  # a server that answers everything with 200
        ("\0\1\2 随便什么", True),
    ],
)
def test_rules_of_all_kinds(server: WebServer, fetch: Fetch, refused: Refused, rules: str, allowed: bool) -> None:
    server.reply("/robots.txt", robots(rules))
    server.reply("/a/b/%E5%85%AC.html", page("x"))
    if allowed:
        assert fetch("/a/b/公.html").body == b"x"
    else:
        assert refused("/a/b/公.html").reason == "robots"


@pytest.mark.parametrize("answer", [status(404), status(410), status(401), status(403), status(204)])
def test_without_one_everything_is_allowed(server: WebServer, fetch: Fetch, answer: Any) -> None:
    server.reply("/robots.txt", answer)
    server.reply("/a", page("x"))
    assert fetch("/a").body == b"x"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(500), "server_error"),
        (status(503), "server_error"),
        (status(429), "rate_limited"),
        (reset(), "unreachable"),
        (slow_head(9.0), "timeout"),
        (short(), "incomplete"),
    ],
)
def test_a_server_that_cannot_tell_now_is_asked_nothing_else_tonight(
    server: WebServer, refused: Refused, answer: Any, reason: str
) -> None:
    server.reply("/robots.txt", answer)
    for path in ("/a", "/b"):
        failure = refused(path, seconds=0.5, tries=2)
        assert (failure.reason, failure.pending) == (reason, True)
        assert "robots.txt" in failure.what
    assert {asked.path for asked in server.asked()} == {"/robots.txt"}
    assert len(server.asked()) <= 2


def test_it_is_tried_again_like_any_page(server: WebServer, refused: Refused) -> None:
    server.reply("/robots.txt", status(503), robots("User-agent: *\nDisallow: /\n"))
    assert refused("/a").reason == "robots"


def test_its_redirects_are_followed(server: WebServer, refused: Refused) -> None:
    server.reply("/robots.txt", redirect("/rules.txt", 301))
    server.reply("/rules.txt", robots(CLOSED))
    assert refused("/closed/a").reason == "robots"


def test_its_redirects_get_to_no_private_address(server: WebServer, canary: WebServer, fetch: Fetch) -> None:
    server.reply("/robots.txt", redirect(canary.url("/robots.txt")))
    server.reply("/a", page("x"))
    assert fetch("/a").body == b"x"


def test_of_a_long_one_the_beginning_counts(server: WebServer, refused: Refused) -> None:
    server.reply("/robots.txt", endless(CLOSED.encode() * 500))
    assert refused("/closed/a", robots_bytes=100_000).reason == "robots"


@pytest.mark.parametrize("rules", ["Crawl-delay: 0.4", "Request-rate: 5/2"])
def test_the_distance_it_asks_for_is_kept(server: WebServer, fetch: Fetch, rules: str) -> None:
    server.reply("/robots.txt", robots(f"User-agent: *\n{rules}\n"))
    server.reply("/a", page())
    fetch("/a", host_interval_seconds=0.05)
    fetch("/a", host_interval_seconds=0.05)
    assert server.gaps("/a")[0] >= 0.4


@pytest.mark.parametrize("delay", ["86400", "inf", "nan", "-1", "x", "1e400"])
def test_it_cannot_stop_the_night_by_a_delay(server: WebServer, fetch: Fetch, delay: str) -> None:
    server.reply("/robots.txt", robots(f"User-agent: *\nCrawl-delay: {delay}\nRequest-rate: 0/0\n"))
    server.reply("/a", page())
    fetch("/a", crawl_delay_seconds=0.3)
    fetch("/a", crawl_delay_seconds=0.3)
    assert server.gaps("/a")[0] < 1.0
