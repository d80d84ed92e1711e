-- Sources beyond folders, and addresses whose content changes.

-- Each change of content at an address is a row: `revision` counts them, from 1, and an office that goes back to an
-- earlier text makes a row more. `sighting_id` of a first revision is as before; later ones have the number in it.
alter table raw.source_item add column revision integer default 1;
alter table raw.source_item add column file_name varchar;      -- the last part of the path or address
alter table raw.source_item add column media_type varchar;     -- as the web server said, with its charset
alter table raw.source_item add column container varchar;      -- sha256 of the file that holds it, of a text in a table

update raw.source_item as item set
    revision = counted.revision,
    file_name = regexp_extract(item.uri, '[^/]*$'),
    sighting_id = case
        when counted.revision <= 1 then item.sighting_id
        else sha256(concat_ws(chr(0), item.source_name, item.uri, item.sha256, counted.revision))
    end
from (
    select
        sighting_id,
        -- A name without readable bytes is no content, and counts for none.
        case
            when size_bytes is null then 0
            else row_number() over (partition by source_name, uri, size_bytes is null order by fetched_at, sha256)
        end as revision,
    from raw.source_item
) as counted
where counted.sighting_id = item.sighting_id;

-- A document that another one revises at the same address: which, and since when.
alter table raw.document add column superseded_by varchar;
alter table raw.document add column superseded_at timestamp;

-- What each slot of a document's frame was read from: its own words, what its container says of it (meta elements,
-- properties, columns), or the settings of its sources.
create table raw.frame_evidence (
    document_id varchar not null,
    slot        varchar not null,        -- title, publisher, published_on, doc_type, place, reporting_period, plan_period
    value       varchar not null,
    origin      varchar not null,        -- text, container, source
    evidence    varchar                  -- the words, or the name of the element; null where the value is the evidence
);

-- What a container says of its document, kept for the day when frames are read anew.
create table raw.stated (
    document_id varchar not null,
    slot        varchar not null,        -- title, publisher, published_on
    value       varchar not null,
    evidence    varchar
);
