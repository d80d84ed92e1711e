-- relation: core.fact
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 事实所指时期在发布之后才开始。
-- note_en: A fact about a period that began after it was published is no fact.
-- A document that states no date is not judged: the day on which it arrived says nothing of it, and a clock in the
-- marts would give one release two contents.
select
    fact_id,
    time_period || ' begins after ' || published_on::varchar as detail,
    null::varchar as other_id,
from core.fact
where period_start > published_on and obs_status <> 'F' and known_to is null
