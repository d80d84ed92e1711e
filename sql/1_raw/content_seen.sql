-- One row per distinct content: where it was seen, the first address in order of source and path.
select
    sha256 as document_id,
    arg_min(uri, source_name || chr(31) || uri) as uri,
    count(distinct source_name || chr(31) || uri) as n_sightings,
from raw.source_item
group by sha256
