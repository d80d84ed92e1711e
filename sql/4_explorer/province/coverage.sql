-- One row per place, theme and year that some document reports on: what is known of it.
select
    $province as file,
    covered.ref_area,
    covered.theme,
    covered.time_period,
    covered.n_facts,
    covered.n_targets,
    covered.n_withheld,
    covered.coverage_status,
    covered.coverage_status_zh,
from marts.coverage as covered
inner join explorer_place as place on place.ref_area = covered.ref_area
where place.province_or_none = $province
order by covered.time_period, covered.ref_area, covered.theme
