-- One row per place: its province, and the place by which the file of its figures is named: its county, or itself.
-- Codes name files, a development zone's (X371600-KFQ) too. What is no code names none: its figures lie together, in a
-- file for each province, as a file is written once.
select
    place.*,
    case when regexp_full_match(place.province, '\d{6}') then place.province else 'none' end as province_or_none,
    case
        when regexp_full_match(coalesce(place.county, place.ref_area), '\d{6}|\d{9}|X\d{6}-[A-Z0-9]{1,32}')
            then coalesce(place.county, place.ref_area)
        else 'none-' || province_or_none
    end as shard,
from marts.place as place
