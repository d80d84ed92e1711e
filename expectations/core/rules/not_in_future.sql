-- relation: core.fact
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 事实所指时期在发布之后才开始。
-- note_en: A fact about a period that began after it was published is no fact.
-- Where no date of publication is stated, the day on which the warehouse first knew the figure stands for it.
select
    fact_id,
    time_period || ' begins after ' || coalesce(published_on, known_from::date)::varchar as detail,
    null::varchar as other_id,
from core.fact
where period_start > coalesce(published_on, known_from::date) and obs_status <> 'F'
