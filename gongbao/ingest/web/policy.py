"""What the web may cost and what may be reached: limits, and which `host:port` is open to a source."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import httpx

from gongbao.ingest.web.outcome import Unfetched

_PORTS = {"http": 80, "https": 443}
_SHOWN = 200
_HOST = re.compile(r"[a-z0-9._:-]{1,253}")


@dataclass(frozen=True, slots=True)
class WebLimits:
    """Bytes, seconds and counts for one address, one host and one night.

    `seconds` is what all requests for one address may take together, redirects and tries included; waiting between
    them comes on top and is at most `wait_seconds` together, which also is the longest Retry-After that is obeyed.
    `stall_seconds` is the longest silence within one request. `tries` are for each request, after waits of
    `first_wait_seconds`, then twice that, and so on. A host that failed `host_failures` addresses in a row is left
    alone for the night.
    """

    seconds: float = 60.0
    stall_seconds: float = 30.0
    body_bytes: int = 50_000_000
    redirects: int = 5
    tries: int = 5
    first_wait_seconds: float = 1.0
    wait_seconds: float = 600.0
    host_interval_seconds: float = 1.0
    crawl_delay_seconds: float = 30.0
    robots_bytes: int = 500_000
    host_failures: int = 10


@dataclass(frozen=True, slots=True)
class Access:
    """The `host:port` that a source may reach beyond the ports 80 and 443 of public addresses.

    `own` are those of the source's own addresses: any port, but still public. `private` may have private addresses.
    With `only`, nothing else may be reached, `own` and `private` included; an entry of it that is an address literal
    or localhost may be private, since it cannot be anything else, while a name must be in `private` too.
    """

    own: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    only: frozenset[str] | None = None

    @classmethod
    def of(
        cls, urls: Iterable[str] = (), private_hosts: Iterable[str] = (), only_hosts: Iterable[str] | None = None
    ) -> Self:
        """From a source's addresses and lists of `host:port`. Raises `Unfetched` for what is no web address."""
        return cls(
            frozenset(host_port(parse(url)) for url in urls),
            frozenset(_entry(host) for host in private_hosts),
            None if only_hosts is None else frozenset(_entry(host) for host in only_hosts),
        )

    def check(self, url: httpx.URL) -> None:
        """Raise `Unfetched` (blocked_address) for an address that may not be asked, whatever its host resolves to."""
        place = host_port(url)
        if self.only is not None and place not in self.only:
            raise Unfetched(
                "blocked_address",
                f"{shown(url)} is at {place}, which is not among the hosts that may be reached",
                "add it to GONGBAO_ALLOW_HOSTS, or leave the variable unset",
            )
        usual = url.port in {None, *_PORTS.values()}
        if not usual and place not in self.own | self.private | (self.only or frozenset()):
            raise Unfetched(
                "blocked_address",
                f"{shown(url)} is at a port other than 80 and 443 that the source does not name",
                f"if it is to be read, add {place} to the source's private_hosts",
            )

    def may_be_private(self, place: str) -> bool:
        """Whether the `host:port` may resolve to an address that is not public."""
        if self.only is not None and place not in self.only:
            return False
        return place in self.private or (self.only is not None and _is_private_by_itself(place))


def parse(address: str) -> httpx.URL:
    """The address without its fragment. Raises `Unfetched`: unsupported_scheme, blocked_address."""
    try:
        url = httpx.URL(address.strip())
        host = url.raw_host.decode("ascii").rstrip(".")
        url = url.copy_with(fragment=None, host=host)
    except (httpx.InvalidURL, ValueError) as error:
        raise malformed(address, error) from None
    if url.scheme not in _PORTS or not host:
        raise Unfetched(
            "unsupported_scheme", f"{shown(url)} is no http or https address", "only http and https are fetched"
        )
    if url.userinfo:
        raise Unfetched(
            "blocked_address", f"an address at {host[:_SHOWN]} carries a user name or password", "write it without them"
        )
    if not _HOST.fullmatch(host):
        raise malformed(address, "impossible host")
    if not 0 < _port(url) < 65536:
        raise malformed(address, "impossible port")
    return url


def malformed(address: str, problem: object) -> Unfetched:
    """The failure for what is no address at all: blocked_address where it looks like one of the web."""
    reason = "blocked_address" if address.strip().lower().startswith(("http:", "https:")) else "unsupported_scheme"
    return Unfetched(reason, f"{address[:_SHOWN]!r} is no web address ({problem})", "correct the address")


def host_port(url: httpx.URL) -> str:
    """`host:port` in one spelling: lower case, punycode, IPv6 shortened in brackets, the port always there."""
    return place_of(url.raw_host.decode("ascii"), _port(url))


def place_of(host: str, port: int) -> str:
    """`host:port` in the spelling of `host_port`; `host` is ASCII, an IPv6 address without brackets."""
    host = host.lower().rstrip(".")
    if ":" in host:
        literal = _literal(host)
        host = f"[{literal or host}]"
    return f"{host}:{port}"


def shown(url: httpx.URL) -> str:
    """The address for a message: without a password, not endless."""
    plain = str(url.copy_with(userinfo=b"")) if url.userinfo else str(url)
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def _port(url: httpx.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


def _entry(place: str) -> str:
    return host_port(parse(f"http://{place}"))


def _is_private_by_itself(place: str) -> bool:
    host = place.rpartition(":")[0].strip("[]")
    return host == "localhost" or _literal(host) is not None


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:  # a name, or a number in another notation: what it means is the resolver's business
        return None
