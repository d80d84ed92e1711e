-- One row per document: where it came from, what it says of itself, and what was drawn from it.
-- Two files with the same text share its figures: they are counted at the first alone.
with
counted as (
    select
        document_id,
        count(*) filter (where kind = 'fact') as n_facts,
        count(*) filter (where kind = 'target') as n_targets,
    from core.published_observation
    group by document_id
),

unresolved as (
    select
        document_id,
        count(*) as n_unresolved,
    from core.unresolved
    group by document_id
)

select
    cast(document.document_id as varchar) as document_id,
    cast(document.text_id as varchar) as text_id,
    cast(document.source_name as varchar) as source_name,
    cast(document.file_name as varchar) as file_name,
    cast(document.uri as varchar) as uri,
    cast(document.n_sightings as integer) as n_sightings,
    cast(document.media_type as varchar) as media_type,
    cast(document.title as varchar) as document_title,
    cast(document.publisher as varchar) as publisher,
    cast(document.published_on as date) as published_on,
    cast(document.doc_type as varchar) as doc_type,
    cast(document.source_rank as integer) as source_rank,
    cast(document.place_stated as varchar) as place_stated,
    cast(document.ref_area as varchar) as ref_area,
    cast(place.name_zh as varchar) as name_zh,
    cast(document.reporting_period as varchar) as reporting_period,
    cast(document.plan_period as varchar) as plan_period,
    cast(document.text_length as integer) as text_length,
    cast(document.ingest_status as varchar) as ingest_status,
    cast(document.warnings as varchar) as warnings,
    cast(document.caveat_codes as varchar) as caveat_codes,
    cast(document.superseded_by as varchar) as superseded_by,
    cast(coalesce(counted.n_facts, 0) as integer) as n_facts,
    cast(coalesce(counted.n_targets, 0) as integer) as n_targets,
    cast(coalesce(unresolved.n_unresolved, 0) as integer) as n_unresolved,
from core.document as document
left join core.current_place as place on place.ref_area = document.ref_area
left join counted on counted.document_id = document.document_id
left join unresolved on unresolved.document_id = document.document_id
