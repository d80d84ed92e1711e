-- One row per target that counts: what was promised, what came of it.
with
unit_label as (
    select unit_measure, min(unit_zh) as unit_zh
    from marts.fact
    group by unit_measure
)

select
    target.province_name_zh,
    target.parent_name_zh,
    target.name_zh,
    target.ref_area,
    target.indicator_zh,
    target.measure_zh,
    nullif(target.breakdown, '_T') as breakdown,
    target.scope,
    target.time_period,
    target.obs_value,
    target.obs_value_high,
    target.unit_zh,
    target.comparator_zh,
    target.modality_zh,
    target.value_text,
    target.light,
    target.status_zh,
    target.reason_zh,
    target.actual_value,
    actual_unit.unit_zh as actual_unit_zh,
    target.actual_value_text,
    target.attainment_ratio,
    target.gap,
    target.first_value_text,
    target.first_published_on,
    target.progress_time_period,
    target.progress_ratio,
    target.progress_elapsed,
    target.published_on,
    target.document_title,
    target.actual_document_title,
    target.indicator_id,
    target.fact_id,
    target.actual_fact_id,
from marts.target_attainment as target
left join unit_label as actual_unit on actual_unit.unit_measure = target.actual_unit_measure
where target.is_preferred
order by target.ref_area, target.time_period desc, target.indicator_id, target.fact_id
