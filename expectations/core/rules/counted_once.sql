-- relation: core.figure
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 同一处表述生成了多条数据，只保留第一条。
-- note_en: One statement became several figures; the first is kept.
-- The same fact id twice is fact_id_unique's to find.
with
figure as (
    select distinct fact_id, statement_id from core.figure where known_to is null
)

select
    fact_id,
    'statement ' || statement_id || ' is counted already' as detail,
    first_value(fact_id) over statement_figures as other_id,
from figure
window statement_figures as (partition by statement_id order by fact_id)
qualify row_number() over statement_figures > 1
