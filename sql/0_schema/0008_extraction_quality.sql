-- What extraction was measured at on annotated documents, from expectations/extraction_quality.csv: rebuilt by each
-- validation.

create table core.extraction_quality (
    extractor_version  varchar not null,
    normaliser_version varchar not null,
    theme              varchar not null,     -- of the catalogue, or no_indicator
    slot               varchar not null,     -- located, strict, or a slot of the annotation guide
    n_documents        integer not null,     -- annotated ones that state the family
    n_gold             integer not null,     -- annotated statements
    n_found            integer not null,     -- extracted ones
    n_right            integer not null,     -- of these, those as annotated
    measured_on        date not null
);
