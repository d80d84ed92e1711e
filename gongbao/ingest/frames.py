"""Frames in the warehouse: what a document says about itself, as columns of `raw.document`.

A frame is read anew when extraction has changed since: title, place and periods are readings, only the text is given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from gongbao import extract
from gongbao.errors import UnreadableDocument
from gongbao.extract.grid import Sheet
from gongbao.extract.sheets import read_grid_frame
from gongbao.extract.statement import Frame
from gongbao.ingest.grids import load_grid


@dataclass(frozen=True, slots=True)
class ReadFrame:
    """A frame, and its date of publication as a date."""

    frame: Frame
    published_on: date | None

    def columns(self) -> dict[str, Any]:
        """The frame's columns of `raw.document`."""
        return {
            "title": self.frame.title,
            "publisher_stated": self.frame.publisher,
            "published_on": self.published_on,
            "doc_type": self.frame.doc_type,
            "place_stated": self.frame.place,
            "parent_places": "/".join(self.frame.parent_places) or None,
            "reporting_period": self.frame.reporting_period,
            "plan_period": self.frame.plan_period,
        }


def read_frame(content: str | None, sheets: tuple[Sheet, ...], file_name: str) -> ReadFrame:
    """The frame of a text, or of the sheets where there is none. Raises `UnreadableDocument` (internal_error)."""
    try:
        frame = extract.read_frame(content) if content is not None else read_grid_frame(sheets, file_name)
        return ReadFrame(frame, date.fromisoformat(frame.published_on) if frame.published_on else None)
    except Exception as error:  # a defect of ours: it costs this document, not the night
        raise UnreadableDocument(
            "internal_error",
            f"{file_name}: its frame could not be read ({type(error).__name__}: {error})",
            "report this; the next version reads it again",
        ) from error


def refresh(connection: duckdb.DuckDBPyConnection, version: str, renamed: Collection[str]) -> list[tuple[str, str]]:
    """Read the frames of accepted documents anew that another version has read; `version` becomes theirs.

    So too grids among the `renamed` documents: a table's title may be its file's name. Returns (file name, what went
    wrong) of documents whose frame stays as it was.
    """
    failed = []
    stale = connection.execute(
        """
        select document_id, text_id, file_name
        from raw.document
        where ingest_status <> 'quarantined' and (
            reader_version <> ?
            or (document_id in (select unnest(?)) and text_id not in (select text_id from raw.text))
        )
        order by document_id
        """,
        [version, sorted(renamed)],
    ).fetchall()
    for document_id, text_id, file_name in stale:
        row = connection.execute("select content from raw.text where text_id = ?", [text_id]).fetchone()
        sheets = () if row else load_grid(connection, text_id)
        try:
            columns = read_frame(row[0] if row else None, sheets, file_name).columns()
        except UnreadableDocument as error:
            failed.append((file_name, error.what))
            continue
        connection.execute(
            """
            update raw.document set title = ?, publisher_stated = ?, published_on = ?, doc_type = ?, place_stated = ?,
                parent_places = ?, reporting_period = ?, plan_period = ?, reader_version = ?
            where document_id = ?
            """,
            [*columns.values(), version, document_id],
        )
    return failed
