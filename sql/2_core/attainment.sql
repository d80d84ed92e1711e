-- One row per target: the figure that settles it and the judgement.
-- A lower bound (min) needs a figure at or above it, an upper bound (max) one at or below it: met or missed. Above an
-- eq, approx or range target in the better direction stands `exceeded`. 左右 (approx) allows half of the last printed
-- digit or 5 % of the value, whichever is more. A figure that is itself a bound settles only what it settles for
-- certain. Ranks are better when lower, whatever the indicator; a target for consumer prices is a ceiling, however it
-- is worded (居民消费价格涨幅3%左右).
-- materialised
with
joined as (
    select
        target.*,
        indicator.direction = 'lower is better'
        or target.measure = 'rank'
        or target.indicator_id = 'cpi' as is_lower_better,
        settlement.mismatch,
        actual.fact_id as actual_fact_id,
        actual.obs_value as actual_value,
        actual.obs_value_high as actual_value_high,
        actual.comparator as actual_comparator,
        actual.obs_status as actual_obs_status,
        actual.published_value as actual_published_value,
        actual.published_value_high as actual_published_value_high,
        actual.published_unit as actual_published_unit,
        actual.value_text as actual_value_text,
        actual.time_period as actual_time_period,
        actual.published_on as actual_published_on,
        actual.quote as actual_quote,
        actual.sentence as actual_sentence,
        actual.document_id as actual_document_id,
        actual.document_title as actual_document_title,
        actual.caveat_codes as actual_caveat_codes,
        reported.ref_area is not null as is_reported,
    from core.published_target as target
    inner join core.indicator as indicator on indicator.indicator_id = target.indicator_id
    left join core.settlement as settlement on settlement.target_fact_id = target.fact_id
    left join core.published_fact as actual on actual.fact_id = settlement.actual_fact_id
    left join core.reported_period as reported
        on reported.ref_area = target.ref_area and reported.time_period = target.time_period
    where target.subject_type = 'area'
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
    from joined
),

needed as (
    select
        *,
        case when comparator <> 'max' then obs_value - tolerance end as target_low,
        case when comparator <> 'min' then coalesce(obs_value_high, obs_value) + tolerance end as target_high,
    from bounded
),

settled as (
    select
        *,
        case
            when comparator = 'max' or (is_lower_better and comparator <> 'min')
                then case when actual_high <= target_high then 'met' when actual_low > target_high then 'missed' end
            else case when actual_low >= target_low then 'met' when actual_high < target_low then 'missed' end
        end as outcome,
        comparator in ('eq', 'approx', 'range')
        and indicator_id <> 'cpi'
        and coalesce(
            case when is_lower_better then actual_high < target_low else actual_low > target_high end, false
        ) as is_beyond,
    from needed
)

select
    *,
    case
        when actual_fact_id is null then case when is_reported then 'not_reported' else 'pending' end
        when actual_obs_status in ('L', 'M') then 'explicitly_absent'
        when mismatch is not null or outcome is null then 'not_comparable'
        when outcome = 'met' and is_beyond then 'exceeded'
        else outcome
    end as status,
    case
        when actual_fact_id is null or actual_obs_status in ('L', 'M') then null
        when mismatch is not null then mismatch
        when outcome is null then 'actual_is_bound'
    end as reason,
    mismatch is null and actual_comparator in ('eq', 'approx') as has_gap,
from settled
