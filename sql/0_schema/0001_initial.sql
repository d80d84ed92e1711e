-- The warehouse's first schema. Migrations are numbered and applied once, in order, each in one transaction.
-- No primary keys: uniqueness is the gate's to judge (expectations/), and keys would quarter the loading speed.

create schema raw;
create schema core;
create schema ops;

create table ops.schema_version (version integer not null, applied_by varchar not null);

-- ── raw: what arrived ──────────────────────────────────────────────────────────────────────────────────────────

-- What the settings say of each source, as of the last night that listed it.
create table raw.source (
    source_name  varchar not null,
    publisher    varchar,
    place        varchar,            -- a name or a code, as the settings have it
    caveat_codes varchar             -- sorted, separated by ';'
);

-- Each content at each place where it was ever seen, when it was first seen there.
create table raw.source_item (
    sighting_id   varchar not null,   -- sha256 of source_name, uri, sha256
    source_name   varchar not null,
    uri           varchar not null,   -- path relative to the source's folder, or an address
    fetched_at    timestamp not null,
    etag          varchar,            -- this and the next two: what a web server answered; null for a folder's file
    last_modified varchar,
    http_status   integer,
    sha256        varchar not null,   -- of the bytes; of source and name where there were none to read
    size_bytes    bigint
);

create table raw.document (
    document_id      varchar not null,   -- sha256 of the bytes
    text_id          varchar,            -- sha256 of the decoded text or of the canonical grid; null when quarantined
    source_name      varchar not null,   -- of the smallest (source, uri) of all sightings, as is the file's name
    file_name        varchar not null,
    media_type       varchar,
    title            varchar,
    publisher        varchar,            -- as stated, else of the sources
    publisher_stated varchar,
    published_on     date,
    doc_type         varchar,
    place_stated     varchar,
    parent_places    varchar,            -- outermost first, separated by '/'
    source_place     varchar,            -- the sources' default place, where all that name one name the same
    reporting_period varchar,
    plan_period      varchar,
    reader           varchar,
    reader_version   varchar,
    text_length      integer,            -- code points, or cells
    ingest_status    varchar not null,   -- accepted, accepted_with_warning, quarantined, pending
    warnings         varchar,            -- codes separated by '; '
    caveat_codes     varchar,            -- caveats of any source that brought the text, e.g. sample
    first_seen_at    timestamp not null
);

create table raw.text (
    text_id varchar not null,
    content varchar not null
);

create table raw.cell (
    text_id     varchar not null,
    sheet_no    integer not null,        -- the sheet's position in the workbook, from 1
    sheet       varchar not null,
    row_no      integer not null,
    column_no   integer not null,
    cell        varchar not null,        -- A1 style
    content     varchar not null,
    is_number   boolean not null,
    row_span    integer not null,        -- rows and columns that the cell covers: more than 1 where merged
    column_span integer not null
);

-- ── core: what it says ─────────────────────────────────────────────────────────────────────────────────────────

-- One row per text and extractor version: what was extracted already is not extracted again.
create table core.extraction (
    text_id           varchar not null,
    file_name         varchar,           -- under which a grid was read: its name may state place and period
    extractor_version varchar not null,
    statements        integer not null,
    rejections        integer not null
);

-- Likewise for normalisation: one row per text, with the code, the vocabulary and the document that made its facts.
create table core.normalisation (
    text_id            varchar not null,
    document_id        varchar not null,
    ref_area           varchar,           -- the document's own place, resolved; null where it could not be
    place_evidence     varchar,           -- what the place was resolved from, or why it was not
    document_state     varchar,           -- hash of what the document told: place, date, caveats, since when known
    normaliser_version varchar not null
);

create table core.statement (
    statement_id      varchar not null,  -- hash of text_id and anchor
    text_id           varchar not null,
    span_start        integer,
    span_end          integer,
    sheet             varchar,
    cell              varchar,
    header_path       varchar,           -- outermost first, separated by ' / '
    quote             varchar not null,
    sentence          varchar,
    sentence_start    integer,           -- code point of the sentence in the text: span_start - sentence_start cuts it
    kind              varchar not null,
    subject_type      varchar not null,
    subject           varchar,
    indicator         varchar,
    measure           varchar not null,
    value             decimal(38, 10) not null,
    value_high        decimal(38, 10),
    unit              varchar,
    comparator        varchar not null,
    time_period       varchar,
    scope             varchar,
    modality_zh       varchar,
    aspect            varchar,
    base              varchar,
    price_base        varchar,
    extractor_version varchar not null
);

