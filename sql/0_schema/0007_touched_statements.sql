-- The statements that a changed alias concerns and that are to be normalised anew, of texts whose other rows stay: one
-- row each, until it is done.

create table core.touched_statement (
    text_id      varchar not null,
    statement_id varchar not null
);
