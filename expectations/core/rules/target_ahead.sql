-- relation: core.admitted_target
-- severity: warning
-- caveat: target_in_past
-- note_zh: 目标在文件所规划的时期之前已到期，可能是对往年目标的回顾。
-- note_en: The target fell due before the period that its document plans for; it may recall an earlier plan.
-- A report is often put on a web page years later, so its date counts only where it plans for no stated period.
with
planned as (
    select
        document_id,
        coalesce(make_date(try_cast(left(plan_period, 4) as integer), 1, 1), published_on) as plans_from,
    from raw.document
)

select
    target.fact_id,
    'due by ' || target.period_end || ', the document plans from ' || planned.plans_from as detail,
    null::varchar as other_id,
from core.admitted_target as target
inner join planned on planned.document_id = target.document_id
where target.period_end < planned.plans_from