create table core.rejection (
    text_id           varchar not null,
    span_start        integer,
    span_end          integer,
    sheet             varchar,
    cell              varchar,
    quote             varchar not null,
    reason            varchar not null,
    extractor_version varchar not null
);

create table core.fact (
    fact_id         varchar not null,    -- hash of document-independent statement and its resolved key
    statement_id    varchar not null,
    document_id     varchar not null,
    ref_area        varchar not null,
    indicator_id    varchar not null,
    breakdown       varchar not null,    -- dim=code;dim=code, `_T` for the total
    measure         varchar not null,
    base            varchar,
    freq            varchar not null,    -- A, S, Q, M, or P for another span of years or months
    time_period     varchar not null,
    period_start    date not null,
    period_end      date not null,
    aspect          varchar,
    price_base      varchar,
    scope           varchar,
    subject_type    varchar not null,
    obs_value       decimal(38, 10) not null,
    obs_value_high  decimal(38, 10),
    unit_measure    varchar,             -- canonical unit; null for a rank
    value_text      varchar not null,    -- as printed
    decimals        integer not null,    -- printed decimals
    precision_value decimal(38, 10) not null,  -- one unit of the last printed digit, in unit_measure
    comparator      varchar not null,
    obs_status      varchar not null,    -- SDMX: A normal, P provisional, E estimated, F forecast …
    published_on    date,
    known_from      timestamp not null,  -- when its text first arrived, in whatever document
    known_to        timestamp,           -- when the last document with this text was superseded; null while it stands
    caveat_codes    varchar              -- sorted, separated by ';'
);

create table core.target (
    fact_id         varchar not null,
    statement_id    varchar not null,
    document_id     varchar not null,
    ref_area        varchar not null,
    indicator_id    varchar not null,
    breakdown       varchar not null,
    measure         varchar not null,
    base            varchar,
    freq            varchar not null,
    time_period     varchar not null,    -- the period in which, or by whose end, it falls due
    period_start    date not null,
    period_end      date not null,
    aspect          varchar,
    price_base      varchar,
    scope           varchar,
    subject_type    varchar not null,
    obs_value       decimal(38, 10) not null,
    obs_value_high  decimal(38, 10),
    unit_measure    varchar,
    value_text      varchar not null,
    decimals        integer not null,
    precision_value decimal(38, 10) not null,
    comparator      varchar not null,
    modality        varchar not null,    -- ensure, strive, expect, plan, maintain, none
    modality_zh     varchar,
    nature          varchar not null,    -- binding, expected, unstated
    obs_status      varchar not null,
    published_on    date,
    known_from      timestamp not null,  -- when its text first arrived, in whatever document
    known_to        timestamp,           -- when the last document with this text was superseded; null while it stands
    caveat_codes    varchar
);

create table core.project (
    statement_id varchar not null,
    document_id  varchar not null,
    ref_area     varchar,
    subject      varchar,
    indicator    varchar,
    kind         varchar not null,
    measure      varchar not null,
    time_period  varchar,
    obs_value    decimal(38, 10) not null,
    unit_measure varchar,
    value_text   varchar not null,
    comparator   varchar not null
);

-- A statement that became neither fact, target nor project figure, and why. Every statement is in exactly one of
-- fact, target, project, unresolved, per document.
create table core.unresolved (
    statement_id varchar not null,
    document_id  varchar not null,
    reason       varchar not null,       -- unknown_indicator, unknown_place, unit_conflict, no_period, …
    detail       varchar not null,
    candidates   varchar
);

-- A fact or target that a critical row-level rule refused: kept here with the rule's name, absent from the marts.
create table core.withheld (
    fact_id  varchar not null,
    relation varchar not null,           -- core.fact, core.target
    rule     varchar not null,
    detail   varchar not null
);

