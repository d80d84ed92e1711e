-- One row per county or township, indicator, breakdown, measure, base, period, aspect, price base and scope: how the
-- preferred figure, `fact_id`, stands beside those of its peers. Peers share everything but the place: level of
-- administration, unit above, indicator, breakdown, measure, base, period, aspect, price base, scope and unit. A figure
-- that is only a bound (以上, 以内) is shown and never ranked: `n_bounded` counts such peers. One alone has no rank and
-- no median. Growth is computed within years: of a span of several (2021/2025) there is no year before.
-- A net amount below zero (net migration) has neither growth nor a share of the unit above.
-- What the figure itself says is in core.published_fact, under the same id.
-- Whole indicators are compared at once: but for the population, a figure is compared with its own indicator's alone.
-- in parts of core.comparable by indicator_id
with
here as not materialized (
    select *
    from core.comparable
    where indicator_id between getvariable('first') and getvariable('last')
),

level as (
    select
        fact_id,
        ref_area,
        quantity_no,
        freq,
        time_period,
        period_start,
        period_end,
        unit_measure,
        cast(obs_value as double) as value,
    from here
    where measure = 'level' and base is null and is_exact and obs_value > 0
),

-- Printed growth on a year before: at whatever prices the office prints it, like for like with the level where it can.
growth as (
    select
        fact_id,
        ref_area,
        topic_no,
        time_period,
        price_base,
        published_value,
    from here
    where measure = 'growth' and coalesce(base, 'year') = 'year' and is_exact
    qualify row_number() over (
        partition by ref_area, topic_no, time_period
        order by base nulls last, price_base nulls first, fact_id
    ) = 1
),

previous as (
    select
        fact_id,
        ref_area,
        quantity_no,
        freq,
        period_start,
        last_day(period_end) as period_last_day,
        value,
    from level
    where unit_measure not in ('%', '‰', 'pp')
),

whole as (
    select
        ref_area,
        quantity_no,
        time_period,
        value,
    from level
    where unit_measure is not null and ref_area in (select parent from core.current_place)
),

population as (
    select
        ref_area,
        time_period,
        cast(obs_value as double) as value,
    from core.comparable
    where is_population and measure = 'level' and base is null and is_exact and obs_value > 0
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

subject as (
    select
        *,
        case when is_lower_better then obs_value else -obs_value end as directed_value,
    from here
    where area_level in ('county', 'township')
),

-- The peers' values from the best on: the place of the first that is equal is the rank. Sorting them once a group and
-- looking it up is sooner done than sorting every figure with all its columns.
peers_of_parent as (
    select
        parent,
        area_level,
        series_no,
        time_period,
        count(*) filter (where is_exact) as n_exact,
        count(*) filter (where not is_exact) as n_bounded,
        list_sort(list(directed_value) filter (where is_exact)) as best_first,
        cast(median(obs_value) filter (where is_exact) as double) as median,
    from subject
    group by parent, area_level, series_no, time_period
),

-- A province has thousands of townships, and no mart ranks them.
among_province as (
    select
        fact_id,
        count(*) over peers as n_exact,
        rank() over (peers order by directed_value) as rank,
    from subject
    where is_exact and province is not null and area_level = 'county'
    window peers as (partition by province, series_no, time_period)
),

ranked as (
    select
        subject.*,
        peers.n_bounded,
        case when subject.is_exact and subject.parent is not null then peers.n_exact end as n_peers,
        case when n_peers > 1 then list_position(peers.best_first, subject.directed_value) end as rank_computed,
        case when n_peers > 1 then peers.median end as peer_median,
    from subject
    inner join peers_of_parent as peers
        on peers.parent is not distinct from subject.parent
        and peers.area_level = subject.area_level
        and peers.series_no = subject.series_no
        and peers.time_period = subject.time_period
)

select
    ranked.fact_id,
    ranked.indicator_id,
    ranked.area_level,
    sibling.n_places,
    growth.published_value as growth_reported,
    growth.price_base as growth_reported_price_base,
    growth.fact_id as growth_fact_id,
    previous.fact_id as previous_fact_id,
    case
        when ranked.obs_value >= 0 then (cast(ranked.obs_value as double) / previous.value - 1) * 100
    end as growth_computed,
    case when ranked.obs_value >= 0 then cast(ranked.obs_value as double) / whole.value * 100 end as share_of_parent,
    cast(ranked.obs_value as double) / population.value as per_capita,
    ranked.n_bounded,
    ranked.n_peers,
    ranked.rank_computed,
    ranked.peer_median,
    100.0 * (ranked.n_peers - ranked.rank_computed) / (ranked.n_peers - 1) as percentile,
    among_province.n_exact as n_peers_in_province,
    case when among_province.n_exact > 1 then among_province.rank end as rank_among_province,
    100.0 * (among_province.n_exact - rank_among_province) / (among_province.n_exact - 1) as percentile_in_province,
    own.rank_reported,
    own.rank_reported_scope,
    own.rank_fact_id,
    own.is_certain as rank_reported_is_certain,
    provincial.rank_reported as rank_reported_in_province,
from ranked
left join among_province on among_province.fact_id = ranked.fact_id
left join sibling on sibling.parent = ranked.parent and sibling.area_level = ranked.area_level
left join growth
    on ranked.measure = 'level'
    and growth.ref_area = ranked.ref_area
    and growth.topic_no = ranked.topic_no
    and growth.time_period = ranked.time_period
left join previous
    on ranked.measure = 'level'
    and ranked.is_exact
    and year(ranked.period_start) = year(ranked.period_end)
    and previous.ref_area = ranked.ref_area
    and previous.quantity_no = ranked.quantity_no
    and previous.freq = ranked.freq
    and previous.period_start = ranked.period_start - interval 1 year
    and previous.period_last_day = last_day(ranked.period_end - interval 1 year)
left join whole
    on ranked.measure = 'level'
    and ranked.is_exact
    and ranked.additive_across_towns
    and whole.ref_area = ranked.parent
    and whole.quantity_no = ranked.quantity_no
    and whole.time_period = ranked.time_period
left join population
    on ranked.measure = 'level'
    and ranked.is_exact
    and ranked.unit_measure = 'CNY'
    and population.ref_area = ranked.ref_area
    and population.time_period = ranked.time_period
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

