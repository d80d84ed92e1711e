"""Inboxes: folders, walked in the order of their relative paths; nothing in them is ever changed.

Only regular files inside the folder are read. A link is never followed: what it points to is either read under its
own name, or lies outside what the operator meant to give.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongbao.errors import UnreadableDocument
from gongbao.ingest.sniff import SUFFIXES

# Files that operating systems and Office leave behind: no office means to send them.
FURNITURE = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".gitkeep", ".gitignore"})
LOCK_PREFIX = "~$"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file in an inbox: `uri` is its path below the inbox, with `/`, bytes that are no UTF-8 as `%XX`."""

    uri: str
    path: Path


def walk(inbox: Path) -> list[Arrival]:
    """Every entry below `inbox` that is no folder, sorted by `uri`; links to folders are entries, not followed.

    A folder that cannot be listed, or that is called like a file (公报.docx), is an entry too: reading it names the
    reason. Raises `OSError` for `inbox` itself.
    """
    return sorted(_entries(inbox, inbox), key=lambda arrival: arrival.uri)


def _entries(inbox: Path, folder: Path) -> Iterator[Arrival]:
    with os.scandir(folder) as listing:
        entries = list(listing)
    for entry in entries:
        path = Path(entry.path)
        if not entry.is_dir(follow_symlinks=False) or path.suffix.lower().removeprefix(".") in SUFFIXES:
            # A folder called like a file was made by mistake: nobody means its content to be read.
            yield Arrival(_uri(path.relative_to(inbox)), path)
            continue
        try:
            yield from _entries(inbox, path)
        except OSError:
            yield Arrival(_uri(path.relative_to(inbox)), path)


def ignored(inbox: Path, arrival: Arrival) -> str | None:
    """Why this entry is passed over without quarantine, or null: lock files, furniture, links within the inbox."""
    if arrival.path.name.startswith(LOCK_PREFIX):
        return "lock_file"
    if arrival.path.name.lower() in FURNITURE:
        return "system_file"
    if arrival.path.is_symlink():
        target = _target(arrival.path)
        if target is not None and target.is_relative_to(inbox.resolve()):
            return "link_inside"
    return None


def read_bytes(arrival: Arrival, most: int) -> bytes:
    """The file's bytes. Raises `UnreadableDocument` for all that is no readable regular file of at most `most` bytes.

    The reasons: hidden_file, link_outside, broken_link, not_a_file, unreadable, vanished, empty, oversize,
    changed_while_read.
    """
    if arrival.path.is_symlink():
        if _target(arrival.path) is None:
            raise UnreadableDocument("broken_link", f"{arrival.uri} is a link to nothing", "put the file itself there")
        raise UnreadableDocument(
            "link_outside", f"{arrival.uri} is a link that leaves the inbox", "put the file itself there"
        )
    if any(part.startswith(".") for part in arrival.uri.split("/")):
        raise UnreadableDocument(
            "hidden_file", f"{arrival.uri} is hidden, or only partly uploaded", "rename it once it is complete"
        )
    try:
        return _read_regular(arrival, most)
    except FileNotFoundError:
        raise UnreadableDocument(
            "vanished", f"{arrival.uri} left the inbox while the night ran", "put it back; the next night reads it"
        ) from None
    except IsADirectoryError:
        raise UnreadableDocument(
            "not_a_file", f"{arrival.uri} is a folder that is called like a file", "rename the folder"
        ) from None
    except OSError as error:
        raise UnreadableDocument(
            "unreadable", f"{arrival.uri} cannot be read ({error.strerror})", "check its permissions and the disk"
        ) from None


def _read_regular(arrival: Arrival, most: int) -> bytes:
    # NONBLOCK: opening a pipe without a writer would wait for ever.
    handle = os.open(arrival.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as opened:
        before = os.fstat(opened.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise UnreadableDocument("not_a_file", f"{arrival.uri} is no regular file", "remove it from the inbox")
        if before.st_size > most:
            raise UnreadableDocument(
                "oversize",
                f"{arrival.uri} has {before.st_size:,} bytes, more than {most:,}",
                "split it, or take scans and pictures out",
            )
        data = opened.read(most + 1)
        after = os.fstat(opened.fileno())
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise UnreadableDocument(
            "changed_while_read", f"{arrival.uri} was being written", "nothing to do: the next night reads it"
        )
    return data


def _target(link: Path) -> Path | None:
    """Where a link ends, or null where it ends nowhere."""
    try:
        return link.resolve(strict=True)
    except (OSError, RuntimeError):  # a loop is RuntimeError up to Python 3.12
        return None


def _uri(relative: Path) -> str:
    raw = os.fsencode(relative.as_posix())
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        escaped = raw.decode("utf-8", "surrogateescape")  # a byte that is no UTF-8 becomes U+DC00 + byte
        return "".join(f"%{ord(c) - 0xDC00:02X}" if "\udc80" <= c <= "\udcff" else c for c in escaped)
