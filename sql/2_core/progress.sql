-- One row per target of a year for which figures of its first months are known: the latest of them (序时进度).
-- Only flows add up over the months; figures share place, indicator, breakdown, unit, aspect, price base and scope with
-- the target, begin with its year, and were printed exactly.
with
part as (
    select
        target.fact_id as target_fact_id,
        target.obs_value as target_value,
        fact.fact_id as progress_fact_id,
        fact.obs_value,
        fact.published_value,
        fact.time_period,
        fact.period_end,
        fact.preference,
    from core.published_target as target
    inner join core.indicator as indicator on indicator.indicator_id = target.indicator_id and indicator.kind = 'flow'
    inner join core.published_fact as fact
        on fact.ref_area = target.ref_area
        and fact.indicator_id = target.indicator_id
        and fact.breakdown = target.breakdown
        and fact.period_start = target.period_start
        and fact.period_end < target.period_end
        and fact.unit_measure = target.unit_measure
        and fact.aspect is not distinct from target.aspect
        and fact.price_base is not distinct from target.price_base
        and fact.scope is not distinct from target.scope
    where
        target.freq = 'A'
        and target.measure = 'level'
        and target.subject_type = 'area'
        and target.obs_value > 0
        and fact.freq <> 'A'
        and fact.measure = 'level'
        and fact.subject_type = 'area'
        and fact.comparator in ('eq', 'approx')
        and fact.is_preferred
)

select
    target_fact_id,
    progress_fact_id,
    time_period,
    published_value,
    cast(obs_value as double) / cast(target_value as double) as progress_ratio,
    month(period_end) / 12.0 as progress_elapsed,
from part
qualify row_number() over (
    partition by target_fact_id order by period_end desc, preference, progress_fact_id
) = 1
