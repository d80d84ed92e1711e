-- One row per published fact: the figure, what it is of, and the sentence or cell that states it. Rivals stay beside the
-- preferred figure (`is_preferred`).
-- in parts of core.published_fact by indicator_id
with
-- Asked for by name, as DuckDB would put all statements into the join's table: it takes the part for larger than them.
stating as (
    select *
    from core.statement
    where
        statement_id in (
            select statement_id
            from core.published_fact
            where indicator_id between getvariable('first') and getvariable('last')
        )
)

select
    cast(observed.fact_id as varchar) as fact_id,
    cast(observed.ref_area as varchar) as ref_area,
    cast(place.name_zh as varchar) as name_zh,
    cast(place.area_level as varchar) as area_level,
    cast(place.parent as varchar) as parent,
    cast(place.parent_name_zh as varchar) as parent_name_zh,
    cast(place.province as varchar) as province,
    cast(place.province_name_zh as varchar) as province_name_zh,
    cast(observed.indicator_id as varchar) as indicator_id,
    cast(indicator.name_zh as varchar) as indicator_zh,
    cast(indicator.name_en as varchar) as indicator_en,
    cast(indicator.theme as varchar) as theme,
    cast(observed.breakdown as varchar) as breakdown,
    cast(observed.measure as varchar) as measure,
    cast(measure.label_zh as varchar) as measure_zh,
    cast(observed.base as varchar) as base,
    cast(observed.freq as varchar) as freq,
    cast(observed.time_period as varchar) as time_period,
    cast(observed.period_start as date) as period_start,
    cast(observed.period_end as date) as period_end,
    cast(observed.aspect as varchar) as aspect,
    cast(observed.price_base as varchar) as price_base,
    cast(observed.scope as varchar) as scope,
    cast(observed.subject_type as varchar) as subject_type,
    cast(observed.published_value as decimal(18, 4)) as obs_value,
    cast(observed.published_value_high as decimal(18, 4)) as obs_value_high,
    cast(observed.published_unit as varchar) as unit_measure,
    cast(unit.unit_zh as varchar) as unit_zh,
    cast(observed.comparator as varchar) as comparator,
    cast(comparator.label_zh as varchar) as comparator_zh,
    cast(observed.value_text as varchar) as value_text,
    cast(observed.decimals as integer) as decimals,
    cast(observed.obs_status as varchar) as obs_status,
    cast(observed.is_preferred as boolean) as is_preferred,
    cast(observed.n_rivals as integer) as n_rivals,
    cast(rivalry.lowest as decimal(18, 4)) as rivals_low,
    cast(rivalry.highest as decimal(18, 4)) as rivals_high,
    cast(observed.caveat_codes as varchar) as caveat_codes,
    cast(observed.published_on as date) as published_on,
    cast(statement.subject as varchar) as subject_stated,
    cast(statement.indicator as varchar) as indicator_stated,
    cast(statement.quote as varchar) as quote,
    cast(statement.sentence as varchar) as sentence,
    cast(statement.sentence_start as integer) as sentence_start,
    cast(statement.span_start as integer) as span_start,
    cast(statement.span_end as integer) as span_end,
    cast(statement.sheet as varchar) as sheet,
    cast(statement.cell as varchar) as cell,
    cast(statement.header_path as varchar) as header_path,
    cast(observed.statement_id as varchar) as statement_id,
    cast(observed.document_id as varchar) as document_id,
    cast(observed.document_title as varchar) as document_title,
    cast(observed.doc_type as varchar) as doc_type,
    cast(observed.source_name as varchar) as source_name,
from core.published_fact as observed
inner join stating as statement on statement.statement_id = observed.statement_id
left join core.current_place as place on place.ref_area = observed.ref_area
left join core.indicator as indicator on indicator.indicator_id = observed.indicator_id
left join core.rivalry as rivalry
    on rivalry.figure_key = observed.figure_key and rivalry.published_unit is not distinct from observed.published_unit
left join core.unit_label as unit on unit.unit_measure = observed.published_unit
left join core.code_label as measure on measure.slot = 'measure' and measure.code = observed.measure
left join core.code_label as comparator on comparator.slot = 'comparator' and comparator.code = observed.comparator
where observed.indicator_id between getvariable('first') and getvariable('last')
