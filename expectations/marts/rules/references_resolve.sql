-- relation: marts.fact, marts.target, marts.county_comparison, marts.town_comparison, marts.target_attainment
-- severity: critical
-- note_zh: 引用的地区、指标、文件或数据不在同一发布中。
-- note_en: A row names a place, an indicator, a document or a fact that this release does not hold.
with
named as (
    select fact_id, ref_area, indicator_id, document_id, fact_id as named_fact_id from marts.fact
    union all
    select fact_id, ref_area, indicator_id, document_id, null as named_fact_id from marts.target
    union all
    select fact_id, ref_area, indicator_id, document_id, fact_id as named_fact_id from marts.county_comparison
    union all
    select fact_id, ref_area, indicator_id, document_id, fact_id as named_fact_id from marts.town_comparison
    union all
    select fact_id, ref_area, indicator_id, document_id, actual_fact_id as named_fact_id from marts.target_attainment
)

select distinct
    named.fact_id,
    case
        when place.ref_area is null then 'place ' || named.ref_area
        when indicator.indicator_id is null then 'indicator ' || named.indicator_id
        when document.document_id is null then 'document ' || named.document_id
        else 'fact ' || named.named_fact_id
    end as detail,
    null::varchar as other_id,
from named
left join marts.place as place on place.ref_area = named.ref_area
left join marts.indicator as indicator on indicator.indicator_id = named.indicator_id
left join marts.document as document on document.document_id = named.document_id
left join marts.fact as fact on fact.fact_id = named.named_fact_id
where
    place.ref_area is null
    or indicator.indicator_id is null
    or document.document_id is null
    or (named.named_fact_id is not null and fact.fact_id is null)
