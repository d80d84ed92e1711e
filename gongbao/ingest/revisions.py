"""Addresses whose content changes: which document revises which, and since when.

New content at an address is a document beside the old one; nothing is lost. It supersedes the old one where it is the
same bulletin anew (the same kind, place and years): the figures of the old text are then no longer believed. An address
that carries this year's report where it carried last year's replaces nothing: both are believed. A refused content
supersedes nothing, and what lies unchanged at another address is not superseded.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from gongbao.ingest.quarantine import name_id

# The next readable content at the same address, of each that was ever there.
_SUCCESSION = """
    select
        item.sha256 as document_id,
        lead(item.sha256) over address as next_id,
        lead(item.fetched_at) over address as next_at,
        last_value(item.sha256) over (
            address rows between unbounded preceding and unbounded following
        ) as standing_id,
        item.source_name || chr(31) || item.uri as address
    from raw.source_item as item
    inner join raw.document as document on document.document_id = item.sha256
    where document.ingest_status in ('accepted', 'accepted_with_warning')
    window address as (partition by item.source_name, item.uri order by item.revision)
"""


def standing(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Addresses, (source, uri), at which an accepted document ever lay."""
    return set(
        connection.execute(
            """
            select distinct source_name, uri from raw.source_item
            where sha256 in (
                select document_id from raw.document where ingest_status in ('accepted', 'accepted_with_warning')
            )
            """
        ).fetchall()
    )


def supersede(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `superseded_by` and `superseded_at` say what the sightings tell.

    A document is superseded since the moment when it was revised at the last of its addresses, by what lies now at the
    first of them in order.
    """
    connection.execute(
        f"""
        with succession as ({_SUCCESSION}),

        replaced as (
            select
                document_id,
                arg_min(standing_id, address) as superseded_by,
                max(next_at) as superseded_at,
            from succession
            group by document_id
            having bool_and(next_id is not null and standing_id <> document_id)
        ),

        revised as (
            select replaced.*
            from replaced
            inner join raw.document as old on old.document_id = replaced.document_id
            inner join raw.document as new on new.document_id = replaced.superseded_by
            where
                old.doc_type is not distinct from new.doc_type
                and old.place_stated is not distinct from new.place_stated
                and old.reporting_period is not distinct from new.reporting_period
        )

        update raw.document as document set
            superseded_by = wanted.superseded_by,
            superseded_at = wanted.superseded_at
        from (
            select
                document.document_id,
                revised.superseded_by,
                revised.superseded_at,
            from raw.document as document
            left join revised on revised.document_id = document.document_id
        ) as wanted
        where wanted.document_id = document.document_id and (
            document.superseded_by is distinct from wanted.superseded_by
            or document.superseded_at is distinct from wanted.superseded_at
        )
        """
    )


def forget(connection: duckdb.DuckDBPyConnection, document_id: str) -> None:
    """Take a document's reading back, so that it is read anew; its sightings stay."""
    for relation in ("raw.document", "raw.frame_evidence", "raw.stated"):
        connection.execute(f"delete from {relation} where document_id = ?", [document_id])


def end_pending(
    connection: duckdb.DuckDBPyConnection, visited: Sequence[str], pending: Sequence[tuple[str, str]]
) -> None:
    """Forget addresses of the visited sources that are no longer waited for: they were read, refused, or left out."""
    connection.execute(
        """
        delete from raw.document
        where ingest_status = 'pending' and source_name in (select unnest(?)) and document_id not in (select unnest(?))
        """,
        [list(visited), [name_id(source, uri) for source, uri in pending]],
    )


def drop_orphans(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget texts and grids that no document has any more: readers of another version read something else."""
    for relation in ("raw.text", "raw.cell"):
        connection.execute(
            f"delete from {relation} where text_id not in (select text_id from raw.document where text_id is not null)"
        )
