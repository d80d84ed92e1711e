-- relation: marts.fact, marts.target
-- severity: critical
-- note_zh: 同一事项有多个首选数值，或一个也没有。
-- note_en: Of the figures for one thing exactly one is preferred.
with
figure as (
    select
        'fact' as mart,
        fact_id, ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope,
        subject_type, is_preferred,
    from marts.fact
    union all
    select
        'target' as mart,
        fact_id, ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope,
        subject_type, is_preferred,
    from marts.target
)

select
    min(fact_id) as fact_id,
    count(*) filter (where is_preferred) || ' of ' || count(*) || ' preferred: ' || ref_area || ' ' || indicator_id || ' '
    || measure || ' ' || time_period as detail,
    null::varchar as other_id,
from figure
group by
    mart, ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope, subject_type
having count(*) filter (where is_preferred) <> 1
