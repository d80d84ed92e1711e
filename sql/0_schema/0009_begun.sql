-- One row from before anything is normalised until the questions about it are written: where a night finds it, the one
-- before was ended in between.

create table core.normalisation_begun (normaliser_version varchar not null);
