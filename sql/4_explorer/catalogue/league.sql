-- One row per file of an indicator in a province and level of administration: how many figures it compares, of how many
-- places; none where there are targets alone.
with
compared as (
    select place.province_or_none as province, compared.indicator_id, 'county' as area_level, compared.ref_area, 1 as figure
    from marts.county_comparison as compared
    inner join explorer_place as place on place.ref_area = compared.ref_area
    union all
    select place.province_or_none as province, compared.indicator_id, 'township' as area_level, compared.ref_area, 1 as figure
    from marts.town_comparison as compared
    inner join explorer_place as place on place.ref_area = compared.ref_area
    union all
    select place.province_or_none as province, target.indicator_id, target.area_level, target.ref_area, 0 as figure
    from marts.target_attainment as target
    inner join explorer_place as place on place.ref_area = target.ref_area
    where target.area_level in ('county', 'township')
)

select
    province,
    indicator_id,
    area_level,
    cast(sum(figure) as integer) as n_figures,
    cast(count(distinct ref_area) as integer) as n_places,
from compared
group by all
order by all
