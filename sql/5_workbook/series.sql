-- One row per place, series and year: what a line of the sheet is made of.
select
    fact.province_name_zh,
    fact.parent_name_zh,
    fact.name_zh,
    fact.ref_area,
    fact.indicator_zh,
    fact.measure_zh,
    nullif(fact.breakdown, '_T') as breakdown,
    fact.base,
    fact.aspect,
    fact.price_base,
    fact.scope,
    fact.unit_zh,
    fact.indicator_id,
    fact.time_period,
    fact.obs_value,
    fact.obs_value_high,
    fact.comparator_zh,
from marts.fact as fact
where fact.is_preferred and fact.freq = 'A'
order by
    fact.ref_area, fact.indicator_id, fact.measure, fact.breakdown, fact.base, fact.aspect, fact.price_base, fact.scope,
    fact.unit_measure, fact.time_period, fact.fact_id
