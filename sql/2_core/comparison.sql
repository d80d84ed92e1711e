-- One row per county or township, indicator, breakdown, measure, base, period, aspect, price base and scope: the
-- preferred figure beside those of its peers. Peers share everything but the place: level of administration, unit
-- above, indicator, breakdown, measure, base, period, aspect, price base, scope and unit. A figure that is only a
-- bound (以上, 以内) is shown and never ranked: `n_bounded` counts such peers. One alone has no rank and no median.
-- Growth is computed within years: of a span of several (2021/2025) there is no year before.
-- materialised
with
preferred as (
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
        fact.precision_value,
        fact.published_value,
        fact.unit_measure,
        fact.comparator,
        place.area_level,
        place.parent,
        place.province,
        indicator.direction,
        indicator.additive_across_towns,
        fact.comparator in ('eq', 'approx') as is_exact,
        last_day(fact.period_end) as period_last_day,
        last_day(fact.period_end - interval 1 year) as last_day_a_year_before,
    from core.published_fact as fact
    inner join core.current_place as place on place.ref_area = fact.ref_area
    inner join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
    where
        fact.is_preferred
        and fact.subject_type = 'area'
        and fact.measure in ('level', 'growth', 'share', 'index')
),

level as (
    select *
    from preferred
    where measure = 'level' and base is null and is_exact
),

-- Printed growth on a year before: at whatever prices the office prints it, like for like with the level where it can.
growth as (
    select *
    from preferred
    where measure = 'growth' and coalesce(base, 'year') = 'year' and is_exact
    qualify row_number() over (
        partition by ref_area, indicator_id, breakdown, time_period, aspect, scope
        order by base nulls last, price_base nulls first, fact_id
    ) = 1
),

population as (
    select *
    from level
    where indicator_id = 'resident_population' and breakdown = '_T' and aspect is null and scope is null
),

sibling as (
    select
        parent,
        area_level,
        count(*) as n_places,
    from core.current_place
    where valid_to is null
    group by parent, area_level
),

paired as (
    select
        subject.*,
        sibling.n_places,
        case when subject.measure = 'level' then growth.published_value end as growth_reported,
        case when subject.measure = 'level' then growth.price_base end as growth_reported_price_base,
        case when subject.measure = 'level' then growth.fact_id end as growth_fact_id,
        previous.fact_id as previous_fact_id,
        (cast(subject.obs_value as double) / cast(previous.obs_value as double) - 1) * 100 as growth_computed,
        cast(subject.obs_value as double) / cast(whole.obs_value as double) * 100 as share_of_parent,
        cast(subject.obs_value as double) / cast(population.obs_value as double) as per_capita,
    from preferred as subject
    left join sibling on sibling.parent = subject.parent and sibling.area_level = subject.area_level
    left join growth
        on growth.ref_area = subject.ref_area
        and growth.indicator_id = subject.indicator_id
        and growth.breakdown = subject.breakdown
        and growth.time_period = subject.time_period
        and growth.aspect is not distinct from subject.aspect
        and growth.scope is not distinct from subject.scope
    left join level as previous
        on subject.measure = 'level'
        and subject.is_exact
        and previous.ref_area = subject.ref_area
        and previous.indicator_id = subject.indicator_id
        and previous.breakdown = subject.breakdown
        and previous.freq = subject.freq
        and previous.period_start = subject.period_start - interval 1 year
        and previous.period_last_day = subject.last_day_a_year_before
        and previous.aspect is not distinct from subject.aspect
        and previous.price_base is not distinct from subject.price_base
        and previous.scope is not distinct from subject.scope
        and previous.unit_measure = subject.unit_measure
        and previous.unit_measure not in ('%', '‰', 'pp')
        and previous.obs_value > 0
        and year(subject.period_start) = year(subject.period_end)
    left join level as whole
        on subject.measure = 'level'
        and subject.is_exact
        and subject.additive_across_towns
        and whole.ref_area = subject.parent
        and whole.indicator_id = subject.indicator_id
        and whole.breakdown = subject.breakdown
        and whole.time_period = subject.time_period
        and whole.aspect is not distinct from subject.aspect
        and whole.price_base is not distinct from subject.price_base
        and whole.scope is not distinct from subject.scope
        and whole.unit_measure = subject.unit_measure
        and whole.obs_value > 0
    left join population
        on subject.measure = 'level'
        and subject.is_exact
        and subject.unit_measure = 'CNY'
        and population.ref_area = subject.ref_area
        and population.time_period = subject.time_period
        and population.obs_value > 0
    where subject.area_level in ('county', 'township')
),

ranked as (
    select
        *,
        rank() over (
            peers_of_parent
            order by case when direction = 'lower is better' then obs_value else -obs_value end
        ) as rank_in_parent,
        count(*) over peers_of_parent as n_in_parent,
        median(obs_value) over peers_of_parent as median_in_parent,
        rank() over (
            peers_of_province
            order by case when direction = 'lower is better' then obs_value else -obs_value end
        ) as rank_in_province,
        count(*) over peers_of_province as n_in_province,
        count(*) filter (where not is_exact) over (
            partition by
                area_level, parent, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope,
                unit_measure
        ) as n_bounded,
    from paired
    window
        peers_of_parent as (
            partition by
                area_level, parent, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope,
                unit_measure, is_exact
        ),
        peers_of_province as (
            partition by
                area_level, province, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope,
                unit_measure, is_exact
        )
)

select
    ranked.*,
    case when is_exact and parent is not null and n_in_parent > 1 then rank_in_parent end as rank_computed,
    case when is_exact and parent is not null then n_in_parent end as n_peers,
    case when is_exact and parent is not null and n_in_parent > 1 then cast(median_in_parent as double) end as peer_median,
    case
        when is_exact and parent is not null and n_in_parent > 1
            then 100.0 * (n_in_parent - rank_in_parent) / (n_in_parent - 1)
    end as percentile,
    case when is_exact and province is not null and n_in_province > 1 then rank_in_province end as rank_among_province,
    case when is_exact and province is not null then n_in_province end as n_peers_in_province,
    case
        when is_exact and province is not null and n_in_province > 1
            then 100.0 * (n_in_province - rank_in_province) / (n_in_province - 1)
    end as percentile_in_province,
    own.rank_reported,
    own.rank_reported_scope,
    own.rank_fact_id,
    own.is_certain as rank_reported_is_certain,
    provincial.rank_reported as rank_reported_in_province,
from ranked
left join core.reported_rank as own
    on own.among = 'parent'
    and own.of_measure = ranked.measure
    and own.ref_area = ranked.ref_area
    and own.indicator_id = ranked.indicator_id
    and own.breakdown = ranked.breakdown
    and own.time_period = ranked.time_period
    and own.aspect is not distinct from ranked.aspect
left join core.reported_rank as provincial
    on provincial.among = 'province'
    and provincial.of_measure = ranked.measure
    and provincial.ref_area = ranked.ref_area
    and provincial.indicator_id = ranked.indicator_id
    and provincial.breakdown = ranked.breakdown
    and provincial.time_period = ranked.time_period
    and provincial.aspect is not distinct from ranked.aspect
