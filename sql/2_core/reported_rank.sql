-- One row per place, indicator, period and peer group: the rank that the place itself reports.
-- `among` is read from the stated peer group (全县镇办, 全市, 全省): its first words name the unit above, by name or by
-- 全 and the last character of the unit's name. `of_measure` tells a rank by speed (增速) from a rank by size.
with
reported as (
    select
        fact.*,
        case
            when starts_with(fact.scope, place.parent_name_zh) then 'parent'
            when starts_with(fact.scope, '全' || right(place.parent_name_zh, 1)) then 'parent'
            when starts_with(fact.scope, place.province_name_zh) then 'province'
            when starts_with(fact.scope, '全' || right(place.province_name_zh, 1)) then 'province'
        end as among,
        case
            when regexp_matches(fact.indicator_stated, '增速|增幅|增长|涨幅|提升率') then 'growth'
            else 'level'
        end as of_measure,
    from core.published_fact as fact
    inner join core.current_place as place on place.ref_area = fact.ref_area
    where fact.measure = 'rank' and fact.comparator = 'eq' and fact.is_preferred
)

select
    ref_area,
    indicator_id,
    breakdown,
    time_period,
    aspect,
    among,
    of_measure,
    cast(obs_value as integer) as rank_reported,
    scope as rank_reported_scope,
    fact_id as rank_fact_id,
from reported
where among is not null
qualify row_number() over (
    partition by ref_area, indicator_id, breakdown, time_period, aspect, among, of_measure
    order by source_rank, published_on desc nulls last, fact_id
) = 1
