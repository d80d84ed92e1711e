"""robots.txt (RFC 9309): asked once a night for each scheme, host and port, through the same guarded client.

Answers of 400 to 499, and a robots.txt that leads nowhere, mean that there are no rules. A server that fails or cannot
be reached has perhaps rules that are not seen now: its pages wait for another night.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import httpx
from protego import Protego

from gongbao.ingest.web.client import Client
from gongbao.ingest.web.outcome import Page, Unfetched, Validators
from gongbao.ingest.web.policy import Access, WebLimits, host_port, shown

_NAME = "gongbao"


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: Protego | None = None
    not_now: Unfetched | None = None


class Robots:
    """The rules of the hosts asked so far. They are kept apart by `Access`: what one may see, another may not."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[tuple[str, str, Access], _Rules] = {}

    def admit(self, url: httpx.URL, access: Access, limits: WebLimits) -> float:
        """The seconds between two requests to the host: the longer of its own wish and the limits'.

        Raises `Unfetched`: robots where the rules forbid the address; pending where they cannot be had now.
        """
        key = (url.scheme, host_port(url), access)
        if key not in self._known:
            self._known[key] = self._ask(url, access, limits)
        known = self._known[key]
        if known.not_now is not None:
            failure = known.not_now
            what = f"{shown(url)} was not asked, since its robots.txt could not be: {failure.what}"
            raise Unfetched(failure.reason, what, failure.remedy, pending=True)
        if known.rules is None:
            return limits.host_interval_seconds
        if not known.rules.can_fetch(str(url), _NAME):
            raise Unfetched(
                "robots",
                f"the robots.txt of {host_port(url)} does not allow {shown(url)}",
                "ask the office, or save the page by hand into an inbox",
            )
        return max(limits.host_interval_seconds, min(_delay(known.rules), limits.crawl_delay_seconds))

    def _ask(self, url: httpx.URL, access: Access, limits: WebLimits) -> _Rules:
        interval = limits.host_interval_seconds
        try:
            page = self._client.follow(
                url.copy_with(raw_path=b"/robots.txt"),
                Validators(),
                access,
                replace(limits, body_bytes=limits.robots_bytes),
                admit=lambda hop: interval,
                cut=True,
            )
        except Unfetched as error:
            waits = error.pending or error.reason == "incomplete"
            return _Rules(not_now=error) if waits else _Rules()
        assert isinstance(page, Page)  # nothing was sent that 304 could answer
        return _Rules(Protego.parse(page.body.decode("utf-8-sig", errors="replace")))


def _delay(rules: Protego) -> float:
    """Crawl-delay and Request-rate in seconds between requests; what is no sane number is none."""
    delays = [rules.crawl_delay(_NAME) or 0.0]
    rate = rules.request_rate(_NAME)
    if rate is not None and rate.requests > 0:
        delays.append(rate.seconds / rate.requests)
    return max((delay for delay in delays if delay > 0), default=0.0)
