-- One row per finding: two figures that cannot both be right, or one that does not follow from others.
-- contradiction, restatement: a rival of the preferred figure that differs by at least one unit of the coarser last
--     printed digit, or leaves the other's bound; a restatement is a later document's, a contradiction any other.
-- growth_not_from_levels: printed growth that the two printed levels cannot give, whatever their rounding. Value added
--     grows at constant prices while levels are current, so gdp and va_* are left out.
-- rank_not_from_peers: more peers are ahead than the printed rank allows, or all peers report and the rank differs;
--     only where the text says clearly whether it ranks by size or by speed.
-- materialised
with
stated_interval as (
    select
        *,
        case when comparator <> 'max' then obs_value end as low,
        case
            when comparator = 'range' then obs_value_high
            when comparator = 'approx' then obs_value + precision_value
            when comparator <> 'min' then obs_value
        end as high,
    from core.published_fact
    where measure <> 'rank'
),

rival as (
    select
        case
            when preferred.document_id = other.document_id then 'contradiction'
            when preferred.published_on <> other.published_on then 'restatement'
            else 'contradiction'
        end as finding,
        preferred.fact_id,
        other.fact_id as other_fact_id,
        cast(preferred.obs_value as double) as value,
        cast(other.obs_value as double) as other_value,
        greatest(preferred.precision_value, other.precision_value) as precision_value,
        preferred.low - other.high as below,
        other.low - preferred.high as above,
    from stated_interval as preferred
    inner join stated_interval as other
        on other.ref_area = preferred.ref_area
        and other.indicator_id = preferred.indicator_id
        and other.breakdown = preferred.breakdown
        and other.measure = preferred.measure
        and other.time_period = preferred.time_period
        and other.base is not distinct from preferred.base
        and other.aspect is not distinct from preferred.aspect
        and other.price_base is not distinct from preferred.price_base
        and other.scope is not distinct from preferred.scope
        and other.subject_type = preferred.subject_type
        and other.unit_measure is not distinct from preferred.unit_measure
    where preferred.is_preferred and not other.is_preferred
),

contradiction as (
    select
        finding,
        fact_id,
        other_fact_id,
        value,
        other_value,
        case when value <> 0 then abs(other_value / value - 1) * 100 end as deviation,
        'percent of the preferred value' as deviation_unit,
    from rival
    where greatest(below, above) >= precision_value
),

levelled as (
    select
        compared.fact_id,
        compared.growth_fact_id,
        compared.growth_computed,
        growth.obs_value as growth_value,
        growth.precision_value as growth_precision,
        cast(compared.obs_value as double) as value,
        cast(compared.precision_value as double) / 2 as half,
        cast(previous.obs_value as double) as previous_value,
        cast(previous.precision_value as double) / 2 as previous_half,
    from core.comparison as compared
    inner join core.published_fact as growth on growth.fact_id = compared.growth_fact_id
    inner join core.published_fact as previous on previous.fact_id = compared.previous_fact_id
    where
        growth.price_base is null
        and compared.comparator = 'eq'
        and previous.comparator = 'eq'
        and growth.comparator = 'eq'
        and compared.indicator_id <> 'gdp'
        and not starts_with(compared.indicator_id, 'va_')
),

growth as (
    select
        'growth_not_from_levels' as finding,
        growth_fact_id as fact_id,
        fact_id as other_fact_id,
        cast(growth_value as double) as value,
        growth_computed as other_value,
        abs(growth_computed - cast(growth_value as double)) as deviation,
        'percentage points' as deviation_unit,
    from levelled
    where
        previous_value > previous_half
        and (
            ((value + half) / (previous_value - previous_half) - 1) * 100
            < cast(growth_value - growth_precision as double)
            or ((value - half) / (previous_value + previous_half) - 1) * 100
            > cast(growth_value + growth_precision as double)
        )
),

ranking as (
    select
        'rank_not_from_peers' as finding,
        rank_fact_id as fact_id,
        fact_id as other_fact_id,
        cast(rank_reported as double) as value,
        cast(rank_computed as double) as other_value,
        cast(abs(rank_computed - rank_reported) as double) as deviation,
        'places' as deviation_unit,
    from core.comparison
    where
        rank_reported_is_certain
        and rank_computed is not null
        and (rank_computed > rank_reported or (n_peers = n_places and rank_computed <> rank_reported))
)

select * from contradiction
union all by name
select * from growth
union all by name
select * from ranking
