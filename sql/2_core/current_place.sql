-- One row per place code: its latest name and the units above it.
-- A code's validity interval that is still open wins over a closed one, a later over an earlier.
-- materialised
with
latest as (
    select *
    from core.place
    qualify row_number() over (
        partition by ref_area
        order by valid_to is null desc, valid_from desc nulls last, name_zh
    ) = 1
),

with_ancestors as (
    select
        place.*,
        parent.name_zh as parent_name_zh,
        [place.area_level, parent.area_level, grand.area_level, great.area_level] as levels,
        [place.ref_area, parent.ref_area, grand.ref_area, great.ref_area] as codes,
        [place.name_zh, parent.name_zh, grand.name_zh, great.name_zh] as names,
    from latest as place
    left join latest as parent on parent.ref_area = place.parent
    left join latest as grand on grand.ref_area = parent.parent
    left join latest as great on great.ref_area = grand.parent
)

select
    ref_area,
    area_level,
    name_zh,
    short_name,
    parent,
    parent_name_zh,
    codes[list_position(levels, 'county')] as county,
    names[list_position(levels, 'county')] as county_name_zh,
    codes[list_position(levels, 'prefecture')] as prefecture,
    names[list_position(levels, 'prefecture')] as prefecture_name_zh,
    codes[list_position(levels, 'province')] as province,
    names[list_position(levels, 'province')] as province_name_zh,
    nbs_code,
    valid_from,
    valid_to,
from with_ancestors
