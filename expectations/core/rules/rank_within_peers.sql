-- relation: core.admitted_fact
-- severity: warning
-- caveat: rank_beyond_peers
-- note_zh: 位次大于同级单位数。
-- note_en: The rank is beyond the number of peers; perhaps it is a rank in a wider group.
-- The peer group is read where it names the unit above (全县…, 滨州市…). Development zones take part, whatever their
-- level, so they are counted.
with
place as (
    select
        ref_area,
        any_value(parent order by valid_to desc nulls first) as parent,
        any_value(name_zh order by valid_to desc nulls first) as name_zh,
    from core.place
    group by ref_area
),

peers as (
    select
        parent,
        count(*) as n_peers,
    from core.place
    where valid_to is null
    group by parent
)

select
    fact.fact_id,
    fact.value_text || ' in ' || fact.scope || ', ' || peers.n_peers || ' peers' as detail,
    null::varchar as other_id,
from core.admitted_fact as fact
inner join place on place.ref_area = fact.ref_area
inner join place as above on above.ref_area = place.parent
inner join peers on peers.parent = place.parent
where
    fact.measure = 'rank'
    and fact.comparator = 'eq'
    and (starts_with(fact.scope, above.name_zh) or starts_with(fact.scope, '全' || right(above.name_zh, 1)))
    and fact.obs_value > peers.n_peers
