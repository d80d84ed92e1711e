"""Stored contents read before the night comes to them: what a reader finds depends on the content and its name alone.

The night settles contents one after another. Those that it will have read are told here as soon as they lie in the
store, shared out to whoever works, and handed over when the night asks for them; what was not told is read at once.
Workers who have to be started first are called only when reading here has taken as long as their start: a small night
never waits for them, and a large one takes at most twice their start longer than it might.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

from gongbao.errors import UnreadableDocument, WarehouseDamaged
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.reading import Collection, ReadDocument, read_document
from gongbao.ingest.store import content_id
from gongbao.workers import Results, Workers

SHARE = 16
"""Contents that a worker is given at once."""

Read = ReadDocument | Collection | UnreadableDocument
"""What a content is, or why it is refused."""


@dataclass(frozen=True, slots=True)
class Content:
    """A content of the store, the name that it is read by, and what its server says of its characters."""

    sha256: str
    name: str
    charset: str | None = None


class Readers:
    """Reads contents of the store `blobs`, by `workers` those that were told before."""

    def __init__(self, blobs: Path, limits: Limits, parser: ParserProcess, workers: Workers) -> None:
        self._blobs, self._limits, self._parser, self._workers = blobs, limits, parser, workers
        self._waiting: dict[Content, None] = {}
        self._begun: dict[Content, _Share] = {}
        self._told: set[str] = set()
        self._spent = 0.0

    @property
    def reach(self) -> int:
        """How many contents should be told before the first of them is asked for: two shares a worker."""
        return 2 * self._workers.width * SHARE

    def expect(self, content: Content) -> None:
        """The night will ask for this one."""
        if not self._workers.width or content.sha256 in self._told:
            return
        self._told.add(content.sha256)
        self._waiting[content] = None
        while len(self._waiting) >= SHARE and self._spent >= self._workers.price:
            contents = tuple(islice(self._waiting, SHARE))
            share = _Share(self._blobs, self._limits, self._workers, contents)
            for each in contents:
                self._begun[each] = share
                del self._waiting[each]

    def read(self, content: Content) -> ReadDocument | Collection:
        """What the content is. Raises `UnreadableDocument`, or `WarehouseDamaged` where it is gone or altered."""
        self._told.discard(content.sha256)
        self._waiting.pop(content, None)
        share = self._begun.pop(content, None)
        if share is None:
            began = perf_counter()
            try:
                return _read(self._blobs, self._limits, self._parser, content)
            finally:
                self._spent += perf_counter() - began
        read = share.take(content)
        if isinstance(read, UnreadableDocument):
            raise read
        return read


class _Share:
    """Contents that are being read together."""

    def __init__(self, blobs: Path, limits: Limits, workers: Workers, contents: tuple[Content, ...]) -> None:
        self._contents = contents
        self._results: Results[Read] = workers.begin(partial(read_share, blobs, limits), contents)
        self._read: dict[Content, Read | None] | None = None

    def take(self, content: Content) -> Read:
        if self._read is None:
            self._read = dict(zip(self._contents, self._results(), strict=True))
        return self._read.pop(content) or UnreadableDocument(
            "parser_crashed",
            f"{content.name} ended the process that read it",
            "open it in its own program and save it anew",
        )


def read_share(blobs: Path, limits: Limits, contents: Sequence[Content]) -> list[Read]:
    """What each content is, wherever this runs: by a parser process of that place, under the same limits."""
    parser = _parser(limits)
    found: list[Read] = []
    for content in contents:
        try:
            found.append(_read(blobs, limits, parser, content))
        except UnreadableDocument as refused:
            found.append(refused)
    return found


_of_thread = threading.local()


def _parser(limits: Limits) -> ParserProcess:
    """That of this thread, which serves share after share: starting it costs more than most files. It ends with us."""
    known: tuple[Limits, ParserProcess] | None = getattr(_of_thread, "parser", None)
    if known is None or known[0] != limits:
        if known is not None:
            known[1].__exit__()
        known = _of_thread.parser = limits, ParserProcess(limits)
    return known[1]


def _read(blobs: Path, limits: Limits, parser: ParserProcess, content: Content) -> ReadDocument | Collection:
    blob = blobs / content.sha256
    try:
        data = blob.read_bytes()
    except OSError as error:
        raise WarehouseDamaged(
            f"cannot read blob {blob}, which came as {content.name} ({error.strerror})",
            "it was there a moment ago: see to the disk, and that every worker sees this folder under this path",
        ) from error
    if content_id(data) != content.sha256:
        raise WarehouseDamaged(
            f"blob {blob}, which came as {content.name}, has been altered",
            "delete that file and run again: the original is still where it came from",
        )
    return read_document(data, blob, content.name, limits, parser, content.charset)
