"""Pages of a source: which addresses it has, and how each is asked for what has changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Self

from gongbao.ingest.sightings import Answer, Sighting
from gongbao.ingest.sources import Source
from gongbao.ingest.web import Access, NotModified, Page, Unfetched, Validators, Web, WebLimits, links


@dataclass(frozen=True, slots=True)
class Site:
    """A source on the web within a night: what it may reach and cost."""

    web: Web
    source: Source
    access: Access
    limits: WebLimits

    @classmethod
    def of(cls, web: Web, source: Source, only_hosts: tuple[str, ...] | None) -> Self:
        """The hosts of the source's own addresses, and those that it names. Raises `Unfetched` for a bad address."""
        own = source.urls if source.list_page is None else (source.list_page,)
        limits = WebLimits(
            seconds=source.limits.seconds,
            body_bytes=source.limits.file_bytes,
            host_interval_seconds=source.limits.interval_seconds,
        )
        return cls(web, source, Access.of(own, source.private_hosts, only_hosts), limits)

    def addresses(self) -> tuple[str, ...]:
        """Those listed, or those that the list page leads to tonight, in the page's order.

        Raises `Unfetched` where the list page cannot be had, or holds no link that matches.
        """
        if self.source.list_page is None or self.source.link_pattern is None:
            return self.source.urls
        # Always whole: an unchanged list page tells nothing of whether its links were read.
        page = self.web.fetch(self.source.list_page, Validators(), self.access, self.limits)
        assert isinstance(page, Page)
        pattern = re.compile(self.source.link_pattern)
        found = links(page.body, page.final_url, pattern, page.charset, self.source.limits.pages)
        if not found:
            raise Unfetched(
                "no_link",
                f"{self.source.list_page} holds no link that matches {self.source.link_pattern}",
                "look at the page and correct link_pattern; a list that a script builds has no links of its own",
            )
        return tuple(link.url for link in found)

    def fetch(self, url: str, last: Sighting | None) -> Page | NotModified:
        """The page at `url`, or the word that nothing has changed since `last`. Raises `Unfetched`."""
        validators = Validators(last.answer.etag, last.answer.last_modified) if last else Validators()
        return self.web.fetch(url, validators, self.access, self.limits)


def answer(page: Page) -> Answer:
    """What the server said of a page, as its sighting keeps it."""
    media_type = page.media_type
    if media_type and page.charset:
        media_type = f"{media_type}; charset={page.charset}"
    return Answer(page.etag, page.last_modified, page.status, media_type)


def answer_again(last: Sighting, page: NotModified) -> Answer:
    """What the server said before, with the version that it names now."""
    before = last.answer
    return replace(before, etag=page.etag or before.etag, last_modified=page.last_modified or before.last_modified)
