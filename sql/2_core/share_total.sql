-- One row per place, period and document whose three shares of GDP (三次产业占比) do not add to 100, whatever their
-- rounding: the first and the last of them, and their sum.
-- materialised
with
share as (
    select *
    from core.observation
    where
        kind = 'fact'
        and indicator_id in ('share_primary', 'share_secondary', 'share_tertiary')
        and breakdown = '_T'
        and measure = 'share'
        and comparator = 'eq'
        and subject_type = 'area'
        and unit_measure = '%'
),

-- Of a document that states one of them twice, the three that come nearest count.
summed as (
    select
        first_share.fact_id,
        last_share.fact_id as other_fact_id,
        first_share.value_text,
        middle_share.value_text as middle_text,
        last_share.value_text as other_text,
        first_share.obs_value + middle_share.obs_value + last_share.obs_value as total,
        (first_share.precision_value + middle_share.precision_value + last_share.precision_value) / 2 as rounding,
        first_share.document_id,
        first_share.ref_area,
        first_share.time_period,
    from share as first_share
    inner join share as middle_share
        on middle_share.indicator_id = 'share_secondary'
        and middle_share.document_id = first_share.document_id
        and middle_share.ref_area = first_share.ref_area
        and middle_share.time_period = first_share.time_period
    inner join share as last_share
        on last_share.indicator_id = 'share_tertiary'
        and last_share.document_id = first_share.document_id
        and last_share.ref_area = first_share.ref_area
        and last_share.time_period = first_share.time_period
    where first_share.indicator_id = 'share_primary'
    qualify row_number() over (
        partition by first_share.document_id, first_share.ref_area, first_share.time_period
        order by
            abs(first_share.obs_value + middle_share.obs_value + last_share.obs_value - 100),
            first_share.fact_id,
            middle_share.fact_id,
            last_share.fact_id
    ) = 1
)

select
    fact_id,
    other_fact_id,
    value_text,
    middle_text,
    other_text,
    cast(total as double) as total,
from summed
where abs(total - 100) > rounding