-- A caveat that a warning rule put on a row: the marts carry it beside the row's own.
create table core.caveat (
    fact_id     varchar not null,
    caveat_code varchar not null,
    rule        varchar not null,
    detail      varchar not null,
    other_id    varchar                  -- the other side of a contradiction
);

-- Facts and targets together, in the columns that they share: what the checks on both look at.
create view core.figure as
select 'core.fact' as relation, *
from core.fact
union all by name
select 'core.target' as relation, * exclude (modality, modality_zh, nature)
from core.target;

-- What no critical rule withheld, as believed now: what the rules across rows compare.
create view core.admitted_fact as
select *
from core.fact
where known_to is null and fact_id not in (select fact_id from core.withheld where relation = 'core.fact');

create view core.admitted_target as
select *
from core.target
where known_to is null and fact_id not in (select fact_id from core.withheld where relation = 'core.target');

-- The bounds that a level must keep, from expectations/plausible_ranges.csv: rebuilt by each validation.
create table core.plausible_range (
    indicator_id varchar not null,       -- or * for every indicator without a row of its own
    unit_measure varchar not null,
    area_level   varchar not null,       -- or * for every level without a row of its own
    lowest       decimal(38, 10),
    highest      decimal(38, 10),
    reason       varchar not null
);

create table core.place (
    ref_area    varchar not null,
    area_level  varchar not null,        -- province, prefecture, county, township, zone
    name_zh     varchar not null,
    short_name  varchar,
    parent      varchar,
    nbs_code    varchar,
    valid_from  date,
    valid_to    date
);

create table core.place_succession (
    ref_area    varchar not null,
    successor   varchar not null,
    changed_on  date,
    change_kind varchar
);

create table core.indicator (
    indicator_id         varchar not null,
    name_zh              varchar not null,
    name_en              varchar not null,
    theme                varchar not null,
    unit_measure         varchar not null,
    kind                 varchar not null,     -- flow, stock, rate, rank …
    direction            varchar not null,     -- higher is better, lower is better, neutral
    additive_across_towns boolean not null,
    definition_zh        varchar,
    definition_en        varchar not null
);

-- One row: what core.place, core.place_succession, core.indicator and core.unit were loaded from.
create table core.vocabulary (content_hash varchar not null);

create table core.unit (
    spelling     varchar not null,
    unit_measure varchar not null,
    dimension    varchar not null,
    multiplier   decimal(38, 18) not null
);

-- ── ops: what was done ─────────────────────────────────────────────────────────────────────────────────────────

create table ops.run (
    run_id       varchar not null,
    started_at   timestamp not null,
    ended_at     timestamp,
    outcome      varchar,                -- done, done_with_faults, held, failed
    release_id   varchar,
    code_version varchar not null,
    summary      varchar                 -- JSON
);

create table ops.check_result (
    run_id        varchar not null,
    suite         varchar not null,
    expectation   varchar not null,
    target        varchar not null,      -- the column, or the relation
    severity      varchar not null,      -- critical, warning, info
    success       boolean not null,      -- no more bad rows than the limit allows
    outcome       varchar not null,      -- passed, reported, caveat, withheld, held
    observed      varchar,
    row_limit     varchar,
    rows_checked  bigint,
    rows_failed   bigint,
    note_zh       varchar,
    note_en       varchar,
    samples       varchar                -- JSON: the first twenty bad rows: row_id, detail, other_id, document, quote
);

create table ops.quarantine (
    quarantine_id varchar not null,      -- content sha256, else sha256 of source and name
    source_name   varchar not null,
    uri           varchar not null,
    reason        varchar not null,
    detail        varchar not null,
    remedy        varchar not null,
    size_bytes    bigint,
    gone          boolean not null default false  -- removed or replaced since: no fault of the last night
);

create table ops.review_item (
    review_id    varchar not null,       -- hash of kind and subject
    kind         varchar not null,       -- unknown_indicator, unknown_place, unknown_unit, sheet_block, contradiction
    subject      varchar not null,
    waiting      integer not null,       -- figures that wait on the answer
    example      varchar,
    candidates   varchar,
    status       varchar not null        -- open, accepted, rejected
);
