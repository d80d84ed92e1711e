-- relation: core.figure
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 总量、占比、完成率或指数为负。
-- note_en: An amount, count, share, completion or index is negative.
-- Indicators that may fall below zero (profit, natural growth) have a negative lower bound in core.plausible_range.
select
    figure.fact_id,
    figure.measure || ' ' || figure.value_text as detail,
    null::varchar as other_id,
from core.figure as figure
anti join core.plausible_range as plausible
    on plausible.indicator_id = figure.indicator_id and plausible.lowest < 0
where figure.obs_value < 0 and figure.measure in ('level', 'share', 'completion', 'index')
