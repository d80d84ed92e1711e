-- One row per preferred figure that can be compared (level, growth, share or index of a place), with numbers for what
-- it measures: `series_no` for indicator, breakdown, measure, base, aspect, price base, scope and unit, `quantity_no`
-- without measure and base, `topic_no` without price base and unit too. Millions of figures are sorted and joined by one
-- number sooner than by eight texts.
-- materialised
with
figure as (
    select
        fact.fact_id,
        fact.ref_area,
        fact.indicator_id,
        fact.breakdown,
        fact.measure,
        fact.base,
        fact.freq,
        fact.time_period,
        fact.period_start,
        fact.period_end,
        fact.aspect,
        fact.price_base,
        fact.scope,
        fact.obs_value,
        fact.published_value,
        fact.unit_measure,
        fact.comparator in ('eq', 'approx') as is_exact,
    from core.published_fact as fact
    where
        fact.is_preferred
        and fact.subject_type = 'area'
        and fact.measure in ('level', 'growth', 'share', 'index')
),

-- What is measured: `series_no` all of it, `quantity_no` without measure and base, `topic_no` without price and unit too.
series as (
    select
        *,
        row_number() over () as series_no,
        dense_rank() over (
            order by indicator_id, breakdown, aspect, price_base, scope, unit_measure
        ) as quantity_no,
        dense_rank() over (order by indicator_id, breakdown, aspect, scope) as topic_no,
    from (
        select distinct
            indicator_id,
            breakdown,
            measure,
            base,
            aspect,
            price_base,
            scope,
            unit_measure,
        from figure
    ) as distinct_series
)

select
    figure.fact_id,
    figure.ref_area,
    series.indicator_id,
    series.breakdown,
    series.aspect,
    figure.measure,
    figure.freq,
    figure.time_period,
    figure.period_start,
    figure.period_end,
    figure.base,
    figure.price_base,
    figure.unit_measure,
    figure.obs_value,
    figure.published_value,
    figure.is_exact,
    series.series_no,
    series.quantity_no,
    series.topic_no,
    place.area_level,
    place.parent,
    place.province,
    indicator.direction = 'lower is better' as is_lower_better,
    indicator.additive_across_towns,
    series.indicator_id = 'resident_population' and series.breakdown = '_T' and series.aspect is null
    and series.scope is null as is_population,
from figure
inner join series
    on series.indicator_id = figure.indicator_id
    and series.breakdown = figure.breakdown
    and series.measure = figure.measure
    and series.base is not distinct from figure.base
    and series.aspect is not distinct from figure.aspect
    and series.price_base is not distinct from figure.price_base
    and series.scope is not distinct from figure.scope
    and series.unit_measure is not distinct from figure.unit_measure
inner join core.current_place as place on place.ref_area = figure.ref_area
inner join core.indicator as indicator on indicator.indicator_id = figure.indicator_id
