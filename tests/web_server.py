"""A web server for tests, on a port of its own: scripted answers, good and bad, and a log of what was asked when.

    with WebServer() as server:
        server.reply("/a.html", status(503), page("统计公报", etag='"1"'))   # the last answer stays
        ...
        assert [asked.headers.get("if-none-match") for asked in server.asked("/a.html")] == [None, '"1"']

A path without a script is 404, robots.txt too. A server that must not be asked is one whose `asked()` stays empty.
"""

from __future__ import annotations

import email.utils
import gzip
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import TracebackType
from typing import Any, Self

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """A request: path with query, moment on the monotonic clock, headers with names in lower case."""

    path: str
    at: float
    headers: Headers
    method: str


class Exchange(BaseHTTPRequestHandler):
    """One request and the means to answer it well or badly."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.owner.next_reply(Asked(self.path, time.monotonic(), headers, self.command))
        self.close_connection = True
        with suppress(OSError):  # the client has gone, as it does when an answer is too long or too slow
            reply(self)

    do_HEAD = do_GET
    do_POST = do_GET

    def head(self, code: int, headers: Headers) -> None:
        self.server.owner.note_status(self.path, code)
        if "Date" in headers:
            self.send_response_only(code)
        else:
            self.send_response(code)
        for name, value in {"Connection": "close", **headers}.items():
            self.send_header(name, value.encode().decode("latin-1"))  # UTF-8, as servers here do
        self.end_headers()

    def answer(self, code: int, body: bytes = b"", headers: Headers | None = None) -> None:
        self.head(code, {"Content-Length": str(len(body)), **(headers or {})})
        self.write(body)

    def write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def pause(self, seconds: float) -> bool:
        """Wait, but not longer than the server lives; says whether it still does."""
        return not self.server.owner.stopping.wait(seconds)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()
        self.rfile, self.wfile = io.BytesIO(), io.BytesIO()

    def log_message(self, format: str, *args: Any) -> None:
        pass


Reply = Callable[[Exchange], None]


class WebServer:
    """Serves from a thread until the block ends. `tls` makes it https, `bind` gives it another address of this host."""

    def __init__(self, bind: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.stopping = threading.Event()
        self._scripts: dict[str, list[Reply]] = {}
        self._asked: list[Asked] = []
        self._answered: list[tuple[str, int]] = []
        self._lock = threading.Lock()
        self._server = _Server((bind, port), Exchange)
        self._server.owner = self
        self._tls = tls is not None
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.host, self.port = bind, int(self._server.server_address[1])
        self.place = f"{bind}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/", host: str | None = None) -> str:
        """The address of a path, at this server's own address or another name of it."""
        return f"http{'s' if self._tls else ''}://{host or self.host}:{self.port}{path}"

    def reply(self, path: str, *replies: Reply) -> None:
        """Answer the path with these in turn; the last one stays."""
        self._scripts[path] = list(replies)

    def asked(self, path: str | None = None) -> list[Asked]:
        """The requests so far, of one path or of all."""
        with self._lock:
            return [asked for asked in self._asked if path in {None, asked.path}]

    def statuses(self, path: str) -> list[int]:
        """The status of each answer so far to requests for a path."""
        with self._lock:
            return [code for answered, code in self._answered if answered == path]

    def note_status(self, path: str, code: int) -> None:
        with self._lock:
            self._answered.append((path, code))

    def gaps(self, path: str | None = None) -> list[float]:
        """The seconds between the requests of `asked`."""
        moments = [asked.at for asked in self.asked(path)]
        return [later - earlier for earlier, later in pairwise(moments)]

    def next_reply(self, asked: Asked) -> Reply:
        with self._lock:
            self._asked.append(asked)
            script = self._scripts.get(asked.path, [status(404)])
            return script.pop(0) if len(script) > 1 else script[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: WebServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that breaks off, or does not trust the certificate

    def shutdown_request(self, request: Any) -> None:
        with suppress(OSError):  # it was reset
            super().shutdown_request(request)


def page(
    body: str | bytes = "页面",
    etag: str | None = None,
    last_modified: str | None = None,
    media_type: str = "text/html; charset=utf-8",
    **headers: str,
) -> Reply:
    """200 with the body, or 304 to a request with this etag or moment. Further headers: `Retry_After="2"`."""
    content = body.encode() if isinstance(body, str) else body
    named = {"ETag": etag, "Last-Modified": last_modified, **_spelt(headers)}
    sent = {name: value for name, value in named.items() if value is not None}

    def reply(exchange: Exchange) -> None:
        if "If-None-Match" in exchange.headers:
            same = etag is not None and exchange.headers["If-None-Match"] == etag
        else:
            same = last_modified is not None and exchange.headers.get("If-Modified-Since") == last_modified
        if same:
            exchange.head(304, sent)
        else:
            exchange.answer(200, content, {"Content-Type": media_type, **sent})

    return reply


def list_page(*links: tuple[str, str]) -> Reply:
    """A page with these links: href and text."""
    rows = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return page(f"<html><body><ul>{rows}</ul></body></html>")


def status(code: int, body: bytes = b"", **headers: str) -> Reply:
    """Any status with any headers: `status(429, Retry_After="2")`."""
    return lambda exchange: exchange.answer(code, body, _spelt(headers))


def redirect(to: str, code: int = 302, **headers: str) -> Reply:
    return status(code, b"", Location=to, **headers)


def retry_at(seconds: float, code: int = 429) -> Reply:
    """The code with Retry-After as a date, so many seconds ahead of the moment of the request."""

    def reply(exchange: Exchange) -> None:
        moment = email.utils.formatdate(time.time() + seconds, usegmt=True)
        exchange.answer(code, b"", {"Retry-After": moment})

    return reply


def robots(rules: str) -> Reply:
    return page(rules, media_type="text/plain")


def reset() -> Reply:
    """The connection ends without an answer."""
    return lambda exchange: exchange.reset()


def no_http() -> Reply:
    """Bytes that are no answer."""
    return lambda exchange: exchange.write(b"\x00\x01\x02 hello\r\n\r\n")


def short(body: bytes = b"<p>half", missing: int = 500) -> Reply:
    """A body that is shorter than its Content-Length says."""
    return lambda exchange: exchange.answer(200, body, {"Content-Length": str(len(body) + missing)})


def broken_chunks() -> Reply:
    """A chunked body that ends in nonsense."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, {"Transfer-Encoding": "chunked"})
        exchange.write(b"3\r\nabc\r\nZZZ\r\nabc")

    return reply


def slow_head(seconds: float, body: str = "页面") -> Reply:
    """Silence before the answer."""

    def reply(exchange: Exchange) -> None:
        if exchange.pause(seconds):
            exchange.answer(200, body.encode())

    return reply


def drip(seconds: float, every: float = 0.05) -> Reply:
    """A body that comes a byte a while."""

    def reply(exchange: Exchange) -> None:
        count = int(seconds / every)
        exchange.head(200, {"Content-Length": str(count)})
        _drip(exchange, b"x" * count, every)

    return reply


def drip_head(seconds: float, every: float = 0.05) -> Reply:
    """A head that comes a byte a while."""
    return lambda exchange: _drip(exchange, b"HTTP/1.1 200 OK\r\nX: " + b"x" * int(seconds / every), every)


def endless(chunk: bytes = b"1" * 65536) -> Reply:
    """A body without Content-Length that never ends."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Type": "text/html"})
        while exchange.pause(0):
            exchange.write(chunk)

    return reply


def oversize(size: int, length: bool = True) -> Reply:
    """A body of so many bytes, with or without Content-Length."""

    def reply(exchange: Exchange) -> None:
        exchange.head(200, {"Content-Length": str(size)} if length else {})
        for _ in range(0, size, 65536):
            exchange.write(b"1" * 65536)

    return reply


def gzipped(body: bytes, cut: int | None = None) -> Reply:
    """The body compressed though nobody asked for it; `cut` leaves only so many bytes of it."""
    return status(200, gzip.compress(body, mtime=0)[:cut], Content_Encoding="gzip", Content_Type="text/html")


def gzip_bomb(inflated: int) -> Reply:
    return gzipped(b"\0" * inflated)


def attachment(name: str, body: str = "页面") -> Reply:
    """A page that proposes a file name."""
    return page(body, Content_Disposition=f'attachment; filename="{name}"')


def _spelt(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _drip(exchange: Exchange, data: Sequence[int] | bytes, every: float) -> None:
    for byte in data:
        if not exchange.pause(every):
            return
        exchange.write(bytes([byte]))
