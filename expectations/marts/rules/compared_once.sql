-- relation: marts.county_comparison, marts.town_comparison
-- severity: critical
-- note_zh: 同一地区同一指标同一时期在比较表中出现两次。
-- note_en: A place is compared twice for the same thing: the key of the comparison is not unique.
-- A suite's compound key passes over empty values, and half of this key may be empty.
with
compared as (
    select
        fact_id, ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope
    from marts.county_comparison
    union all
    select
        fact_id, ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope
    from marts.town_comparison
)

select
    fact_id,
    ref_area || ' ' || indicator_id || ' ' || measure || ' ' || time_period as detail,
    first_value(fact_id) over same_key as other_id,
from compared
window same_key as (
    partition by ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope
    order by fact_id
)
qualify row_number() over same_key > 1
