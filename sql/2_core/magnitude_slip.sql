-- One row per level that is off by a power of ten (万 for 亿, a lost digit): the figure that shows it, and the power.
-- Shown by a rival of the same key with the same digits; by the printed growth on a year before, where the level of
-- that year then fits but for the power; or by the levels of the years before and after, which agree with each other.
-- What a power of ten explains has to be explained well: within the rounding of two digits and more, a tenth of what growth at
-- whatever prices gives, or three tenths of what neighbours give that differ by a half at most.
-- materialised
with
level as (
    select *
    from core.observation
    where
        kind = 'fact'
        and measure = 'level'
        and comparator in ('eq', 'approx')
        and subject_type = 'area'
        and obs_value > 0
        and unit_measure not in ('%', '‰', 'pp')
        and n_rivals > 0
),

rival as (
    select
        preferred.fact_id,
        other.fact_id as other_fact_id,
        cast(preferred.obs_value as double) as value,
        cast(other.obs_value as double) as other_value,
        other_value / value as ratio,
        greatest(
            cast(preferred.precision_value as double) / value, cast(other.precision_value as double) / other_value
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
    select
        fact_id,
        ref_area,
        quantity_no,
        topic_no,
        base,
        time_period,
        cast(obs_value as double) as value,
        year(period_end) as ends_in,
    from core.comparable
    where
        measure = 'level'
        and freq = 'A'
        and is_exact
        and obs_value > 0
        and unit_measure not in ('%', '‰', 'pp')
),

-- A year has one preferred figure of a series.
neighbour as (
    select
        *,
        lag(fact_id) over years as other_fact_id,
        lag(value) over years as other_value,
        value / other_value as ratio,
        case when lead(ends_in) over years = ends_in + 1 then value / lead(value) over years end as ratio_after,
    from annual
    window years as (partition by ref_area, quantity_no, base order by ends_in)
    qualify lag(ends_in) over years = ends_in - 1
),

growth as (
    select
        ref_area,
        topic_no,
        time_period,
        1 + cast(obs_value as double) / 100 as grown_to,
    from core.comparable
    where measure = 'growth' and is_exact and obs_value > -100 and coalesce(base, 'year') = 'year'
),

-- A level that became 0.45 to 2.2 times as much and a printed growth to 0.7 to 1.4 times together never amount to a
-- power of ten: only where one of the two is out of these bounds, the other is looked up.
beside_growth as (
    select
        neighbour.*,
        growth.grown_to,
    from (select * from neighbour where ratio not between 0.45 and 2.2) as neighbour
    inner join growth
        on growth.ref_area = neighbour.ref_area
        and growth.topic_no = neighbour.topic_no
        and growth.time_period = neighbour.time_period
    union all
    select
        neighbour.*,
        growth.grown_to,
    from (select * from neighbour where ratio between 0.45 and 2.2) as neighbour
    inner join (select * from growth where grown_to not between 0.7 and 1.4) as growth
        on growth.ref_area = neighbour.ref_area
        and growth.topic_no = neighbour.topic_no
        and growth.time_period = neighbour.time_period
),

powered as (
    select
        *,
        round(log10(ratio)) as power,
    from (
        select * from rival
        union all
        select
            fact_id,
            other_fact_id,
            value,
            other_value,
            ratio / grown_to as ratio,
            0.1 as rounding,
            2 as evidence,
        from beside_growth
        union all
        select
            fact_id,
            other_fact_id,
            value,
            other_value,
            sqrt(ratio * ratio_after) as ratio,
            0.3 as rounding,
            3 as evidence,
        from neighbour
        where ratio / ratio_after between 1 / 1.5 and 1.5
    ) as found
)

select
    fact_id,
    other_fact_id,
    cast(power as integer) as power,
    value,
    other_value,
from powered
where power <> 0 and ratio / pow(10, power) between 1 / (1 + rounding) and 1 + rounding
qualify row_number() over (partition by fact_id, other_fact_id order by evidence) = 1
