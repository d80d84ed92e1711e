-- One row per target and figure that answers it, the one that counts now and the one that was published first: the
-- outcome, the ratio of what came to what was promised, and the gap.
-- A lower bound (min) needs a figure at or above it, an upper bound (max) one at or below it: met or missed. Above an
-- eq, approx or range target in the better direction stands `exceeded`, unless it was to be kept (保持). 左右 (approx)
-- allows half of the last printed digit or 5 % of the value, whichever is more. A figure that is itself a bound settles
-- only what it settles for certain. Ranks are better when lower, whatever the indicator; a target for consumer prices
-- is a ceiling, however it is worded (居民消费价格涨幅3%左右).
with
pair as (
    select
        target_fact_id,
        actual_fact_id,
        mismatch,
    from core.settlement
    union all
    select
        target_fact_id,
        first_fact_id as actual_fact_id,
        null as mismatch,
    from core.settlement
    where first_fact_id <> actual_fact_id
),

paired as (
    select
        pair.target_fact_id,
        pair.actual_fact_id,
        pair.mismatch,
        target.indicator_id,
        target.measure,
        target.comparator,
        target.modality,
        target.obs_value,
        target.obs_value_high,
        target.precision_value,
        target.published_value,
        target.published_value_high,
        target.published_unit,
        indicator.direction = 'lower is better'
        or target.measure = 'rank'
        or target.indicator_id = 'cpi' as is_lower_better,
        actual.obs_value as actual_value,
        actual.obs_value_high as actual_value_high,
        actual.comparator as actual_comparator,
        actual.published_value as actual_published_value,
        actual.published_unit as actual_published_unit,
    from pair
    inner join core.published_target as target on target.fact_id = pair.target_fact_id
    inner join core.answer as actual on actual.fact_id = pair.actual_fact_id
    inner join core.indicator as indicator on indicator.indicator_id = target.indicator_id
),

-- What the target needs, and what the figure says for certain; null is no bound.
bounded as (
    select
        *,
        case
            when comparator = 'approx'
                then greatest(
                    precision_value / 2,
                    cast(abs(cast(obs_value as decimal(28, 8))) * cast(0.05 as decimal(3, 2)) as decimal(38, 10))
                )
            else 0
        end as tolerance,
        case when actual_comparator <> 'max' then actual_value end as actual_low,
        case
            when actual_comparator = 'range' then actual_value_high
            when actual_comparator <> 'min' then actual_value
        end as actual_high,
    from paired
),

needed as (
    select
        *,
        comparator = 'max' or (is_lower_better and comparator <> 'min') as is_ceiling,
        case when comparator <> 'max' then obs_value - tolerance end as target_low,
        case when comparator <> 'min' then coalesce(obs_value_high, obs_value) + tolerance end as target_high,
    from bounded
),

settled as (
    select
        *,
        case
            when is_ceiling
                then case when actual_high <= target_high then 'met' when actual_low > target_high then 'missed' end
            else case when actual_low >= target_low then 'met' when actual_high < target_low then 'missed' end
        end as outcome,
        comparator in ('eq', 'approx', 'range')
        and indicator_id <> 'cpi'
        and modality <> 'maintain'
        and coalesce(
            case when is_lower_better then actual_high < target_low else actual_low > target_high end, false
        ) as is_beyond,
        mismatch is null and actual_comparator in ('eq', 'approx') as has_gap,
    from needed
)

select
    target_fact_id,
    actual_fact_id,
    mismatch,
    is_lower_better,
    is_ceiling,
    case
        when mismatch is not null or outcome is null then 'not_comparable'
        when outcome = 'met' and is_beyond then 'exceeded'
        else outcome
    end as outcome,
    coalesce(mismatch, case when outcome is null then 'actual_is_bound' end) as reason,
    case
        when
            has_gap
            and measure <> 'rank'
            and (obs_value > 0 or (is_lower_better and obs_value < 0 and actual_value < 0))
            then cast(actual_value as double) / cast(obs_value as double)
    end as attainment_ratio,
    case
        when not has_gap or actual_published_unit is distinct from published_unit then null
        when comparator = 'range' and actual_value between obs_value and obs_value_high then 0
        when comparator = 'range' and actual_value > obs_value_high then actual_published_value - published_value_high
        else actual_published_value - published_value
    end as gap,
from settled
