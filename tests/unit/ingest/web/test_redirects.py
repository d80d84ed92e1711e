"""Where a page has gone: hops are followed, counted and told."""

from __future__ import annotations

import pytest

from gongbao.ingest.web import Access, NotModified, Validators
from tests.web_server import WebServer, page, redirect, status

from .conftest import Fetch, Refused


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: WebServer, fetch: Fetch, code: int) -> None:
    server.reply("/a", redirect("/公报?年=2023", code))
    server.reply("/%E5%85%AC%E6%8A%A5?%E5%B9%B4=2023", page("x"))
    got = fetch("/a")
    assert (got.body, got.url) == (b"x", server.url("/a"))
    assert got.final_url == server.url("/%E5%85%AC%E6%8A%A5?%E5%B9%B4=2023")


@pytest.mark.parametrize(
    ("codes", "moved_to"),
    [((301,), "/1"), ((308, 301), "/2"), ((301, 302), "/1"), ((302, 301), None), ((302,), None)],
)
def test_where_it_has_gone_for_good(
    server: WebServer, fetch: Fetch, codes: tuple[int, ...], moved_to: str | None
) -> None:
    for number, code in enumerate(codes):
        server.reply(f"/{number}", redirect(f"/{number + 1}", code))
    server.reply(f"/{len(codes)}", page())
    assert fetch("/0").moved_to == (server.url(moved_to) if moved_to else None)


def test_five_hops_are_followed(server: WebServer, fetch: Fetch) -> None:
    _chain(server, 5)
    assert fetch("/0").body == b"end"


@pytest.mark.parametrize("hops", [6, 30])
def test_six_are_not(server: WebServer, refused: Refused, hops: int) -> None:
    _chain(server, hops)
    failure = refused("/0")
    assert (failure.reason, failure.pending) == ("redirects", False)
    assert len(server.asked()) == 7  # with robots.txt


def test_a_loop_ends(server: WebServer, refused: Refused) -> None:
    server.reply("/a", redirect("/b"))
    server.reply("/b", redirect("/a"))
    assert refused("/a").reason == "redirects"
    assert len(server.asked()) == 7


@pytest.mark.parametrize("answer", [status(302), status(301, Location=""), status(300)])
def test_a_redirect_to_nowhere(server: WebServer, refused: Refused, answer: object) -> None:
    server.reply("/a", answer)
    assert refused("/a").reason == "http_error"


def test_a_missing_page_at_the_end_is_missing(server: WebServer, refused: Refused) -> None:
    server.reply("/a", redirect("/b"))
    assert refused("/a").reason == "not_found"


def test_the_page_behind_a_redirect_can_be_unchanged(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", redirect("/b"))
    server.reply("/b", page("x", etag='"1"'))
    assert fetch("/a", Validators(etag='"1"')) == NotModified(server.url("/a"), server.url("/b"), '"1"')


def test_another_server_is_not_asked_with_validators_that_are_not_its_own(server: WebServer, fetch: Fetch) -> None:
    with WebServer(bind="127.0.0.2") as other:
        server.reply("/a", redirect(other.url("/b")))
        other.reply("/b", page("another", etag='"1"'))
        access = Access.of(private_hosts=[server.place, other.place])
        assert fetch("/a", Validators(etag='"1"'), access).body == b"another"


def _chain(server: WebServer, hops: int) -> None:
    for number in range(hops):
        server.reply(f"/{number}", redirect(f"/{number + 1}"))
    server.reply(f"/{hops}", page("end"))
