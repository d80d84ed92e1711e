-- One row per county, indicator, breakdown, measure, base, period, aspect, price base and scope: the preferred figure
-- beside those of the counties of the same prefecture and province.
-- in parts of core.comparison by indicator_id
select
    cast(fact.ref_area as varchar) as ref_area,
    cast(place.name_zh as varchar) as name_zh,
    cast(place.parent as varchar) as parent,
    cast(place.parent_name_zh as varchar) as parent_name_zh,
    cast(place.province as varchar) as province,
    cast(place.province_name_zh as varchar) as province_name_zh,
    cast(fact.indicator_id as varchar) as indicator_id,
    cast(indicator.name_zh as varchar) as indicator_zh,
    cast(indicator.name_en as varchar) as indicator_en,
    cast(indicator.theme as varchar) as theme,
    cast(indicator.direction as varchar) as direction,
    cast(fact.breakdown as varchar) as breakdown,
    cast(fact.measure as varchar) as measure,
    cast(measure.label_zh as varchar) as measure_zh,
    cast(fact.base as varchar) as base,
    cast(fact.freq as varchar) as freq,
    cast(fact.time_period as varchar) as time_period,
    cast(fact.aspect as varchar) as aspect,
    cast(fact.price_base as varchar) as price_base,
    cast(fact.scope as varchar) as scope,
    cast(fact.published_value as decimal(18, 4)) as obs_value,
    cast(fact.published_value_high as decimal(18, 4)) as obs_value_high,
    cast(fact.published_unit as varchar) as unit_measure,
    cast(unit.unit_zh as varchar) as unit_zh,
    cast(fact.comparator as varchar) as comparator,
    cast(comparator.label_zh as varchar) as comparator_zh,
    cast(fact.value_text as varchar) as value_text,
    cast(compared.growth_reported as decimal(18, 4)) as growth_reported,
    cast(compared.growth_reported_price_base as varchar) as growth_reported_price_base,
    cast(compared.growth_computed as double) as growth_computed,
    cast(compared.rank_computed as integer) as rank_computed,
    cast(compared.n_peers as integer) as n_peers,
    cast(compared.n_bounded as integer) as n_bounded,
    cast(compared.n_places as integer) as n_places,
    cast(compared.percentile as double) as percentile,
    cast(compared.peer_median as double) as peer_median,
    cast(compared.rank_reported as integer) as rank_reported,
    cast(compared.rank_reported_scope as varchar) as rank_reported_scope,
    cast(compared.rank_among_province as integer) as rank_in_province,
    cast(compared.n_peers_in_province as integer) as n_peers_in_province,
    cast(compared.percentile_in_province as double) as percentile_in_province,
    cast(compared.rank_reported_in_province as integer) as rank_reported_in_province,
    cast(compared.share_of_parent as double) as share_of_parent,
    cast(compared.per_capita as double) as per_capita,
    cast(fact.n_rivals as integer) as n_rivals,
    cast(rivalry.lowest as decimal(18, 4)) as rivals_low,
    cast(rivalry.highest as decimal(18, 4)) as rivals_high,
    cast(fact.caveat_codes as varchar) as caveat_codes,
    cast(fact.published_on as date) as published_on,
    cast(fact.quote as varchar) as quote,
    cast(compared.fact_id as varchar) as fact_id,
    cast(compared.growth_fact_id as varchar) as growth_fact_id,
    cast(compared.previous_fact_id as varchar) as previous_fact_id,
    cast(compared.rank_fact_id as varchar) as rank_fact_id,
    cast(fact.document_id as varchar) as document_id,
from core.comparison as compared
inner join core.published_fact as fact on fact.fact_id = compared.fact_id
inner join core.current_place as place on place.ref_area = fact.ref_area
inner join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
left join core.rivalry as rivalry
    on rivalry.figure_key = fact.figure_key and rivalry.published_unit is not distinct from fact.published_unit
left join core.unit_label as unit on unit.unit_measure = fact.published_unit
left join core.code_label as measure on measure.slot = 'measure' and measure.code = fact.measure
left join core.code_label as comparator on comparator.slot = 'comparator' and comparator.code = fact.comparator
where
    compared.indicator_id between getvariable('first') and getvariable('last')
    and fact.indicator_id between getvariable('first') and getvariable('last')
    and compared.area_level = 'county'
