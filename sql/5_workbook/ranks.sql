-- One row per county or township, series and period: the figure beside those of its peers.
with
compared as (
    select 'county' as area_level, * from marts.county_comparison
    union all by name
    select 'township' as area_level, * from marts.town_comparison
)

select
    province_name_zh,
    parent_name_zh,
    name_zh,
    ref_area,
    area_level,
    indicator_zh,
    measure_zh,
    nullif(breakdown, '_T') as breakdown,
    aspect,
    price_base,
    scope,
    time_period,
    obs_value,
    obs_value_high,
    unit_zh,
    comparator_zh,
    value_text,
    growth_reported,
    growth_computed,
    rank_computed,
    n_peers,
    n_bounded,
    n_places,
    percentile,
    peer_median,
    rank_reported,
    rank_reported_scope,
    rank_in_province,
    n_peers_in_province,
    share_of_parent,
    per_capita,
    n_rivals,
    rivals_low,
    rivals_high,
    caveat_codes,
    published_on,
    indicator_id,
    fact_id,
from compared
order by indicator_id, measure_zh, breakdown, time_period desc, area_level, parent, rank_computed nulls last, ref_area, fact_id
