"""Fetching from the web: what may be reached, one guarded client for a night, robots.txt, pace, links of list pages.

    with Web(contact="data@example.org") as web:
        page = web.fetch(url, Validators(etag, last_modified), Access.of([url]), WebLimits())

Nothing here knows the database.
"""

from gongbao.ingest.web.listing import Link, links
from gongbao.ingest.web.outcome import NotModified, Page, Unfetched, Validators
from gongbao.ingest.web.policy import Access, WebLimits
from gongbao.ingest.web.visitor import Web

__all__ = ["Access", "Link", "NotModified", "Page", "Unfetched", "Validators", "Web", "WebLimits", "links"]
