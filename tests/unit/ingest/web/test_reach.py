"""What may be reached: public addresses, what the source names, and nothing by a detour."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gongbao.ingest.web import Access, Unfetched, Validators, Web, WebLimits
from gongbao.ingest.web.addresses import is_public
from gongbao.ingest.web.policy import parse
from tests.web_server import WebServer, page, redirect

from .conftest import QUICK, Fetch, Refused

# Other ways to write 127.0.0.1, and hosts that lead to it or to the network around this machine.
DETOURS = [
    "127.0.0.1",
    "localhost",
    "LOCALHOST.",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "0177.0.0.1",
    "127.1",
    "0.0.0.0",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "127。0。0。1",
]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),  # 8.8.8.8 by NAT64
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("::1", False),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.5", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),  # shared by providers
        ("169.254.169.254", False),
        ("fe80::1", False),
        ("fe80::1%1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("224.0.0.1", False),
        ("ff0e::1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),  # for documentation
        ("203.0.113.10", False),
        ("198.18.0.1", False),
        ("2001:db8::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),  # 127.0.0.1 by NAT64
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b:1::808:808", False),
        ("2002:7f00:1::", False),  # 127.0.0.1 by 6to4
        ("2002:a00:5::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("host", DETOURS)
def test_no_spelling_of_a_host_gets_to_a_private_address(canary: WebServer, web: Web, host: str) -> None:
    with pytest.raises(Unfetched, match=r"no public address|no web address") as failure:
        web.fetch(canary.url("/", host), access=_own(canary.url("/", host)), limits=QUICK)
    assert (failure.value.reason, failure.value.pending) == ("blocked_address", False)


@pytest.mark.parametrize("host", DETOURS)
def test_no_redirect_gets_to_a_private_address(
    server: WebServer, canary: WebServer, refused: Refused, host: str
) -> None:
    server.reply("/to", redirect(canary.url("/", host)))
    access = replace(_own(canary.url("/", host)), private=frozenset({server.place}))
    assert refused("/to", access=access).reason == "blocked_address"
    assert len(server.asked("/to")) == 1


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "10.0.0.5", "[::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "224.0.0.1"]
)
def test_no_redirect_gets_into_the_network_around(server: WebServer, refused: Refused, host: str) -> None:
    server.reply("/to", redirect(f"http://{host}/latest/meta-data"))
    assert refused("/to").reason == "blocked_address"


def test_the_permission_is_for_one_host_and_port_as_written(
    server: WebServer, canary: WebServer, fetch: Fetch, refused: Refused
) -> None:
    server.reply("/a", page("x"))
    access = Access.of(private_hosts=[server.place])
    assert fetch("/a", access=access).body == b"x"
    for url in (canary.url("/"), server.url("/a", "localhost"), server.url("/a", "2130706433")):
        assert refused(url, access=access).reason == "blocked_address"
    assert len(server.asked("/a")) == 1


def test_what_one_source_may_another_may_not(server: WebServer, fetch: Fetch, refused: Refused) -> None:
    server.reply("/a", page("x"))
    assert fetch("/a").body == b"x"
    assert refused("/a", access=Access.of([server.url("/a")])).reason == "blocked_address"
    assert fetch("/a").body == b"x"


def test_only_the_hosts_listed_are_reached(
    server: WebServer, canary: WebServer, fetch: Fetch, refused: Refused
) -> None:
    server.reply("/a", page("x"))
    server.reply("/to", redirect(canary.url("/")))
    access = Access.of([canary.url("/")], private_hosts=[canary.place], only_hosts=[server.place])
    assert fetch("/a", access=access).body == b"x"
    for where in ("/to", canary.url("/"), "http://example.org/"):
        failure = refused(where, access=access)
        assert failure.reason == "blocked_address"
        assert "GONGBAO_ALLOW_HOSTS" in failure.remedy
    assert refused("/a", access=Access.of(only_hosts=[])).reason == "blocked_address"


def test_a_listed_name_still_has_to_be_public_unless_the_source_says_so(server: WebServer) -> None:
    server.reply("/a", page("x"))
    place = f"mirror.test:{server.port}"
    with Web(resolve=lambda host, port: ["127.0.0.1"]) as web:
        url = server.url("/a", "mirror.test")
        with pytest.raises(Unfetched, match=r"no public address"):
            web.fetch(url, access=Access.of(only_hosts=[place]), limits=QUICK)
        assert server.asked() == []
        allowed = Access.of(private_hosts=[place.upper()], only_hosts=[place])
        assert web.fetch(url, access=allowed, limits=QUICK).body == b"x"


def test_a_name_with_one_private_address_among_public_ones_is_refused(canary: WebServer) -> None:
    with Web(resolve=lambda host, port: ["8.8.8.8", "127.0.0.1"]) as web, pytest.raises(Unfetched) as failure:
        web.fetch(canary.url("/", "mixed.test"), access=Access.of([canary.url("/", "mixed.test")]), limits=QUICK)
    assert failure.value.reason == "blocked_address"


def test_the_address_that_was_checked_is_the_one_connected_to(server: WebServer) -> None:
    """A resolver that answers otherwise at each second look-up is never asked twice for a connection."""
    server.reply("/a", page("x"))
    with WebServer(bind="127.0.0.2", port=server.port) as rebound:
        answers = iter([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]])
        with Web(resolve=lambda host, port: next(answers)) as web:
            access = Access.of(private_hosts=[f"rebound.test:{server.port}"])
            assert web.fetch(server.url("/a", "rebound.test"), access=access, limits=QUICK).body == b"x"
        assert [asked.path for asked in server.asked()] == ["/robots.txt", "/a"]
        assert rebound.asked() == []
        assert next(answers) == ["127.0.0.2"]


def test_a_name_that_turns_private_is_refused_at_the_next_connection(server: WebServer, canary: WebServer) -> None:
    server.reply("/a", redirect(canary.url("/", "turns.test")))
    answers = {"first.test": ["127.0.0.1"], "turns.test": ["127.0.0.1"]}
    access = Access.of([canary.url("/", "turns.test")], private_hosts=[f"first.test:{server.port}"])
    with Web(resolve=lambda host, port: answers[host]) as web, pytest.raises(Unfetched) as failure:
        web.fetch(server.url("/a", "first.test"), access=access, limits=QUICK)
    assert failure.value.reason == "blocked_address"


def test_the_next_address_serves_where_the_first_does_not_answer(server: WebServer) -> None:
    server.reply("/a", page("x"))
    with Web(resolve=lambda host, port: ["127.0.0.3", "127.0.0.1"]) as web:
        access = Access.of(private_hosts=[f"two.test:{server.port}"])
        assert web.fetch(server.url("/a", "two.test"), access=access, limits=QUICK).body == b"x"
    assert server.asked("/a")[0].headers["host"] == f"two.test:{server.port}"


def test_a_name_that_nobody_knows_may_be_known_another_night() -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with Web(resolve=resolve) as web, pytest.raises(Unfetched) as failure:
        web.fetch("http://nowhere.test/", limits=QUICK)
    assert (failure.value.reason, failure.value.pending) == ("unreachable", True)
    assert "nowhere.test" in failure.value.what


def test_a_resolver_that_hangs_ends_with_the_time_for_the_address(server: WebServer) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        server.stopping.wait(9.0)
        return []

    with Web(resolve=resolve) as web, pytest.raises(Unfetched) as failure:
        web.fetch("http://hangs.test/", limits=WebLimits(seconds=0.3, first_wait_seconds=0.05))
    assert (failure.value.reason, failure.value.pending) == ("timeout", True)


def test_a_closed_port_is_a_host_that_cannot_be_reached(web: Web) -> None:
    with WebServer() as gone:
        place, url = gone.place, gone.url("/")
    with pytest.raises(Unfetched) as failure:
        web.fetch(url, access=Access.of(private_hosts=[place]), limits=QUICK)
    assert (failure.value.reason, failure.value.pending) == ("unreachable", True)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/a", "unsupported_scheme"),
        ("file:///etc/hostname", "unsupported_scheme"),
        ("gopher://example.org/", "unsupported_scheme"),
        ("javascript:alert(1)", "unsupported_scheme"),
        ("data:text/html,x", "unsupported_scheme"),
        ("//example.org/a", "unsupported_scheme"),
        ("page.html", "unsupported_scheme"),
        ("http:///a", "unsupported_scheme"),
        ("http://exa mple.org\x00/", "blocked_address"),
        ("http://0177.0.0.1/", "blocked_address"),
        ("http://[/", "blocked_address"),
        ("", "unsupported_scheme"),
        ("http://user:secret@example.org/", "blocked_address"),
        ("http://user@example.org/", "blocked_address"),
        ("http://example.org\\@127.0.0.1/", "blocked_address"),
        ("http://example.org:0/", "blocked_address"),
        ("http://example.org:70000/", "blocked_address"),
        ("http://example.org:8080/", "blocked_address"),  # no source has named it
        ("http://example.org:22/", "blocked_address"),
    ],
)
def test_what_is_no_address_to_fetch(web: Web, url: str, reason: str) -> None:
    with pytest.raises(Unfetched) as failure:
        web.fetch(url, limits=QUICK)
    assert (failure.value.reason, failure.value.pending) == (reason, False)
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize("to", ["file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x"])
def test_a_redirect_leaves_the_web_for_nothing(server: WebServer, refused: Refused, to: str) -> None:
    server.reply("/to", redirect(to))
    assert refused("/to").reason == "unsupported_scheme"


@pytest.mark.parametrize("to", ["http://user:secret@127.0.0.1/a", "http://[", "http://[::1", "http://127.0.0.1:99999/"])
def test_a_redirect_to_a_twisted_address_is_refused(server: WebServer, refused: Refused, to: str) -> None:
    server.reply("/to", redirect(to))
    assert refused("/to").reason == "blocked_address"


def test_the_source_s_own_port_is_open_and_no_other(web: Web) -> None:
    own = Access.of(["http://example.org:8080/list"])
    own.check(parse("http://example.org:8080/page"))
    own.check(parse("https://example.com/page"))
    for url in ("http://example.org:8081/", "http://example.com:8080/"):
        with pytest.raises(Unfetched):
            own.check(parse(url))


def test_proxies_of_the_environment_are_not_used(
    server: WebServer, canary: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, canary.url())
        monkeypatch.setenv(name.upper(), canary.url())
    monkeypatch.setenv("no_proxy", "")
    server.reply("/a", page("x"))
    with Web() as web:
        assert web.fetch(server.url("/a"), Validators(), Access.of(private_hosts=[server.place]), QUICK).body == b"x"


def test_passwords_of_the_user_s_netrc_are_not_sent(
    server: WebServer, fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {server.host} login a password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.reply("/a", page("x"))
    fetch("/a")
    assert all("authorization" not in asked.headers for asked in server.asked())


def _own(url: str) -> Access:
    """Access to the address's own port, so that it is not the port for which it is refused."""
    try:
        return Access.of([url])
    except Unfetched:
        return Access()
