"""Frames in the warehouse: what a document says about itself, as columns of `raw.document`, each with its evidence.

The text comes first; what it leaves out is taken from what the container says (`raw.stated`: a page's meta elements, a
file's properties, a table's columns). Settings of the sources come last, see `gongbao.ingest.attribution`. A frame is
read anew when extraction has changed since: title, place and periods are readings, only the text is given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from gongbao import extract
from gongbao.errors import UnreadableDocument
from gongbao.extract.sheets import read_grid_frame
from gongbao.extract.statement import Frame
from gongbao.grid import Sheet
from gongbao.ingest.grids import load_grid
from gongbao.ingest.readers.result import Stated
from gongbao.personal_numbers import covered
from gongbao.warehouse import insert

_STATED = ("title", "publisher", "published_on")
_EVIDENT = ("title", "publisher", "published_on", "doc_type", "place", "reporting_period", "plan_period")


@dataclass(frozen=True, slots=True)
class ReadFrame:
    """A frame with what its container adds, and its date of publication as a date.

    `origins` are the slots that the container filled, with the name of the element that did.
    """

    frame: Frame
    published_on: date | None
    origins: tuple[tuple[str, str], ...] = ()

    def columns(self) -> dict[str, Any]:
        """The frame's columns of `raw.document`."""
        return {
            "title": self.frame.title and covered(self.frame.title),
            "publisher_stated": self.frame.publisher,
            "published_on": self.published_on,
            "doc_type": self.frame.doc_type,
            "place_stated": self.frame.place,
            "parent_places": "/".join(self.frame.parent_places) or None,
            "reporting_period": self.frame.reporting_period,
            "plan_period": self.frame.plan_period,
            "doc_type_stated": self.frame.doc_type,
        }

    def evidence(self) -> list[dict[str, Any]]:
        """Rows of `raw.frame_evidence`, without their `document_id`: one for each slot that has a value."""
        filled, quotes = dict(self.origins), dict(self.frame.evidence)
        return [
            {
                "slot": slot,
                "value": str(value),
                "origin": "container" if slot in filled else "text",
                "evidence": filled[slot] if slot in filled else quotes.get(slot),
            }
            for slot in _EVIDENT
            if (value := getattr(self.frame, slot)) is not None
        ]


def read_frame(
    content: str | None, sheets: tuple[Sheet, ...], file_name: str, stated: Stated | None = None
) -> ReadFrame:
    """The frame of a text, or of the sheets where there is none. Raises `UnreadableDocument` (internal_error)."""
    try:
        frame = extract.read_frame(content) if content is not None else read_grid_frame(sheets, file_name)
        return _completed(frame, stated or Stated())
    except Exception as error:  # a defect of ours: it costs this document, not the night
        raise UnreadableDocument(
            "internal_error",
            f"{file_name}: its frame could not be read ({type(error).__name__}: {error})",
            "report this; the next version reads it again",
        ) from error


def _completed(frame: Frame, stated: Stated) -> ReadFrame:
    elements = dict(stated.evidence)
    added = {
        slot: value for slot in _STATED if getattr(frame, slot) is None and (value := getattr(stated, slot)) is not None
    }
    whole = replace(frame, **added)
    published_on = date.fromisoformat(whole.published_on) if whole.published_on else None
    return ReadFrame(whole, published_on, tuple((slot, elements.get(slot, "the container")) for slot in added))


def stated_rows(stated: Stated) -> Iterator[dict[str, Any]]:
    """Rows of `raw.stated`, without their `document_id`."""
    elements = dict(stated.evidence)
    for slot in _STATED:
        value = getattr(stated, slot)
        if value is not None:
            yield {"slot": slot, "value": value, "evidence": elements.get(slot)}


def _stated(connection: duckdb.DuckDBPyConnection, document_id: str) -> Stated:
    rows = connection.execute(
        "select slot, value, evidence from raw.stated where document_id = ? order by slot", [document_id]
    ).fetchall()
    values = {slot: value for slot, value, _ in rows}
    return Stated(**values, evidence=tuple((slot, evidence) for slot, _, evidence in rows if evidence is not None))


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
        where text_id is not null and ingest_status in ('accepted', 'accepted_with_warning') and (
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
            frame = read_frame(row[0] if row else None, sheets, file_name, _stated(connection, document_id))
        except UnreadableDocument as error:
            failed.append((file_name, error.what))
            continue
        connection.execute(
            """
            update raw.document set title = ?, publisher_stated = ?, published_on = ?, doc_type = ?, place_stated = ?,
                parent_places = ?, reporting_period = ?, plan_period = ?, doc_type_stated = ?, reader_version = ?
            where document_id = ?
            """,
            [*frame.columns().values(), version, document_id],
        )
        connection.execute("delete from raw.frame_evidence where document_id = ?", [document_id])
        insert(
            connection,
            "raw.frame_evidence",
            [{"document_id": document_id, **evident} for evident in frame.evidence()],
        )
    return failed
