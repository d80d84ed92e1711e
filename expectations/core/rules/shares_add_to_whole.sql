-- relation: core.admitted_fact
-- severity: info
-- note_zh: 三次产业占比之和不等于 100，至少有一个有误。
-- note_en: The three shares of GDP do not add to 100, whatever their rounding: one of them at least is wrong.
-- core.share_total says which do not; the first and the last of the three are named.
select
    fact_id,
    value_text || ', ' || middle_text || ', ' || other_text || ' add to ' || round(total, 4) as detail,
    other_fact_id as other_id,
from core.share_total
