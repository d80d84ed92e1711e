"""Which document speaks for a text: two files with the same text contribute their facts once."""

from __future__ import annotations

import duckdb


def contributions(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """(text id, document id, file name) of the accepted document with the smallest id, in the order of the texts."""
    return connection.execute(
        """
        select text_id, min(document_id), min_by(file_name, document_id)
        from raw.document
        where ingest_status in ('accepted', 'accepted_with_warning') and text_id is not null
        group by text_id
        order by text_id
        """
    ).fetchall()
