"""Visiting a source: every file of its inbox, or every page of its addresses, in an order of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from gongbao import progress
from gongbao.errors import UnreadableDocument
from gongbao.ingest.inbox import Arrival, ignored, read_bytes, walk
from gongbao.ingest.limits import Limits
from gongbao.ingest.night import Night
from gongbao.ingest.pages import Site, answer, answer_again
from gongbao.ingest.report import Refusal
from gongbao.ingest.sightings import Answer
from gongbao.ingest.sources import Source
from gongbao.ingest.web import NotModified, Unfetched, Web
from gongbao.workers import in_advance

_IGNORED = {
    "lock_file": ("a lock file of an open workbook", "nothing to do: it goes when the workbook is closed"),
    "system_file": ("left by the operating system", "nothing to do"),
    "link_inside": ("a link to a file of the same inbox", "nothing to do: the file is read under its own name"),
}

Settle = Callable[[], None]
Step = Callable[[], Settle]
"""One file or page: it is kept first, where that may be done before its turn, and settled in its turn."""


def visit(
    night: Night, web: Web, sources: Sequence[Source], limits: Limits, only_hosts: tuple[str, ...] | None
) -> None:
    """Take in everything that each source has, in the order of the sources and of paths, or of addresses.

    A source that cannot be listed is named in the tally's `unreached`, the others go on.
    """
    steps = [step for source in sources for step in _steps(night, web, source, limits, only_hosts)]
    for number, settle in enumerate(in_advance(steps, lambda step: step(), night.reach), start=1):
        night.tally.counts["seen"] += 1
        settle()
        progress.advance("ingest", number, len(steps))


def _steps(night: Night, web: Web, source: Source, limits: Limits, only_hosts: tuple[str, ...] | None) -> list[Step]:
    try:
        if source.inbox is not None:
            most = min(limits.file_bytes, source.limits.file_bytes)
            arrivals = [Arrival(source.only, source.inbox / source.only)] if source.only else walk(source.inbox)
            return [partial(_keep_file, night, source, arrival, most) for arrival in arrivals]
        site = Site.of(web, source, only_hosts)
        return [partial(partial, _take_page, night, site, url) for url in site.addresses()]
    except OSError as error:
        night.tally.unreached.append((source.name, f"the inbox {source.inbox} cannot be listed ({error.strerror})"))
    except Unfetched as error:
        night.tally.unreached.append((source.name, f"{error.what}; {error.remedy}"))
        if error.pending:
            night.tally.passing.append(source.name)
    return []


def _keep_file(night: Night, source: Source, arrival: Arrival, most: int) -> Settle:
    assert source.inbox is not None
    reason = ignored(source.inbox, arrival)
    if reason:
        detail, remedy = _IGNORED[reason]
        told = Refusal(source.name, arrival.uri, reason, f"{arrival.uri} is {detail}", remedy)
        return partial(night.tally.ignored.append, told)
    try:
        data = read_bytes(arrival, most)
    except UnreadableDocument as refused:
        return partial(night.refuse_name, source.name, arrival.uri, refused)
    return night.keep(source.name, arrival.uri, data, Answer())


def _take_page(night: Night, site: Site, url: str) -> None:
    source = site.source.name
    last = night.last(source, url)
    try:
        page = site.fetch(url, last)
    except Unfetched as error:
        _miss(night, source, url, error)
        return
    if isinstance(page, NotModified):
        assert last is not None  # it was asked with what the last answer said
        night.stay(last, answer_again(last, page))
        return
    if page.moved_to is not None:
        night.tally.warnings.append((url, f"moved for good to {page.moved_to}"))
    night.arrive(source, url, page.body, answer(page))


def _miss(night: Night, source: str, url: str, error: Unfetched) -> None:
    """A page that could not be had: the next night asks again, or it is refused; what it said before stands."""
    if error.pending:
        night.wait_for(Refusal(source, url, error.reason, error.what, error.remedy))
    elif night.stands(source, url):
        night.tally.warnings.append((url, error.reason))
    else:
        night.refuse_name(source, url, UnreadableDocument(error.reason, error.what, error.remedy))
