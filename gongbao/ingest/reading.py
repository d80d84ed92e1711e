"""One file's bytes to a document: sniffed, read by the reader of its format, its frame read from what it says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from gongbao.extract.grid import Sheet
from gongbao.ingest.frames import ReadFrame, read_frame
from gongbao.ingest.grids import cells, grid_id
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers import delimited, text, workbook
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.sniff import refuse_json, sniff


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What one content is: its text (or the cells of its sheets), its frame, and who read it.

    `text_id` is the sha256 of the text, or of the grid; `length` is in code points, or filled cells.
    """

    text_id: str
    reader: str
    media_type: str
    frame: ReadFrame
    length: int
    content: str | None
    sheets: tuple[Sheet, ...]
    warnings: tuple[str, ...]

    def columns(self) -> dict[str, Any]:
        """The columns of `raw.document` that the content decides."""
        return {
            **self.frame.columns(),
            "text_id": self.text_id,
            "media_type": self.media_type,
            "reader": self.reader,
            "text_length": self.length,
            "ingest_status": "accepted_with_warning" if self.warnings else "accepted",
            "warnings": "; ".join(self.warnings) or None,
        }


def read_document(data: bytes, blob: Path, name: str, limits: Limits, parser: ParserProcess) -> ReadDocument:
    """Read the bytes, stored at `blob`, of the file called `name`. Raises `UnreadableDocument` with the reason."""
    found = sniff(data, name)
    if found.format == "workbook":
        sheets, warnings = parser.read(blob, name)
        return _grid(sheets, name, workbook.NAME, found.media_type, (*found.warnings, *warnings))
    if found.format == "delimited":
        sheets, decoded = delimited.read_delimited(data, name, limits)
        return _grid(sheets, name, delimited.NAME, found.media_type, (*found.warnings, *decoded.warnings))
    # JSON first: it is refused for what it is, not for what its text lacks.
    decoded = text.decode(data, name)
    refuse_json(decoded.content, name)
    decoded = text.check(decoded, name, limits)
    return ReadDocument(
        text_id=hashlib.sha256(decoded.content.encode()).hexdigest(),
        reader=text.NAME,
        media_type=f"{found.media_type}; charset={decoded.encoding}",
        frame=read_frame(decoded.content, (), PurePosixPath(name).name),
        length=len(decoded.content),
        content=decoded.content,
        sheets=(),
        warnings=(*found.warnings, *decoded.warnings),
    )


def _grid(
    sheets: tuple[Sheet, ...], name: str, reader: str, media_type: str, warnings: tuple[str, ...]
) -> ReadDocument:
    return ReadDocument(
        text_id=grid_id(sheets),
        reader=reader,
        media_type=media_type,
        frame=read_frame(None, sheets, PurePosixPath(name).name),
        length=len(cells(sheets)),
        content=None,
        sheets=sheets,
        warnings=warnings,
    )
