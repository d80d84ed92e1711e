"""Which document speaks for a text: two files with the same text contribute their facts once."""

from __future__ import annotations

from typing import NamedTuple

import duckdb


class Contribution(NamedTuple):
    """A text and the accepted document with the smallest id that has it; `length` in code points or cells.

    `grid_name` is the file's name where it takes part in the reading, as a grid's does; null for a text.
    """

    text_id: str
    document_id: str
    file_name: str
    length: int
    grid_name: str | None


def contributions(connection: duckdb.DuckDBPyConnection) -> list[Contribution]:
    """One for each text of an accepted document, in the order of the text ids."""
    rows = connection.execute(
        """
        select
            text_id, min(document_id), min_by(file_name, document_id), coalesce(max(text_length), 0),
            case when text_id not in (select text_id from raw.text) then min_by(file_name, document_id) end
        from raw.document
        where ingest_status in ('accepted', 'accepted_with_warning') and text_id is not null
        group by text_id
        order by text_id
        """
    ).fetchall()
    return [Contribution(*row) for row in rows]
