"""Sources: where bulletins come from, and what is known of all that one of them brings.

A source is an inbox folder, a list of web addresses, or a list page (an office's bulletin column) whose links match a
pattern. `gongbao.settings` reads them from gongbao.toml.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """What one source may cost; the rest is decided for all sources in `gongbao.ingest.limits`.

    `file_bytes` of one file or answer. Of the web: `seconds` for one address with all its tries (waits between them
    come on top), `interval_seconds` between two requests to one host, `pages` that one list page may lead to.
    """

    file_bytes: int = 50_000_000
    seconds: float = 60.0
    interval_seconds: float = 1.0
    pages: int = 200


@dataclass(frozen=True, slots=True)
class Source:
    """Exactly one of `inbox`, `urls` and `list_page` (with its `link_pattern`), and what holds for all it brings.

    `only` is the name of the one file of the inbox that is taken; null: all of them.

    `publisher` and `place` stand in where a text does not name its own, `doc_type` where it does not show what it is;
    `caveats` go with every figure. `schedule` is a cron expression in China's time; null: every night. `private_hosts`
    are the `host:port` that may be reached though their address is private, such as a mirror inside the office.
    """

    name: str
    inbox: Path | None = None
    publisher: str | None = None
    place: str | None = None
    caveats: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    list_page: str | None = None
    link_pattern: str | None = None
    schedule: str | None = None
    private_hosts: tuple[str, ...] = ()
    limits: SourceLimits = SourceLimits()
    only: str | None = None
    doc_type: str | None = None

    @property
    def where(self) -> str:
        """The folder or the addresses, for a person."""
        if self.inbox is not None:
            return str(self.inbox)
        if self.list_page is not None:
            return self.list_page
        return self.urls[0] if len(self.urls) == 1 else f"{len(self.urls)} addresses"
