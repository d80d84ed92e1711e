-- One row per target: the figure that settles it as it counts now and as it was published first, both judged.
-- A target is pending until a document reports on its period; `elapsed_share` is the share of that period which had
-- passed on the last day on which any document of the warehouse was published: marts know no other clock.
-- materialised
with
last_published as (
    select max(published_on) as published_on
    from core.document
    where starts_with(ingest_status, 'accepted')
),

answered as (
    select
        target.*,
        statement.sentence,
        judgement.is_lower_better,
        judgement.is_ceiling,
        judgement.outcome,
        judgement.reason as judgement_reason,
        judgement.attainment_ratio,
        judgement.gap,
        actual.fact_id as actual_fact_id,
        actual.obs_value as actual_value,
        actual.obs_status as actual_obs_status,
        actual.comparator as actual_comparator,
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
        original.fact_id as first_fact_id,
        original.published_value as first_published_value,
        original.value_text as first_value_text,
        original.published_on as first_published_on,
        case when original.obs_status in ('L', 'M') then 'explicitly_absent' else first_judgement.outcome end as first_status,
        first_judgement.attainment_ratio as first_attainment_ratio,
        first_judgement.gap as first_gap,
        reported.ref_area is not null as is_reported,
        last_published.published_on as last_published_on,
    from core.published_target as target
    inner join core.statement as statement on statement.statement_id = target.statement_id
    cross join last_published
    left join core.settlement as settlement on settlement.target_fact_id = target.fact_id
    left join core.judgement as judgement
        on judgement.target_fact_id = target.fact_id and judgement.actual_fact_id = settlement.actual_fact_id
    left join core.judgement as first_judgement
        on first_judgement.target_fact_id = target.fact_id and first_judgement.actual_fact_id = settlement.first_fact_id
    left join core.answer as actual on actual.fact_id = settlement.actual_fact_id
    left join core.answer as original on original.fact_id = settlement.first_fact_id
    left join core.reported_period as reported
        on reported.ref_area = target.ref_area and reported.time_period = target.time_period
    where target.subject_type = 'area'
),

judged as (
    select
        *,
        case
            when actual_fact_id is null then case when is_reported then 'not_reported' else 'pending' end
            when actual_obs_status in ('L', 'M') then 'explicitly_absent'
            else outcome
        end as status,
    from answered
)

select
    judged.*,
    case when judged.status = 'not_comparable' then judged.judgement_reason end as reason,
    case
        when judged.status = 'pending'
            then least(
                1,
                greatest(
                    0,
                    (judged.last_published_on - judged.period_start + 1)
                    / (last_day(judged.period_end) - judged.period_start + 1)
                )
            )
    end as elapsed_share,
    progress.progress_fact_id,
    progress.published_value as progress_value,
    progress.time_period as progress_time_period,
    progress.progress_ratio,
    progress.progress_elapsed,
from judged
left join core.progress as progress on progress.target_fact_id = judged.fact_id and judged.status = 'pending'
