-- Corrections: what a curator's file says of published figures, and what became of it in the last night.

-- One row per correction and figure that it changed; one without a figure (`applied` false) per correction that fits
-- no more. Rewritten each night from the file.
create table ops.correction (
    correction_id varchar not null,      -- hash of the record
    statement_id  varchar,               -- null where it was not applied
    text_id       varchar,               -- likewise
    document      varchar not null,      -- as the record names it
    target        varchar not null,      -- Sheet!B5, the start in the text, or the sentence's beginning
    quote         varchar not null,      -- as it is expected in the source
    action        varchar not null,      -- replace, withdraw
    was           varchar,               -- what was read: value 553300000000 元; period 2023
    became        varchar,               -- what stands for it now; null where the figure was withdrawn
    reason        varchar not null,
    source        varchar not null,      -- where the right figure stands
    applied       boolean not null,
    detail        varchar                -- why it was not applied
);
