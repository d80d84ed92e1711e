"""A server to ask, one that must not be asked, a client, and limits that need no patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gongbao.ingest.web import Access, NotModified, Page, Unfetched, Validators, Web, WebLimits
from tests.web_server import WebServer

QUICK = WebLimits(seconds=5.0, stall_seconds=2.0, first_wait_seconds=0.05, wait_seconds=5.0, host_interval_seconds=0.0)

Fetch = Callable[..., Page | NotModified]
Refused = Callable[..., Unfetched]


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer() as opened:
        yield opened


@pytest.fixture
def canary() -> Iterator[WebServer]:
    """A server on a private address that no source may reach; whoever asks it fails the test."""
    with WebServer() as opened:
        yield opened
        assert opened.asked() == []


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(contact="data@example.org") as opened:
        yield opened


@pytest.fixture
def fetch(server: WebServer, web: Web) -> Fetch:
    """Fetch a path of the server, or a whole address; limits by their names."""

    def run(where: str, validators: Validators | None = None, access: Access | None = None, **limits: Any) -> Any:
        url = server.url(where) if where.startswith("/") else where
        allowed = access or Access.of(private_hosts=[server.place])
        return web.fetch(url, validators or Validators(), allowed, _limits(limits))

    return run


@pytest.fixture
def refused(fetch: Fetch) -> Refused:
    """Fetch what gives no page; the failure."""

    def run(*where: Any, **options: Any) -> Unfetched:
        with pytest.raises(Unfetched) as failure:
            fetch(*where, **options)
        return failure.value

    return run


def _limits(changed: dict[str, Any]) -> WebLimits:
    return WebLimits(**{name: changed.get(name, getattr(QUICK, name)) for name in WebLimits.__dataclass_fields__})
