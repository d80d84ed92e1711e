"""The links of a list page, such as an office's column of bulletins, that a source's pattern picks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from lxml import etree, html

from gongbao.ingest.web.outcome import Unfetched
from gongbao.ingest.web.policy import parse

_MOST_LOOKED_AT = 20_000
_LONGEST_TEXT = 500
_LONGEST_URL = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute http or https address without fragment, and the text of the link (its title where that is longer)."""

    url: str
    text: str


def links(
    body: bytes, base_url: str, pattern: re.Pattern[str], charset: str | None = None, most: int = 500
) -> tuple[Link, ...]:
    """The links whose absolute address or text the pattern is found in, in page order, each address once.

    `base_url` is the page's own address (`final_url`), which an element `base` may change; a link back to the page is
    left out. Many offices' systems keep the rows of a list in scripts of type text/xml: those links count too.
    `charset` is what the server said; without it UTF-8 is tried, then GB18030. The first `most` links are given.
    """
    page = _parsed(_decoded(body, charset))
    if page is None:
        return ()
    own = parse(base_url)
    base = _base(page, own)
    found: dict[str, Link] = {}
    for anchor in _first_anchors(page):
        url = _resolved(base, anchor.get("href", ""))
        if url is None or url in found or url == str(own):
            continue
        text = _text(anchor)
        if pattern.search(url) or pattern.search(text):
            found[url] = Link(url, text)
            if len(found) == most:
                break
    return tuple(found.values())


def _decoded(body: bytes, charset: str | None) -> str:
    if charset:
        charset = "gb18030" if charset.lower() in {"gb2312", "gbk", "gb_2312-80"} else charset
        try:
            return body.decode(charset, errors="replace")
        except LookupError:
            pass  # a charset that nobody knows: as if none were named
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030", errors="replace")


def _parsed(content: str) -> Any:
    """The page's tree; null where it has no element at all."""
    try:
        return html.document_fromstring(
            content.encode("utf-8", errors="replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except etree.ParserError:
        return None


def _anchors(page: Any) -> Iterator[Any]:
    for element in page.iter("a", "script"):
        if element.tag == "a":
            yield element
        elif element.get("type", "").strip().lower() == "text/xml":
            rows = _parsed((element.text or "").replace("<![CDATA[", "").replace("]]>", ""))
            if rows is not None:
                yield from rows.iter("a")


def _first_anchors(page: Any) -> Iterator[Any]:
    return (anchor for _, anchor in zip(range(_MOST_LOOKED_AT), _anchors(page), strict=False))


def _base(page: Any, own: httpx.URL) -> httpx.URL:
    for element in page.iter("base"):
        if element.get("href"):
            url = _resolved(own, element.get("href"))
            return httpx.URL(url) if url else own
    return own


def _resolved(base: httpx.URL, href: str) -> str | None:
    """The absolute address; null for one that could not be fetched, or is endless."""
    href = re.sub(r"[\t\r\n]", "", href).strip()
    if not href or len(href) > _LONGEST_URL:
        return None
    try:
        return str(parse(str(base.join(href))))
    except (httpx.InvalidURL, Unfetched):  # written by whoever wrote the page
        return None


def _text(anchor: Any) -> str:
    """List pages cut long titles and keep the whole one in the attribute."""
    shown, title = (" ".join(text.split())[:_LONGEST_TEXT] for text in (anchor.text_content(), anchor.get("title", "")))
    return max(shown, title, key=len)
