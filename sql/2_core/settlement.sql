-- One row per target that some reported figure answers: that figure, and why it cannot be compared where it cannot.
-- A figure answers a target of the same place, indicator, breakdown, measure and period; counting new ones (新增) and
-- counting all are different questions. A target for the end of a plan of several years (2021/2025) is answered by
-- the last year's stock or rate. A document settles neither its own targets nor any of the period that it plans for.
-- materialised
with
question as (
    select
        target.*,
        indicator.kind as indicator_kind,
        target.aspect = 'new' or starts_with(target.indicator_id, 'new_') as is_new,
    from core.published_target as target
    inner join core.indicator as indicator on indicator.indicator_id = target.indicator_id
    where target.subject_type = 'area'
),

answer as (
    select
        *,
        aspect = 'new' or starts_with(indicator_id, 'new_') as is_new,
    from core.published_fact
    where subject_type = 'area'
),

candidate as (
    select
        question.fact_id as target_fact_id,
        answer.fact_id as actual_fact_id,
        case
            when answer.unit_measure is distinct from question.unit_measure then 'unit'
            when
                question.measure in ('growth', 'change')
                and coalesce(answer.base, 'year') <> coalesce(question.base, 'year')
                then 'base'
            when answer.scope is distinct from question.scope then 'scope'
            when question.measure = 'level' and answer.price_base is distinct from question.price_base then 'price_base'
        end as mismatch,
        answer.time_period = question.time_period as is_same_period,
        answer.aspect is not distinct from question.aspect as is_same_aspect,
        answer.price_base is not distinct from question.price_base as is_same_price_base,
        answer.preference,
        answer.obs_status in ('E', 'F') as is_estimate,
        answer.source_rank,
        answer.published_on,
    from question
    inner join answer
        on answer.ref_area = question.ref_area
        and answer.indicator_id = question.indicator_id
        and answer.breakdown = question.breakdown
        and answer.measure = question.measure
        and answer.period_end = question.period_end
        and coalesce(answer.is_new, false) = coalesce(question.is_new, false)
        and answer.document_id <> question.document_id
        and answer.plan_period is distinct from question.time_period
    where
        answer.time_period = question.time_period
        or (
            question.freq = 'P'
            and answer.freq = 'A'
            and question.indicator_kind in ('stock', 'rate')
            and question.measure in ('level', 'share')
        )
)

select
    target_fact_id,
    actual_fact_id,
    mismatch,
from candidate
qualify row_number() over (
    partition by target_fact_id
    order by
        mismatch is not null,
        is_same_period desc,
        is_same_aspect desc,
        is_same_price_base desc,
        preference,
        is_estimate,
        source_rank,
        published_on desc nulls last,
        actual_fact_id
) = 1
