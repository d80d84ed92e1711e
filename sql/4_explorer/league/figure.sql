-- One row per county or township, series and period: the figure beside those of its peers.
with
compared as (
    select 'county' as area_level, * from marts.county_comparison
    union all by name
    select 'township' as area_level, * from marts.town_comparison
)

select
    case when regexp_full_match(compared.indicator_id, '\w{1,99}') then compared.indicator_id else 'none' end as file,
    compared.area_level,
    compared.ref_area,
    compared.breakdown,
    compared.measure,
    compared.measure_zh,
    compared.base,
    compared.freq,
    compared.time_period,
    compared.aspect,
    compared.price_base,
    compared.scope,
    compared.obs_value,
    compared.obs_value_high,
    compared.unit_measure,
    compared.unit_zh,
    compared.comparator,
    compared.value_text,
    compared.growth_reported,
    compared.growth_computed,
    compared.rank_computed,
    compared.n_peers,
    compared.peer_median,
    compared.rank_reported,
    compared.rank_in_province,
    compared.n_peers_in_province,
    compared.rank_reported_in_province,
    compared.n_rivals,
    compared.fact_id,
from compared
inner join explorer_place as place on place.ref_area = compared.ref_area
where place.province_or_none = $province
order by file, compared.time_period, compared.ref_area, compared.fact_id
