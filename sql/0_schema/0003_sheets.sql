-- Spreadsheets: what a template says of a figure beyond its words, and what became of each block of a sheet.

alter table core.statement add column indicator_id varchar;   -- as the template maps the label; null where words are matched
alter table core.statement add column breakdown varchar;      -- likewise: dim=code;dim=code
alter table core.statement add column ref_area varchar;       -- a code that the sheet itself states
alter table core.statement add column parent_area varchar;    -- the place inside which the template looks up the subject
alter table core.statement add column obs_status varchar;     -- SDMX, of a footnote or a mark
alter table core.statement add column caveat_codes varchar;   -- of footnotes: sorted, separated by ';'
alter table core.statement add column template varchar;       -- id@version

create table core.sheet_block (
    text_id     varchar not null,
    block_no    integer not null,        -- in reading order, from 1
    sheet       varchar not null,
    cells       varchar not null,        -- A5:H20
    title       varchar not null,
    status      varchar not null,        -- read, unknown, not_covered, failed_identity
    template    varchar,                 -- id@version: that read it, or that knows it in part
    fingerprint varchar not null,        -- hash of title, stub header, header paths, units; years left out
    numbers     integer not null,        -- numeric cells in the block's body
    figures     integer not null,        -- of them, those that became statements
    detail      varchar,                 -- why it was not read, for a person
    identities  varchar not null,        -- JSON: identity, held, failed, detail
    marks       varchar not null,        -- JSON: meaning of cells without a figure: how many
    draft       varchar                  -- YAML of a template to begin with
);
