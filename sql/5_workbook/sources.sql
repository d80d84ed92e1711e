-- One row per published fact or target: the sentence or cell that states it, and where that stands.
with
stated as (
    select 'fact' as kind, * from marts.fact
    union all by name
    select 'target' as kind, * from marts.target
)

select
    case stated.kind when 'fact' then '实绩' else '目标' end as kind_zh,
    stated.name_zh,
    stated.ref_area,
    stated.indicator_zh,
    stated.measure_zh,
    stated.time_period,
    stated.value_text,
    stated.is_preferred,
    stated.quote,
    stated.sentence,
    stated.header_path,
    stated.sheet,
    stated.cell,
    stated.span_start,
    stated.span_end,
    stated.document_title,
    document.publisher,
    stated.published_on,
    document.uri,
    document.file_name,
    stated.indicator_stated,
    stated.subject_stated,
    stated.caveat_codes,
    stated.fact_id,
    stated.document_id,
from stated
inner join marts.document as document on document.document_id = stated.document_id
order by stated.ref_area, stated.time_period desc, stated.indicator_id, stated.kind, stated.fact_id
