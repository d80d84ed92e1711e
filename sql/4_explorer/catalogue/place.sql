-- One row per place that is known of, or belongs to those compared with it: their siblings, all counties of a province,
-- the units above them.
with
stated as (
    select
        ref_area,
        count(*) filter (where kind = 'fact') as n_facts,
        count(*) filter (where kind = 'target') as n_targets,
    from (
        select 'fact' as kind, ref_area from marts.fact
        union all
        select 'target' as kind, ref_area from marts.target
    )
    group by ref_area
),

known as (
    select place.*
    from explorer_place as place
    where
        place.ref_area in (select ref_area from stated)
        or place.ref_area in (select ref_area from marts.coverage)
        or place.ref_area in (select ref_area from marts.document)
),

compared as (
    select ref_area from known
    union
    select place.ref_area
    from explorer_place as place
    where
        place.valid_to is null
        and (
            (place.parent, place.area_level) in (select (parent, area_level) from known)
            or (place.area_level = 'county' and place.province in (select province from known))
        )
),

chosen as (
    select ref_area from compared
    union
    select unnest([place.parent, place.county, place.prefecture, place.province]) as ref_area
    from explorer_place as place
    where place.ref_area in (select ref_area from compared)
)

select
    place.ref_area,
    place.name_zh,
    place.area_level,
    place.parent,
    place.county,
    place.prefecture,
    place.province,
    place.shard,
    cast(coalesce(stated.n_facts, 0) as integer) as n_facts,
    cast(coalesce(stated.n_targets, 0) as integer) as n_targets,
    place.valid_to,
from explorer_place as place
left join stated on stated.ref_area = place.ref_area
where place.ref_area in (select ref_area from chosen)
order by place.ref_area
