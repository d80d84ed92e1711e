-- One row per target that some reported figure answers: that figure, why it cannot be compared where it cannot, and the
-- figure that answered it first.
-- A figure answers a target of the same place, indicator, breakdown, measure and period; counting new ones (新增) and
-- counting all are different questions. A target for the end of a plan of several years (2021/2025) is answered by
-- the last year's stock or rate. A document settles neither its own targets nor any of the period that it plans for.
-- Where nothing answers it so, the nearest is shown and never compared: all instead of new ones (aspect), several years
-- together instead of the last (period), growth instead of a level or a level instead of growth (measure).
-- `actual_fact_id` is what counts now (as revised), `first_fact_id` what was published first.
-- materialised
with
question as (
    select
        target.*,
        indicator.kind as indicator_kind,
        coalesce(target.aspect = 'new' or starts_with(target.indicator_id, 'new_'), false) as is_new,
    from core.published_target as target
    inner join core.indicator as indicator on indicator.indicator_id = target.indicator_id
    where target.subject_type = 'area'
),

answer as (
    select
        fact.*,
        coalesce(fact.aspect = 'new' or starts_with(fact.indicator_id, 'new_'), false) as is_new,
        issuance.issued_from,
    from core.published_fact as fact
    inner join core.issuance as issuance on issuance.document_id = fact.document_id
    where fact.subject_type = 'area'
),

candidate as (
    select
        question.fact_id as target_fact_id,
        answer.fact_id as actual_fact_id,
        case
            when answer.measure <> question.measure then 'measure'
            when answer.is_new <> question.is_new then 'aspect'
            when answer.freq = 'P' and question.freq <> 'P' then 'period'
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
        answer.issued_from,
    from question
    inner join answer
        on answer.ref_area = question.ref_area
        and answer.indicator_id = question.indicator_id
        and answer.breakdown = question.breakdown
        and answer.period_end = question.period_end
        and answer.document_id <> question.document_id
        and answer.plan_period is distinct from question.time_period
    where
        (
            answer.time_period = question.time_period
            and (
                answer.measure = question.measure
                or (answer.measure in ('level', 'growth', 'change') and question.measure in ('level', 'growth', 'change'))
            )
        )
        or (question.freq = 'A' and answer.freq = 'P' and answer.measure = question.measure)
        or (
            question.freq = 'P'
            and answer.freq = 'A'
            and question.indicator_kind in ('stock', 'rate')
            and question.measure in ('level', 'share')
            and answer.measure = question.measure
            and answer.is_new = question.is_new
        )
),

placed as (
    select
        *,
        row_number() over (
            partition by target_fact_id
            order by
                mismatch is not null,
                mismatch in ('aspect', 'period', 'measure'),
                list_position(['aspect', 'period', 'measure'], mismatch),
                is_same_period desc,
                is_same_aspect desc,
                is_same_price_base desc,
                preference,
                is_estimate,
                source_rank,
                published_on desc nulls last,
                actual_fact_id
        ) as place,
        row_number() over (
            partition by target_fact_id
            order by
                mismatch is not null,
                is_same_period desc,
                is_same_aspect desc,
                is_same_price_base desc,
                issued_from,
                preference,
                actual_fact_id
        ) as place_in_time,
    from candidate
)

select
    target_fact_id,
    max(actual_fact_id) filter (where place = 1) as actual_fact_id,
    max(mismatch) filter (where place = 1) as mismatch,
    max(actual_fact_id) filter (where place_in_time = 1 and mismatch is null) as first_fact_id,
from placed
where place = 1 or place_in_time = 1
group by target_fact_id
