-- One row per level that is off by a power of ten (万 for 亿, a lost digit): the figure that shows it, and the power.
-- Shown by a rival of the same key with the same digits; by the printed growth on a year before, where the level of
-- that year then fits but for the power; or by the levels of the years before and after, which agree with each other.
-- What a power of ten explains has to be explained well: within the rounding of two digits and more, a tenth of what growth at
-- whatever prices gives, or three tenths of what neighbours give that differ by a half at most.
-- materialised
with
level as (
    select
        *,
        year(period_end) as ends_in,
    from core.observation
    where
        kind = 'fact'
        and measure = 'level'
        and comparator in ('eq', 'approx')
        and subject_type = 'area'
        and obs_value > 0
        and unit_measure not in ('%', '‰', 'pp')
),

rival as (
    select
        preferred.fact_id,
        other.fact_id as other_fact_id,
        cast(other.obs_value as double) / cast(preferred.obs_value as double) as ratio,
        greatest(
            cast(preferred.precision_value as double) / cast(preferred.obs_value as double),
            cast(other.precision_value as double) / cast(other.obs_value as double)
        ) as rounding,
        1 as evidence,
    from level as preferred
    inner join level as other
        on other.figure_key = preferred.figure_key and other.unit_measure = preferred.unit_measure
    where
        preferred.is_preferred
        and not other.is_preferred
        and preferred.precision_value * 20 <= preferred.obs_value
        and other.precision_value * 20 <= other.obs_value
),

annual as (
    select *
    from level
    where is_preferred and freq = 'A'
),

neighbour as (
    select
        now.fact_id,
        now.ref_area,
        now.indicator_id,
        now.breakdown,
        now.time_period,
        now.aspect,
        now.scope,
        now.obs_value,
        before.fact_id as before_fact_id,
        cast(now.obs_value as double) / cast(before.obs_value as double) as ratio,
        cast(now.obs_value as double) / cast(after.obs_value as double) as ratio_after,
    from annual as now
    inner join annual as before
        on before.ref_area = now.ref_area
        and before.indicator_id = now.indicator_id
        and before.breakdown = now.breakdown
        and before.unit_measure = now.unit_measure
        and before.ends_in = now.ends_in - 1
        and before.aspect is not distinct from now.aspect
        and before.price_base is not distinct from now.price_base
        and before.scope is not distinct from now.scope
    left join annual as after
        on after.ref_area = now.ref_area
        and after.indicator_id = now.indicator_id
        and after.breakdown = now.breakdown
        and after.unit_measure = now.unit_measure
        and after.ends_in = now.ends_in + 1
        and after.aspect is not distinct from now.aspect
        and after.price_base is not distinct from now.price_base
        and after.scope is not distinct from now.scope
),

grown as (
    select
        neighbour.fact_id,
        neighbour.before_fact_id as other_fact_id,
        neighbour.ratio / (1 + cast(growth.obs_value as double) / 100) as ratio,
        0.1 as rounding,
        2 as evidence,
    from neighbour
    inner join core.observation as growth
        on growth.ref_area = neighbour.ref_area
        and growth.indicator_id = neighbour.indicator_id
        and growth.breakdown = neighbour.breakdown
        and growth.time_period = neighbour.time_period
        and growth.aspect is not distinct from neighbour.aspect
        and growth.scope is not distinct from neighbour.scope
    where
        growth.kind = 'fact'
        and growth.is_preferred
        and growth.measure = 'growth'
        and growth.comparator = 'eq'
        and growth.obs_value > -100
        and coalesce(growth.base, 'year') = 'year'
),

between_years as (
    select
        fact_id,
        before_fact_id as other_fact_id,
        sqrt(ratio * ratio_after) as ratio,
        0.3 as rounding,
        3 as evidence,
    from neighbour
    where ratio / ratio_after between 1 / 1.5 and 1.5
),

powered as (
    select
        *,
        round(log10(ratio)) as power,
    from (
        select * from rival
        union all
        select * from grown
        union all
        select * from between_years
    ) as found
)

select
    powered.fact_id,
    powered.other_fact_id,
    cast(power as integer) as power,
    cast(mine.obs_value as double) as value,
    cast(other.obs_value as double) as other_value,
from powered
inner join level as mine on mine.fact_id = powered.fact_id
inner join level as other on other.fact_id = powered.other_fact_id
where power <> 0 and ratio / pow(10, power) between 1 / (1 + rounding) and 1 + rounding
qualify row_number() over (partition by powered.fact_id, powered.other_fact_id order by evidence) = 1
