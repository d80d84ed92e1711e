-- One row per place: its province, and the place by which the file of its figures is named: its county, or itself.
-- Codes name files: what is no code names none.
select
    place.*,
    case when regexp_full_match(place.province, '\d{6}') then place.province else 'none' end as province_or_none,
    case
        when regexp_full_match(coalesce(place.county, place.ref_area), '[0-9A-Z]{1,12}')
            then coalesce(place.county, place.ref_area)
        else 'none'
    end as shard,
from marts.place as place
