"""Pages of a source: which addresses it has, and how each is asked for what has changed."""

from __future__ import annotations

from collections.abc import Sequence

from gongbao.ingest.sources import Source
from gongbao.ingest.web import Web


def open_web(sources: Sequence[Source], only_hosts: tuple[str, ...] | None, contact: str | None) -> Web:
    raise NotImplementedError
