-- The curator's aliases with which the facts were made: a night compares them with those that it finds, and normalises
-- anew only the texts that a difference may concern.

create table core.alias_in_effect (
    alias        varchar not null,
    indicator_id varchar not null,
    breakdown    varchar                 -- null where the alias names the whole
);
