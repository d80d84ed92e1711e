-- relation: core.admitted_fact
-- severity: info
-- note_zh: 以往公布的数值后来被改写：后来的文件或修订稿给出了另一数值。
-- note_en: History was restated: a later document, or a revision of the same, gives another value for a past period.
-- core.disagreement says which of two standing figures restate one another. A revised document takes its former self out
-- of the marts, so that its figures are compared here with those that it stated before, by the same measure: 53亿 and
-- 52.8亿 agree, and so does what keeps within the other's bound.
with
stated as (
    select
        *,
        case when comparator <> 'max' then obs_value end as low,
        case
            when comparator = 'range' then obs_value_high
            when comparator = 'approx' then obs_value + precision_value
            when comparator <> 'min' then obs_value
        end as high,
    from core.fact
),

before as (
    select
        stated.*,
        document.superseded_by,
    from stated
    inner join raw.document as document on document.document_id = stated.document_id
    where stated.known_to is not null and document.superseded_by is not null
)

select
    fact_id,
    value_text || ' here, ' || other_value_text || ' there' as detail,
    other_fact_id as other_id,
from core.disagreement
where finding = 'restatement'
union all
(
    select
        now.fact_id,
        now.value_text || ', before its revision ' || before.value_text as detail,
        before.fact_id as other_id,
    from stated as now
    semi join core.admitted_fact as admitted on admitted.fact_id = now.fact_id
    inner join before
        on before.superseded_by = now.document_id
        and before.ref_area = now.ref_area
        and before.indicator_id = now.indicator_id
        and before.breakdown = now.breakdown
        and before.measure = now.measure
        and before.time_period = now.time_period
        and before.subject_type = now.subject_type
        and before.base is not distinct from now.base
        and before.aspect is not distinct from now.aspect
        and before.price_base is not distinct from now.price_base
        and before.scope is not distinct from now.scope
        and before.unit_measure is not distinct from now.unit_measure
    qualify
        bool_and(
            greatest(now.low - before.high, before.low - now.high)
            >= greatest(now.precision_value, before.precision_value)
        ) over (partition by now.fact_id)
)
