"""Whose a document is: name, place, publisher and caveats, from all its sightings and the present settings.

Every night anew, so that neither the order of nights nor that of the sources decides:

- Name and source are those of the smallest (source, uri) where the bytes were ever seen.
- The rest is decided for a text, over every source that brought it in whatever encoding: what it says is the same.
- Caveats are those of any of these sources. A doubt about a text is no smaller for a second folder that holds it, and
  a caution too many can be seen and taken back in the settings, one too few cannot.
- Place, publisher and kind stand in for what the text leaves out. They hold where all sources that name one name the
  same: between two counties nothing here can choose, and a figure in the wrong one would look right.

A source that is no longer listed speaks with its last settings; listed once more, with new ones.
"""

from __future__ import annotations

import duckdb

_NAMED = """
    select
        sha256 as document_id,
        arg_min(source_name, source_name || chr(31) || uri) as source_name,
        arg_min(file_name, source_name || chr(31) || uri) as file_name,
        min(fetched_at) as first_seen_at,
    from raw.source_item
    group by sha256
"""

_SETTINGS = """
    with brought as (
        select distinct coalesce(document.text_id, document.document_id) as content_id, item.source_name
        from raw.source_item as item
        inner join raw.document as document on document.document_id = item.sha256
    )

    select
        brought.content_id,
        case when count(distinct source.place) = 1 then min(source.place) end as place,
        case when count(distinct source.publisher) = 1 then min(source.publisher) end as publisher,
        case when count(distinct source.doc_type) = 1 then min(source.doc_type) end as doc_type,
        array_to_string(
            list_sort(list_distinct(flatten(
                list(string_split(source.caveat_codes, ';')) filter (where source.caveat_codes is not null)
            ))),
            ';'
        ) as caveat_codes,
    from brought
    left join raw.source as source on source.source_name = brought.source_name
    group by brought.content_id
"""


_STATED_TYPE = "nullif(document.doc_type_stated, 'other')"
_TYPE = """
    case
        when document.doc_type_stated = 'other' then coalesce(settings.doc_type, 'other')
        else document.doc_type_stated
    end
"""


def name_documents(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Give each document its name, source and first time; returns those whose file is called otherwise than before.

    A refused document has no title but its name.
    """
    renamed = connection.execute(
        f"""
        select document.document_id
        from raw.document as document
        inner join ({_NAMED}) as named on named.document_id = document.document_id
        where named.file_name <> document.file_name
        """
    ).fetchall()
    connection.execute(
        f"""
        update raw.document as document set
            source_name = named.source_name,
            file_name = named.file_name,
            first_seen_at = named.first_seen_at,
            title = case
                when document.ingest_status = 'quarantined' then regexp_replace(named.file_name, '(.)\\.[^.]+$', '\\1')
                else document.title
            end
        from ({_NAMED}) as named
        where named.document_id = document.document_id and (
            named.source_name <> document.source_name
            or named.file_name <> document.file_name
            or named.first_seen_at <> document.first_seen_at
        )
        """
    )
    return {document_id for (document_id,) in renamed}


def apply_settings(connection: duckdb.DuckDBPyConnection) -> None:
    """Give each document the place, publisher, kind and caveats of the sources that brought its text."""
    connection.execute(
        f"""
        update raw.document as document set
            source_place = settings.place,
            publisher = coalesce(document.publisher_stated, settings.publisher),
            doc_type = {_TYPE},
            caveat_codes = nullif(settings.caveat_codes, '')
        from ({_SETTINGS}) as settings
        where settings.content_id = coalesce(document.text_id, document.document_id) and (
            document.source_place is distinct from settings.place
            or document.publisher is distinct from coalesce(document.publisher_stated, settings.publisher)
            or document.doc_type is distinct from {_TYPE}
            or document.caveat_codes is distinct from nullif(settings.caveat_codes, '')
        )
        """
    )
    # What the settings filled in is told as theirs.
    connection.execute("delete from raw.frame_evidence where origin = 'source'")
    for slot, stated, filled in (
        ("publisher", "publisher_stated", "publisher"),
        ("place", "place_stated", "source_place"),
        ("doc_type", _STATED_TYPE, "nullif(document.doc_type, 'other')"),
    ):
        connection.execute(
            f"""
            insert into raw.frame_evidence (document_id, slot, value, origin, evidence)
            select document_id, '{slot}', {filled}, 'source', source_name
            from raw.document as document
            where {stated} is null and {filled} is not null and ingest_status in ('accepted', 'accepted_with_warning')
            """
        )
