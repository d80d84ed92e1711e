-- relation: core.admitted_fact
-- severity: warning
-- caveat: contradicted
-- note_zh: 同一文件内同一指标有不同数值，从行文或差距看疑似口径不同，而数据未能区分。
-- note_en: One document gives different values under one name, and its wording or their distance suggests that they are of different scope, which the figures do not tell apart: read both sentences.
-- core.disagreement says by what signs; both sides get the caveat. In the mart discrepancy they are for information.
select
    fact_id,
    value_text || ' here, ' || other_value_text || ' there' as detail,
    other_fact_id as other_id,
from core.disagreement
where finding = 'other_scope'
union all
select
    other_fact_id as fact_id,
    other_value_text || ' here, ' || value_text || ' there' as detail,
    fact_id as other_id,
from core.disagreement
where finding = 'other_scope'
