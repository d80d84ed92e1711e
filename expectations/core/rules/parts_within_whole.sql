-- relation: core.admitted_fact
-- severity: warning
-- caveat: part_exceeds_whole
-- note_zh: 部分大于总体（分项大于合计、乡镇大于所属县）。
-- note_en: A part is larger than its whole: a component than its total, a breakdown than all, a township than its county.
-- core.part_excess says what is a part of what; both sides get the caveat.
select
    fact_id,
    value_text || ' is more than the whole, ' || whole_text as detail,
    whole_fact_id as other_id,
from core.part_excess
union all
select
    whole_fact_id as fact_id,
    whole_text || ' is less than a part, ' || value_text as detail,
    fact_id as other_id,
from core.part_excess
