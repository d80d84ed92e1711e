-- One row per target of a county or township that counts, with its outcome.
select
    case when regexp_full_match(target.indicator_id, '\w{1,99}') then target.indicator_id else 'none' end as file,
    target.ref_area,
    target.breakdown,
    target.measure,
    target.measure_zh,
    target.base,
    target.freq,
    target.time_period,
    target.aspect,
    target.price_base,
    target.scope,
    target.obs_value,
    target.obs_value_high,
    target.unit_measure,
    target.unit_zh,
    target.comparator,
    target.modality_zh,
    target.nature,
    target.value_text,
    target.status,
    target.status_zh,
    target.reason,
    target.reason_zh,
    target.light,
    target.actual_value,
    target.actual_unit_measure,
    target.attainment_ratio,
    target.gap,
    target.fact_id,
from marts.target_attainment as target
inner join explorer_place as place on place.ref_area = target.ref_area
where
    place.province_or_none = $province
    and target.is_preferred
    and target.area_level in ('county', 'township')
order by file, target.time_period, target.ref_area, target.fact_id
