"""A night's visit to the web: one client, what is known of robots.txt and of hosts that fail, one pace."""

from __future__ import annotations

import ssl
from functools import partial
from types import TracebackType
from typing import Self

from gongbao.ingest.web.addresses import Resolve, system_resolver
from gongbao.ingest.web.client import Client
from gongbao.ingest.web.outcome import NotModified, Page, Unfetched, Validators
from gongbao.ingest.web.policy import Access, WebLimits, host_port, parse
from gongbao.ingest.web.robots import Robots


class Web:
    """Fetches the addresses of one night, one after the other; not for several threads.

    `contact` stands in the User-Agent. `trust` is a context with other certificate authorities than the usual ones;
    `resolve` gives the addresses of a host and port.
    """

    def __init__(
        self, contact: str | None = None, trust: ssl.SSLContext | None = None, resolve: Resolve = system_resolver
    ) -> None:
        self._client = Client(contact, trust, resolve)
        self._robots = Robots(self._client)
        self._failed_in_a_row: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.__exit__(kind, error, trace)

    def fetch(
        self,
        url: str,
        validators: Validators = Validators(),  # noqa: B008 (frozen)
        access: Access = Access(),  # noqa: B008
        limits: WebLimits = WebLimits(),  # noqa: B008
    ) -> Page | NotModified:
        """The page at an address, or the word that the version of the validators still stands. Raises `Unfetched`."""
        asked = parse(url)
        place = host_port(asked)
        failed = self._failed_in_a_row.get(place, 0)
        if failed >= limits.host_failures:
            raise Unfetched(
                "unreachable",
                f"{url} was not asked: {place} failed {failed} addresses in a row tonight",
                "the next night asks again",
                pending=True,
            )
        self._client.forget()
        admit = partial(self._robots.admit, access=access, limits=limits)
        try:
            answer = self._client.follow(asked, validators, access, limits, admit)
        except Unfetched as error:
            self._failed_in_a_row[place] = failed + 1 if error.pending else 0
            raise
        self._failed_in_a_row[place] = 0
        return answer
