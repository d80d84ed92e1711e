"""Which document speaks for a text: two files with the same text contribute their facts once."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import duckdb


class Contribution(NamedTuple):
    """A text and the accepted document that speaks for it; `length` in code points or cells.

    It is the one with the smallest id of those that no other supersedes, or of all where each is superseded; then
    `superseded_at` is when the last of them was. `grid_name` is the file's name where it takes part in the reading, as
    a grid's does; null for a text.
    """

    text_id: str
    document_id: str
    file_name: str
    length: int
    grid_name: str | None
    superseded_at: datetime | None


def contributions(connection: duckdb.DuckDBPyConnection) -> list[Contribution]:
    """One for each text of an accepted document, in the order of the text ids."""
    rows = connection.execute(
        """
        with speaking as (
            select
                text_id,
                arg_min(document_id, (superseded_by is not null, document_id)) as document_id,
                arg_min(file_name, (superseded_by is not null, document_id)) as file_name,
                coalesce(max(text_length), 0) as length,
                case when bool_and(superseded_at is not null) then max(superseded_at) end as superseded_at,
            from raw.document
            where ingest_status in ('accepted', 'accepted_with_warning') and text_id is not null
            group by text_id
        )

        select
            text_id,
            document_id,
            file_name,
            length,
            case when text_id not in (select text_id from raw.text) then file_name end,
            superseded_at,
        from speaking
        order by text_id
        """
    ).fetchall()
    return [Contribution(*row) for row in rows]
