-- One row per place code: its latest name, its level, the units above it.
-- A code that was replaced names its successor.
with
successor as (
    select
        ref_area,
        max_by(successor, coalesce(changed_on, date '0001-01-01')) as successor,
        max(changed_on) as changed_on,
    from core.place_succession
    group by ref_area
)

select
    cast(place.ref_area as varchar) as ref_area,
    cast(place.name_zh as varchar) as name_zh,
    cast(place.short_name as varchar) as short_name,
    cast(place.area_level as varchar) as area_level,
    cast(place.parent as varchar) as parent,
    cast(place.parent_name_zh as varchar) as parent_name_zh,
    cast(place.county as varchar) as county,
    cast(place.county_name_zh as varchar) as county_name_zh,
    cast(place.prefecture as varchar) as prefecture,
    cast(place.prefecture_name_zh as varchar) as prefecture_name_zh,
    cast(place.province as varchar) as province,
    cast(place.province_name_zh as varchar) as province_name_zh,
    cast(place.nbs_code as varchar) as nbs_code,
    cast(place.valid_from as date) as valid_from,
    cast(place.valid_to as date) as valid_to,
    cast(successor.successor as varchar) as successor,
    cast(successor.changed_on as date) as changed_on,
from core.current_place as place
left join successor on successor.ref_area = place.ref_area
