-- One row per family of indicators, slot and version of the extractor of texts: precision and recall on the annotated
-- documents. Null where the version was not measured, or the annotated documents state nothing of the family.
with
in_use as (
    select distinct extraction.extractor_version, normalisation.normaliser_version
    from core.extraction as extraction
    inner join core.normalisation as normalisation on normalisation.text_id = extraction.text_id
    where extraction.file_name is null -- a grid is read by templates, of which nothing is annotated
),

version as (
    select extractor_version from in_use
    union
    select extractor_version from core.extraction_quality
),

family as (
    select theme from core.indicator
    union
    select 'no_indicator' as theme
    union
    select theme from core.extraction_quality
),

-- Ids are the normaliser's: what was measured with another one says nothing of them.
valid as (
    select measured.*
    from core.extraction_quality as measured
    where not (
        measured.slot = 'indicator_id'
        and exists (
            from in_use
            where in_use.extractor_version = measured.extractor_version
                and in_use.normaliser_version <> measured.normaliser_version
        )
    )
)

select
    cast(version.extractor_version as varchar) as extractor_version,
    cast(version.extractor_version in (select extractor_version from in_use) as boolean) as is_in_use,
    cast(family.theme as varchar) as theme,
    cast(label.code as varchar) as slot,
    cast(label.label_zh as varchar) as slot_zh,
    cast(valid.n_documents as integer) as n_documents,
    cast(valid.n_gold as integer) as n_gold,
    cast(valid.n_found as integer) as n_found,
    cast(valid.n_right as integer) as n_right,
    cast(valid.n_right / nullif(valid.n_found, 0) as double) as precision,
    cast(valid.n_right / nullif(valid.n_gold, 0) as double) as recall,
    cast(valid.measured_on as date) as measured_on,
from version
cross join family
inner join core.code_label as label on label.slot = 'slot'
left join valid
    on valid.extractor_version = version.extractor_version
    and valid.theme = family.theme
    and valid.slot = label.code
