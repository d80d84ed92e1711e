-- One row per place: its province, and the place by which the file of its figures is named: its county, or itself.
select
    place.*,
    coalesce(place.province, 'none') as province_or_none,
    coalesce(place.county, place.ref_area) as shard,
from marts.place as place
