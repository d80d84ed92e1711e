"""httpx over connections that are opened for one request, checked, and closed after it.

No connection is kept: one that was opened for a source which may reach a private host cannot serve another source.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator

import httpcore
import httpx

from gongbao.ingest.web.addresses import GuardedBackend, Resolve
from gongbao.ingest.web.policy import Access

ACCESS = "gongbao.access"
UNTIL = "gongbao.until"


class GuardedTransport(httpx.BaseTransport):
    """Sends a request whose extensions hold the source's `Access` and the moment until which it may last.

    Raises the exceptions of httpcore, and `Unfetched` for an address that may not be reached.
    """

    def __init__(self, trust: ssl.SSLContext, resolve: Resolve) -> None:
        self._trust = trust
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One connection, one request; the body is read from the response's stream."""
        assert isinstance(request.stream, httpx.SyncByteStream)
        access, until = request.extensions[ACCESS], request.extensions[UNTIL]
        assert isinstance(access, Access)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        backend = GuardedBackend(access, until, self._resolve)
        connection = httpcore.HTTPConnection(url.origin, ssl_context=self._trust, network_backend=backend)
        try:
            answer = connection.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions={"timeout": request.extensions["timeout"]},
                )
            )
        except BaseException:
            connection.close()
            raise
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(
            status_code=answer.status, headers=answer.headers, stream=_Body(answer.stream, connection)
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, chunks: Iterable[bytes], connection: httpcore.HTTPConnection) -> None:
        self._chunks = chunks
        self._connection = connection

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks

    def close(self) -> None:
        self._connection.close()
