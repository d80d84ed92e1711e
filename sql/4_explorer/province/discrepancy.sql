-- One row per pair of figures that cannot both be right.
select
    $province as file,
    found.finding,
    found.finding_zh,
    found.severity,
    found.severity_zh,
    found.ref_area,
    found.indicator_id,
    found.measure,
    found.measure_zh,
    found.time_period,
    found.deviation,
    found.deviation_unit,
    found.fact_id,
    found.quote,
    found.document_title,
    found.published_on,
    found.other_fact_id,
    other.ref_area as other_ref_area,
    found.other_quote,
    found.other_document_title,
    found.other_published_on,
from marts.discrepancy as found
inner join explorer_place as place on place.ref_area = found.ref_area
left join marts.fact as other on other.fact_id = found.other_fact_id
where place.province_or_none = $province
order by found.ref_area, found.indicator_id, found.time_period, found.finding_id
