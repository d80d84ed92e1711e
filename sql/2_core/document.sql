-- One row per document: what arrived, with its own place resolved and its kind's precedence.
with
place as (
    select
        text_id,
        min(ref_area) as ref_area,
    from core.normalisation
    group by text_id
)

select
    document.document_id,
    document.text_id,
    document.source_name,
    document.file_name,
    seen.uri,
    coalesce(seen.n_sightings, 0) as n_sightings,
    document.media_type,
    document.title,
    document.publisher,
    document.published_on,
    document.doc_type,
    coalesce(precedence.source_rank, 11) as source_rank,
    document.place_stated,
    place.ref_area,
    document.reporting_period,
    document.plan_period,
    document.text_length,
    document.ingest_status,
    document.warnings,
    document.caveat_codes,
    document.superseded_by,
from raw.document as document
left join place on place.text_id = document.text_id
left join raw.content_seen as seen on seen.document_id = document.document_id
left join core.source_precedence as precedence on precedence.doc_type = document.doc_type
