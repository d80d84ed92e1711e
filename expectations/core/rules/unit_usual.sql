-- relation: core.admitted_fact
-- severity: info
-- note_zh: 计量单位与指标目录不同（量纲相同），不与同行比较。
-- note_en: The unit is not the catalogue's, though of its dimension: the figure stands beside its peers but is not ranked among them.
select
    fact.fact_id,
    fact.value_text || ' in ' || fact.unit_measure || ', usually ' || indicator.unit_measure as detail,
    null::varchar as other_id,
from core.admitted_fact as fact
inner join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
where fact.measure = 'level' and fact.unit_measure <> indicator.unit_measure
