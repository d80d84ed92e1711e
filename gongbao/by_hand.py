"""One path or address that a person names, as a source of its own: the same intake, limits and quarantine as any.

The source is called after what it brings, so that to name the same again replaces what was said of it before, and a
changed file is a revision of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gongbao import settings
from gongbao.errors import UsageError
from gongbao.ingest.sources import Source
from gongbao.settings import Settings


@dataclass(frozen=True, slots=True)
class Item:
    """A path or an http address, and what a source's settings would say of it."""

    where: str
    publisher: str | None = None
    place: str | None = None
    doc_type: str | None = None
    caveats: tuple[str, ...] = ()

    @property
    def is_address(self) -> bool:
        """Whether it lies on the web."""
        return self.where.startswith(("http://", "https://"))


def load(item: Item, warehouse: Path | None) -> tuple[Settings, Source]:
    """The settings in force, with the item as the only source.

    Raises `UsageError` where there is no such file, for an address with a password, and where place or caveats are not
    known.
    """
    slots: dict[str, Any] = {
        "publisher": item.publisher,
        "place": item.place,
        "doc_type": item.doc_type,
        "caveats": item.caveats,
    }
    if item.is_address:
        if "@" in item.where.split("/", 3)[2]:  # before it is a source's name, in ledgers, logs and marts
            raise UsageError("the address carries a user name or password", "write it without them")
        configured = settings.load(
            source=({"name": f"by hand: {item.where}", "urls": (item.where,), **slots},), warehouse=warehouse
        )
        return configured, configured.sources()[0]
    path = Path(item.where).absolute()
    if path.is_dir():
        raise UsageError(f"{path} is a folder", "name one file; for a folder run the night with it as inbox")
    if not path.is_symlink() and not path.exists():
        raise UsageError(f"there is no file {path}", "name it as the machine sees it that runs the flow")
    configured = settings.load(
        source=({"name": f"by hand: {path}", "inbox": path.parent, **slots},), warehouse=warehouse
    )
    return configured, replace(configured.sources()[0], only=path.name)
