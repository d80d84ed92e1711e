-- One row per document that states something of the file's places.
with
stating as (
    select place.shard as file, stated.document_id
    from marts.fact as stated
    inner join explorer_place as place on place.ref_area = stated.ref_area
    where place.province_or_none = $province
    union
    select place.shard as file, stated.document_id
    from marts.target as stated
    inner join explorer_place as place on place.ref_area = stated.ref_area
    where place.province_or_none = $province
)

select
    stating.file,
    document.document_id,
    document.document_title,
    document.publisher,
    document.published_on,
    document.uri,
    document.file_name,
from stating
inner join marts.document as document on document.document_id = stating.document_id
order by stating.file, document.document_id
