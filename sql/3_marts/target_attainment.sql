-- One row per published target: what was promised, what came of it, and both sentences.
with
lit as (
    select
        *,
        case
            when status in ('met', 'exceeded') then 'green'
            when status <> 'missed' then 'grey'
            when measure = 'rank' then 'red'
            when
                is_ceiling
                and actual_value > 0
                and cast(coalesce(obs_value_high, obs_value) as double) / cast(actual_value as double) >= 0.95
                then 'yellow'
            when (not is_ceiling or obs_value < 0) and attainment_ratio >= 0.95 then 'yellow'
            else 'red'
        end as light,
    from core.attainment
)

select
    cast(lit.fact_id as varchar) as fact_id,
    cast(lit.ref_area as varchar) as ref_area,
    cast(place.name_zh as varchar) as name_zh,
    cast(place.area_level as varchar) as area_level,
    cast(place.parent as varchar) as parent,
    cast(place.parent_name_zh as varchar) as parent_name_zh,
    cast(place.province as varchar) as province,
    cast(place.province_name_zh as varchar) as province_name_zh,
    cast(lit.indicator_id as varchar) as indicator_id,
    cast(indicator.name_zh as varchar) as indicator_zh,
    cast(indicator.name_en as varchar) as indicator_en,
    cast(indicator.theme as varchar) as theme,
    cast(indicator.direction as varchar) as direction,
    cast(lit.breakdown as varchar) as breakdown,
    cast(lit.measure as varchar) as measure,
    cast(measure.label_zh as varchar) as measure_zh,
    cast(lit.base as varchar) as base,
    cast(lit.freq as varchar) as freq,
    cast(lit.time_period as varchar) as time_period,
    cast(lit.aspect as varchar) as aspect,
    cast(lit.price_base as varchar) as price_base,
    cast(lit.scope as varchar) as scope,
    cast(lit.published_value as decimal(18, 4)) as obs_value,
    cast(lit.published_value_high as decimal(18, 4)) as obs_value_high,
    cast(lit.published_unit as varchar) as unit_measure,
    cast(unit.unit_zh as varchar) as unit_zh,
    cast(lit.comparator as varchar) as comparator,
    cast(comparator.label_zh as varchar) as comparator_zh,
    cast(lit.modality as varchar) as modality,
    cast(lit.modality_zh as varchar) as modality_zh,
    cast(lit.nature as varchar) as nature,
    cast(lit.value_text as varchar) as value_text,
    cast(lit.is_preferred as boolean) as is_preferred,
    cast(lit.status as varchar) as status,
    cast(status.label_zh as varchar) as status_zh,
    cast(lit.reason as varchar) as reason,
    cast(reason.label_zh as varchar) as reason_zh,
    cast(lit.light as varchar) as light,
    cast(coalesce(light.label_zh, status.label_zh) as varchar) as light_zh,
    cast(lit.actual_published_value as decimal(18, 4)) as actual_value,
    cast(lit.actual_published_value_high as decimal(18, 4)) as actual_value_high,
    cast(lit.actual_published_unit as varchar) as actual_unit_measure,
    cast(lit.actual_comparator as varchar) as actual_comparator,
    cast(lit.actual_value_text as varchar) as actual_value_text,
    cast(lit.actual_time_period as varchar) as actual_time_period,
    cast(lit.attainment_ratio as double) as attainment_ratio,
    cast(lit.gap as decimal(18, 4)) as gap,
    cast(lit.first_published_value as decimal(18, 4)) as first_value,
    cast(lit.first_value_text as varchar) as first_value_text,
    cast(lit.first_published_on as date) as first_published_on,
    cast(lit.first_status as varchar) as first_status,
    cast(lit.first_attainment_ratio as double) as first_attainment_ratio,
    cast(lit.first_gap as decimal(18, 4)) as first_gap,
    cast(lit.first_fact_id as varchar) as first_fact_id,
    cast(lit.elapsed_share as double) as elapsed_share,
    cast(lit.progress_value as decimal(18, 4)) as progress_value,
    cast(lit.progress_time_period as varchar) as progress_time_period,
    cast(lit.progress_ratio as double) as progress_ratio,
    cast(lit.progress_elapsed as double) as progress_elapsed,
    cast(lit.progress_fact_id as varchar) as progress_fact_id,
    cast(lit.published_on as date) as published_on,
    cast(lit.quote as varchar) as quote,
    cast(lit.sentence as varchar) as sentence,
    cast(lit.document_id as varchar) as document_id,
    cast(lit.document_title as varchar) as document_title,
    cast(lit.actual_fact_id as varchar) as actual_fact_id,
    cast(lit.actual_published_on as date) as actual_published_on,
    cast(lit.actual_quote as varchar) as actual_quote,
    cast(lit.actual_sentence as varchar) as actual_sentence,
    cast(lit.actual_document_id as varchar) as actual_document_id,
    cast(lit.actual_document_title as varchar) as actual_document_title,
    cast(lit.caveat_codes as varchar) as caveat_codes,
    cast(lit.actual_caveat_codes as varchar) as actual_caveat_codes,
from lit
left join core.current_place as place on place.ref_area = lit.ref_area
left join core.indicator as indicator on indicator.indicator_id = lit.indicator_id
left join core.unit_label as unit on unit.unit_measure = lit.published_unit
left join core.code_label as measure on measure.slot = 'measure' and measure.code = lit.measure
left join core.code_label as comparator on comparator.slot = 'comparator' and comparator.code = lit.comparator
left join core.code_label as status on status.slot = 'status' and status.code = lit.status
left join core.code_label as reason on reason.slot = 'reason' and reason.code = lit.reason
left join core.code_label as light on light.slot = 'light' and light.code = lit.light
