-- relation: core.admitted_fact
-- severity: warning
-- caveat: contradicted
-- note_zh: 同一指标同一时期在别处另有不同数值。
-- note_en: Another statement gives a different value for the same; both are published, neither is proved.
-- core.disagreement says when two figures differ; both sides get the caveat.
select
    fact_id,
    value_text || ' here, ' || other_value_text || ' there' as detail,
    other_fact_id as other_id,
from core.disagreement
where finding <> 'other_scope'
union all
select
    other_fact_id as fact_id,
    other_value_text || ' here, ' || value_text || ' there' as detail,
    fact_id as other_id,
from core.disagreement
where finding <> 'other_scope'
