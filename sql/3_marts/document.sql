-- One row per document: where it came from, what it says of itself, and what was drawn from it.
-- Two files with the same text share its figures: they are counted at the first alone.
-- `warnings` are those of its reader, then those of what became of its figures:
-- - no_figures: it states none; none_resolved: of those that it states none could be told
-- - same_text: another file of this kind holds the same text, and speaks for it
-- - place_unresolved: nobody can tell whose bulletin it is; a workbook may well leave that to its source
-- - table_not_read: a table that no template reads
-- - too_many_values, figures_withheld: some of its figures are no facts; contradicts_itself: it says one thing twice
-- A document with any of them was accepted with a warning.
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
),

accepted as (
    select
        document_id,
        text_id,
        media_type,
        ref_area,
    from core.document
    where starts_with(ingest_status, 'accepted') and text_id is not null
),

told as (
    select
        document_id,
        1 as place_no,
        'no_figures' as warning,
    from accepted
    where text_id not in (select text_id from core.statement)
    union all
    select
        accepted.document_id,
        2 as place_no,
        'same_text' as warning,
    from accepted
    inner join core.normalisation as spoken on spoken.text_id = accepted.text_id
    inner join accepted as speaker on speaker.document_id = spoken.document_id
    where speaker.document_id <> accepted.document_id and speaker.media_type = accepted.media_type
    union all
    select
        accepted.document_id,
        2 as place_no,
        'none_resolved' as warning,
    from accepted
    inner join core.normalisation as spoken on spoken.document_id = accepted.document_id
    where
        accepted.text_id in (select text_id from core.statement where sheet is null)
        and accepted.document_id not in (select document_id from core.figure)
        and accepted.document_id not in (select document_id from core.project)
    union all
    select
        accepted.document_id,
        3 as place_no,
        'place_unresolved' as warning,
    from accepted
    inner join core.unresolved as unresolved on unresolved.document_id = accepted.document_id
    inner join core.statement as statement on statement.statement_id = unresolved.statement_id
    where accepted.ref_area is null and unresolved.reason = 'unknown_place' and statement.sheet is null
    union all
    select
        accepted.document_id,
        4 as place_no,
        'table_not_read' as warning,
    from accepted
    inner join core.sheet_block as block on block.text_id = accepted.text_id
    where block.status <> 'read'
    union all
    select
        document_id,
        5 as place_no,
        'too_many_values' as warning,
    from core.unresolved
    where reason = 'too_many_values'
    union all
    select
        figure.document_id,
        6 as place_no,
        'figures_withheld' as warning,
    from core.withheld as withheld
    inner join core.figure as figure on figure.fact_id = withheld.fact_id
    union all
    select
        figure.document_id,
        7 as place_no,
        'contradicts_itself' as warning,
    from core.caveat as caveat
    inner join core.figure as figure on figure.fact_id = caveat.fact_id
    inner join core.figure as other
        on other.document_id = figure.document_id
        and other.ref_area = figure.ref_area
        and other.indicator_id = figure.indicator_id
        and other.breakdown = figure.breakdown
        and other.measure = figure.measure
        and other.base is not distinct from figure.base
        and other.time_period = figure.time_period
        and other.aspect is not distinct from figure.aspect
        and other.price_base is not distinct from figure.price_base
        and other.scope is not distinct from figure.scope
        and other.subject_type = figure.subject_type
    where caveat.caveat_code = 'contradicted' and other.obs_value <> figure.obs_value
),

warned as (
    select
        document_id,
        string_agg(warning, '; ' order by place_no) as warnings,
    from (select distinct document_id, place_no, warning from told) as each_once
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
    cast(
        case
            when warned.warnings is not null and document.ingest_status = 'accepted' then 'accepted_with_warning'
            else document.ingest_status
        end as varchar
    ) as ingest_status,
    cast(nullif(concat_ws('; ', document.warnings, warned.warnings), '') as varchar) as warnings,
    cast(document.caveat_codes as varchar) as caveat_codes,
    cast(document.superseded_by as varchar) as superseded_by,
    cast(coalesce(counted.n_facts, 0) as integer) as n_facts,
    cast(coalesce(counted.n_targets, 0) as integer) as n_targets,
    cast(coalesce(unresolved.n_unresolved, 0) as integer) as n_unresolved,
from core.document as document
left join core.current_place as place on place.ref_area = document.ref_area
left join counted on counted.document_id = document.document_id
left join unresolved on unresolved.document_id = document.document_id
left join warned on warned.document_id = document.document_id
