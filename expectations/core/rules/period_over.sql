-- relation: core.admitted_fact
-- severity: warning
-- caveat: period_not_over
-- note_zh: 发布时所指时期尚未结束，可能是预计数。
-- note_en: The figure was published more than 45 days before its period ended; it may be an estimate.
select
    fact_id,
    time_period || ', published on ' || published_on as detail,
    null::varchar as other_id,
from core.admitted_fact
where period_end > published_on + 45 and obs_status in ('A', 'P') and freq <> 'P'
