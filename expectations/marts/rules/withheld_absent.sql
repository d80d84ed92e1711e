-- relation: marts.fact, marts.target
-- severity: critical
-- note_zh: 被严重规则扣下的数据仍在发布之列。
-- note_en: A row that a critical rule withheld is among the published ones.
with
figure as (
    select fact_id, 'core.fact' as relation from marts.fact
    union all
    select fact_id, 'core.target' as relation from marts.target
)

select distinct
    figure.fact_id,
    withheld.rule || ': ' || withheld.detail as detail,
    null::varchar as other_id,
from figure
inner join core.withheld as withheld
    on withheld.fact_id = figure.fact_id and withheld.relation = figure.relation
