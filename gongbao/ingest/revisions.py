"""Addresses whose content changes: which document revises which, and since when.

New content at an address is a document beside the old one; nothing is lost. It supersedes the old one where it is the
same bulletin anew: of the same kind, place and years. The figures of the old text are then no longer believed. An
address that carries this year's report where it carried last year's replaces nothing: both are believed.

- A web address is the same in every source. A path is the same in every inbox too (one day's delivery and the next's),
  but between sources the titles must agree as well.
- Of the contents of a web address the one that came last counts, even if it was there before: a page says what it says
  now. Of those of a path, the one that was new last: a folder may be filled from a backup, and an old file that comes
  back takes no correction back.
- What lies unchanged at another address too is not superseded, nor is what was merely removed. A refused content
  supersedes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from gongbao.ingest.quarantine import name_id


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

    A document is superseded since the moment when it was revised at the last of its addresses, by the last of those
    that revised it at the first of them in order.
    """
    connection.execute(
        """
        with lying as (
            select
                item.uri,
                item.sha256 as document_id,
                list(distinct item.source_name) as sources,
                case
                    when regexp_matches(item.uri, '^https?://') then max(item.fetched_at) else min(item.fetched_at)
                end as since,
                any_value(document.title) as title,
                any_value(document.doc_type) as doc_type,
                any_value(coalesce(document.place_stated, document.source_place)) as place,
                any_value(document.reporting_period) as reporting_period,
            from raw.source_item as item
            inner join raw.document as document on document.document_id = item.sha256
            where document.ingest_status in ('accepted', 'accepted_with_warning')
            group by item.uri, item.sha256
        ),

        revised as (
            select
                old.uri,
                old.document_id,
                arg_max(new.document_id, (new.since, new.document_id)) as superseded_by,
                min(new.since) as superseded_at,
            from lying as old
            left join lying as new
                on
                    new.uri = old.uri
                    and new.since > old.since
                    and new.doc_type is not distinct from old.doc_type
                    and new.place is not distinct from old.place
                    and new.reporting_period is not distinct from old.reporting_period
                    and (list_has_any(new.sources, old.sources) or new.title = old.title)
            group by old.uri, old.document_id
        ),

        everywhere as (
            select
                document_id,
                arg_min(superseded_by, uri) as superseded_by,
                max(superseded_at) as superseded_at,
            from revised
            group by document_id
            having bool_and(superseded_at is not null)
        )

        update raw.document as document set
            superseded_by = wanted.superseded_by,
            superseded_at = wanted.superseded_at
        from (
            select
                document.document_id,
                everywhere.superseded_by,
                everywhere.superseded_at,
            from raw.document as document
            left join everywhere on everywhere.document_id = document.document_id
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


def collections(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of texts: documents that have no text of their own."""
    rows = connection.execute(
        """
        select document_id from raw.document
        where text_id is null and ingest_status in ('accepted', 'accepted_with_warning')
        """
    ).fetchall()
    return {document_id for (document_id,) in rows}


def forget_members(connection: duckdb.DuckDBPyConnection, containers: Sequence[str]) -> set[str]:
    """Take back the texts of these tables; returns the documents that lay nowhere else, which are gone with them."""
    connection.execute("delete from raw.source_item where container in (select unnest(?))", [list(containers)])
    rows = connection.execute(
        "select document_id from raw.document where document_id not in (select sha256 from raw.source_item)"
    ).fetchall()
    for (document_id,) in rows:
        forget(connection, document_id)
    return {document_id for (document_id,) in rows}


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
