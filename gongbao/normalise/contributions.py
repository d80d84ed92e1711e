"""Which document speaks for a text: two files with the same text contribute their facts once."""

from __future__ import annotations

from typing import NamedTuple

import duckdb


class Contribution(NamedTuple):
    """A text and the accepted document with the smallest id that has it; `length` in code points or cells."""

    text_id: str
    document_id: str
    file_name: str
    length: int


def contributions(connection: duckdb.DuckDBPyConnection) -> list[Contribution]:
    """One for each text of an accepted document, in the order of the text ids."""
    rows = connection.execute(
        """
        select text_id, min(document_id), min_by(file_name, document_id), coalesce(max(text_length), 0)
        from raw.document
        where ingest_status in ('accepted', 'accepted_with_warning') and text_id is not null
        group by text_id
        order by text_id
        """
    ).fetchall()
    return [Contribution(*row) for row in rows]
