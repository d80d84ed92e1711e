-- relation: marts.fact, marts.target
-- severity: critical
-- note_zh: 有未被扣下的数据没有进入发布。
-- note_en: A figure that no critical rule withheld is missing from the marts.
select
    admitted.fact_id,
    admitted.indicator_id || ' ' || admitted.time_period as detail,
    null::varchar as other_id,
from core.admitted_fact as admitted
anti join marts.fact as fact on fact.fact_id = admitted.fact_id
union all
select
    admitted.fact_id,
    admitted.indicator_id || ' ' || admitted.time_period as detail,
    null::varchar as other_id,
from core.admitted_target as admitted
anti join marts.target as target on target.fact_id = admitted.fact_id
