-- relation: core.admitted_target
-- severity: warning
-- caveat: target_in_past
-- note_zh: 目标在发布之前已到期，可能是对往年目标的回顾。
-- note_en: The target fell due before it was published; it may recall an earlier plan.
select
    fact_id,
    'due by ' || period_end || ', published on ' || published_on as detail,
    null::varchar as other_id,
from core.admitted_target
where period_end < published_on
