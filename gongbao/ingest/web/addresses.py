"""From a host to the address that is connected to: resolved once, checked, and that very address is used.

A second look-up could answer otherwise (DNS rebinding), so none is made. Hosts written as decimal, hexadecimal or octal
numbers mean to the resolver what they mean, and are judged by that.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import httpcore

from gongbao.ingest.web.outcome import Unfetched
from gongbao.ingest.web.policy import Access, place_of

Resolve = Callable[[str, int], Sequence[str]]
SocketOptions = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of a host in the system's order of preference. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet; the IPv4 address within an IPv6 one must be so too."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)
    if parsed.ipv4_mapped is not None:
        return is_public(str(parsed.ipv4_mapped))
    if parsed in _NAT64:
        return is_public(str(ipaddress.IPv4Address(parsed.packed[-4:])))
    if parsed.sixtofour is not None and not is_public(str(parsed.sixtofour)):
        return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_site_local)


@dataclass(frozen=True, slots=True)
class GuardedBackend(httpcore.NetworkBackend):
    """Connections of one request: to checked addresses only, and nothing on them after the moment `until`.

    `until` is on the monotonic clock. httpcore's own limits are for each read, so that a server which sends a byte a
    while would hold it for ever; here they shrink to what is left. The name for TLS stays that of the address asked.
    """

    access: Access
    until: float
    resolve: Resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers. Raises `Unfetched` (blocked_address)."""
        addresses = _resolved_within(_left(self.until, timeout, httpcore.ConnectTimeout), self.resolve, host, port)
        place = place_of(host, port)
        refused = [address for address in addresses if not is_public(address)]
        if refused and not self.access.may_be_private(place):
            raise Unfetched(
                "blocked_address",
                f"{place} is at {refused[0]}, which is no public address",
                f"if it is meant to be reached, add {place} to the source's private_hosts",
            )
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                left = _left(self.until, timeout, httpcore.ConnectTimeout)
                stream = httpcore.SyncBackend().connect_tcp(address, port, left, local_address, socket_options)
                return _TimedStream(stream, self.until)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


@dataclass(frozen=True, slots=True)
class _TimedStream(httpcore.NetworkStream):
    """A stream on which each wait is cut to what is left until the moment `until`."""

    stream: httpcore.NetworkStream
    until: float

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _left(self.until, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _left(self.until, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self.until, timeout, httpcore.ConnectTimeout)
        return _TimedStream(self.stream.start_tls(ssl_context, server_hostname, left), self.until)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)


def _left(until: float, timeout: float | None, over: type[Exception]) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise over("the time for this address is over")
    return left if timeout is None else min(left, timeout)


def _resolved_within(seconds: float, resolve: Resolve, host: str, port: int) -> Sequence[str]:
    """The resolver has no time limit of its own, so it runs in a thread that is left behind when it takes too long."""
    answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved in {seconds:.0f} s") from None
    if isinstance(answer, Exception):
        raise httpcore.ConnectError(f"the name {host} cannot be resolved ({answer})") from answer
    return answer
