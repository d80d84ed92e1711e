-- One row per document that was refused, taken with a warning, or whose figures could not all be resolved.
select
    $province as file,
    document.document_id,
    document.document_title,
    document.published_on,
    document.uri,
    document.file_name,
    document.ref_area,
    document.ingest_status,
    document.warnings,
    document.n_facts,
    document.n_unresolved,
from marts.document as document
left join explorer_place as place on place.ref_area = document.ref_area
where
    coalesce(place.province_or_none, 'none') = $province
    and (document.ingest_status <> 'accepted' or document.n_unresolved > 0)
order by document.document_id
