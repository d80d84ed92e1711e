"""How often and after what waits a failing server is asked, by its own log."""

from __future__ import annotations

import pytest

from gongbao.ingest.web import Access, WebLimits
from tests.web_server import WebServer, page, redirect, reset, retry_at, slow_head, status

from .conftest import Fetch, Refused


def test_a_server_that_recovers_is_asked_until_then(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", status(500), status(503), page("x"))
    assert fetch("/a").body == b"x"
    assert len(server.asked("/a")) == 3


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (429, "rate_limited"),
        (500, "server_error"),
        (502, "server_error"),
        (503, "server_error"),
        (504, "server_error"),
    ],
)
def test_a_server_that_does_not_is_left_after_five_tries_with_growing_gaps(
    server: WebServer, refused: Refused, code: int, reason: str
) -> None:
    server.reply("/a", status(code))
    failure = refused("/a")
    assert (failure.reason, failure.pending) == (reason, True)
    gaps = server.gaps("/a")
    assert len(gaps) == 4
    assert all(gap >= least for gap, least in zip(gaps, (0.05, 0.1, 0.2, 0.4), strict=True))


def test_resets_are_tried_with_growing_gaps(server: WebServer, refused: Refused) -> None:
    server.reply("/a", reset())
    assert refused("/a").pending
    gaps = server.gaps("/a")
    assert len(gaps) == 4
    assert gaps[3] > gaps[0]


@pytest.mark.parametrize("answer", [status(429, Retry_After="1"), status(503, Retry_After=" 1 "), retry_at(1.0)])
def test_the_wait_that_a_server_asks_for_is_kept(server: WebServer, fetch: Fetch, answer: object) -> None:
    server.reply("/a", answer, page("x"))
    assert fetch("/a").body == b"x"
    assert 1.0 <= server.gaps("/a")[0] < 2.0


def test_a_date_is_measured_on_the_server_s_clock(server: WebServer, fetch: Fetch) -> None:
    clock = {"Date": "Mon, 02 Mar 2020 02:00:00 GMT", "Retry_After": "Mon, 02 Mar 2020 02:00:01 GMT"}
    server.reply("/a", status(429, **clock), page("x"))
    fetch("/a")
    assert 1.0 <= server.gaps("/a")[0] < 2.0


@pytest.mark.parametrize(
    "value", ["-1", "x", "", "0", "1.5", "Mon, 02 Mar 2020 02:00:00 GMT", "٣", "1" * 5000, "1" * 400]
)
def test_a_nonsensical_wait_is_as_none(server: WebServer, fetch: Fetch, value: str) -> None:
    server.reply("/a", status(429, Retry_After=value), page("x"))
    assert fetch("/a").body == b"x"
    assert 0.05 <= server.gaps("/a")[0] < 1.0


@pytest.mark.parametrize(
    "answer",
    [
        status(429, Retry_After="86400"),
        status(429, Retry_After="9" * 40),
        retry_at(86400),
        status(503, Retry_After="6"),
    ],
)
def test_a_wait_beyond_the_cap_is_left_to_another_night(server: WebServer, refused: Refused, answer: object) -> None:
    server.reply("/a", answer)
    assert refused("/a", wait_seconds=5.0).pending
    assert len(server.asked("/a")) == 1


def test_the_waits_for_one_address_are_capped_together(server: WebServer, refused: Refused) -> None:
    server.reply("/a", status(429, Retry_After="1"))
    assert refused("/a", wait_seconds=2.5).reason == "rate_limited"
    assert len(server.asked("/a")) == 3


def test_waits_do_not_take_the_time_of_requests(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", status(429, Retry_After="1"), page("x"))
    assert fetch("/a", seconds=0.5).body == b"x"


def test_a_redirect_s_target_is_tried_again_without_the_redirect(server: WebServer, fetch: Fetch) -> None:
    server.reply("/old", redirect("/a"))
    server.reply("/a", status(503), page("x"))
    fetch("/old")
    assert [asked.path for asked in server.asked()] == ["/robots.txt", "/old", "/a", "/a"]


def test_requests_to_one_host_keep_their_distance(server: WebServer, fetch: Fetch) -> None:
    server.reply("/a", redirect("/b"))
    server.reply("/b", status(500), page())
    fetch("/a", host_interval_seconds=0.3)
    fetch("/b", host_interval_seconds=0.3)
    gaps = server.gaps()
    assert len(gaps) == 4
    assert min(gaps) >= 0.3


def test_another_host_need_not_wait(server: WebServer, fetch: Fetch) -> None:
    with WebServer(bind="127.0.0.2") as other:
        for each in (server, other):
            each.reply("/a", page())
        access = Access.of(private_hosts=[server.place, other.place])
        fetch(server.url("/a"), access=access, host_interval_seconds=1.0)
        fetch(other.url("/a"), access=access, host_interval_seconds=1.0)
        assert other.asked()[0].at - server.asked("/a")[0].at < 0.9


def test_a_host_that_fails_again_and_again_is_left_alone_for_the_night(
    server: WebServer, fetch: Fetch, refused: Refused
) -> None:
    for number in range(4):
        server.reply(f"/{number}", slow_head(9.0))
    server.reply("/good", page())
    for number in range(3):
        refused(f"/{number}", seconds=0.2, host_failures=3)
    failure = refused("/3", host_failures=3)
    assert failure.pending
    assert server.asked("/3") == []


def test_failures_that_no_night_mends_do_not_count_against_the_host(
    server: WebServer, fetch: Fetch, refused: Refused
) -> None:
    server.reply("/good", page("x"))
    for number in range(3):
        refused(f"/{number}", host_failures=1)
    assert fetch("/good", host_failures=1).body == b"x"


def test_the_limits_of_a_night() -> None:
    limits = WebLimits()
    assert (limits.seconds, limits.tries, limits.redirects, limits.wait_seconds) == (60.0, 5, 5, 600.0)
    assert (limits.body_bytes, limits.host_interval_seconds, limits.first_wait_seconds) == (50_000_000, 1.0, 1.0)
