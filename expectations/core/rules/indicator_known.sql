-- relation: core.figure
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 指标不在指标目录内。
-- note_en: The indicator is not in the catalogue.
select
    figure.fact_id,
    'indicator_id = ' || figure.indicator_id as detail,
    null::varchar as other_id,
from core.figure as figure
anti join core.indicator as indicator on indicator.indicator_id = figure.indicator_id
