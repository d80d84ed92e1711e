-- One row per province of which something is known, and `none`, for documents of no known place.
select distinct place.province_or_none as province,
from explorer_place as place
where
    place.ref_area in (select ref_area from marts.fact)
    or place.ref_area in (select ref_area from marts.target)
    or place.ref_area in (select ref_area from marts.coverage)
    or place.ref_area in (select ref_area from marts.document)
union
select 'none' as province
order by province
