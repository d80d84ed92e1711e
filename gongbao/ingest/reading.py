"""One file's bytes to a document: sniffed, read by the reader of its format, its frame read from what it says.

A table of texts gives a document for each of its rows; one that holds a single text is that document itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from gongbao.extract.traditional import is_traditional
from gongbao.grid import Sheet
from gongbao.ingest.frames import ReadFrame, read_frame, stated_rows
from gongbao.ingest.grids import cell_columns, grid_id
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers import text
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.readers.result import ReadText, Stated
from gongbao.ingest.sniff import refuse_json, sniff


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What one content is: its text (or the cells of its sheets), its frame, and who read it.

    `text_id` is the sha256 of the text, or of the grid; `length` is in code points, or filled cells. `cells` are the
    grid's columns, see `gongbao.ingest.grids.cell_columns`; null for a text.
    """

    text_id: str
    reader: str
    media_type: str
    frame: ReadFrame
    length: int
    content: str | None
    sheets: tuple[Sheet, ...]
    cells: pa.Table | None
    stated: Stated
    warnings: tuple[str, ...]

    def columns(self) -> dict[str, Any]:
        """The columns of `raw.document` that the content decides."""
        return {
            **self.frame.columns(),
            "text_id": self.text_id,
            "media_type": self.media_type,
            "reader": self.reader,
            "text_length": self.length,
            **_status(self.warnings),
        }

    def stated_rows(self) -> list[dict[str, Any]]:
        """Rows of `raw.stated`, without their `document_id`."""
        return list(stated_rows(self.stated))


@dataclass(frozen=True, slots=True)
class Member:
    """A text in a table of texts: `key` tells it from the others, its bytes are the text in UTF-8."""

    key: str
    document: ReadDocument

    @property
    def data(self) -> bytes:
        """The member as a file of its own."""
        return (self.document.content or "").encode()


@dataclass(frozen=True, slots=True)
class Collection:
    """A table of texts: it has no text of its own, its members do."""

    media_type: str
    members: tuple[Member, ...]
    warnings: tuple[str, ...]

    def columns(self) -> dict[str, Any]:
        """The columns of `raw.document` that the content decides."""
        return {
            "media_type": self.media_type,
            "reader": COLLECTION,
            "doc_type": "other",
            "doc_type_stated": "other",
            **_status(self.warnings),
        }


COLLECTION = "collection"


def read_document(
    data: bytes, blob: Path, name: str, limits: Limits, parser: ParserProcess, charset: str | None = None
) -> ReadDocument | Collection:
    """Read the bytes, stored at `blob`, of the file called `name`; `charset` is what its server says of them.

    Raises `UnreadableDocument` with the reason.
    """
    found = sniff(data, name)
    if found.format == "text":
        # JSON first: it is refused for what it is, not for what its text lacks.
        decoded = text.decode(data, name)
        refuse_json(decoded.content, name)
        decoded = text.check(decoded, name, limits)
        read = ReadText(decoded.content, decoded.warnings, decoded.encoding)
        return _of_text(read, name, text.NAME, found.media_type, found.warnings)
    answer = parser.read(blob, name, found.format, charset)
    warnings = (*found.warnings, *answer.warnings)
    if answer.members:
        members = tuple(
            Member(key, _document(read, f"{name}#{key}", COLLECTION, "text/csv", ())) for key, read in answer.members
        )
        if len(members) == 1:
            return _document(answer.members[0][1], name, COLLECTION, found.media_type, warnings)
        return Collection(found.media_type, members, warnings)
    if answer.text is not None:
        return _document(answer.text, name, found.format, found.media_type, found.warnings)
    cells = cell_columns(answer.sheets)
    return ReadDocument(
        text_id=grid_id(cells),
        reader=found.format,
        media_type=found.media_type,
        frame=read_frame(None, answer.sheets, name),
        length=cells.num_rows,
        content=None,
        sheets=answer.sheets,
        cells=cells,
        stated=Stated(),
        warnings=warnings,
    )


def _document(read: ReadText, name: str, reader: str, media_type: str, warnings: tuple[str, ...]) -> ReadDocument:
    """A text that a parser made ends like a file: so the same text is one in every format."""
    return _of_text(replace(read, content=read.content.strip("\n") + "\n"), name, reader, media_type, warnings)


def _of_text(read: ReadText, name: str, reader: str, media_type: str, warnings: tuple[str, ...]) -> ReadDocument:
    return ReadDocument(
        text_id=hashlib.sha256(read.content.encode()).hexdigest(),
        reader=reader,
        media_type=f"{media_type}; charset={read.encoding}" if read.encoding else media_type,
        frame=read_frame(read.content, (), name, read.stated),
        length=len(read.content),
        content=read.content,
        sheets=(),
        cells=None,
        stated=read.stated,
        warnings=(*warnings, *read.warnings, *(("traditional_characters",) if is_traditional(read.content) else ())),
    )


def _status(warnings: tuple[str, ...]) -> dict[str, Any]:
    return {
        "ingest_status": "accepted_with_warning" if warnings else "accepted",
        "warnings": "; ".join(dict.fromkeys(warnings)) or None,
    }
