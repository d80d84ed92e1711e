-- One row per finding: two figures that cannot both be right, with both quotes and a severity.
-- Severity `warning` stands for a deviation of more than 1 % of the preferred value, 1 percentage point of growth or of
-- shares, 1 place of a rank, or any power of ten; `info` below, and for figures that are probably of different scope.
with
found as (
    select
        *,
        case
            when finding = 'other_scope' then 'info'
            when deviation is null or deviation > 1 or finding = 'magnitude_slip' then 'warning'
            else 'info'
        end as severity,
    from core.finding
)

select
    cast(
        left(sha256(found.finding || '|' || found.fact_id || '|' || found.other_fact_id), 16) as varchar
    ) as finding_id,
    cast(found.finding as varchar) as finding,
    cast(finding.label_zh as varchar) as finding_zh,
    cast(found.severity as varchar) as severity,
    cast(severity.label_zh as varchar) as severity_zh,
    cast(fact.ref_area as varchar) as ref_area,
    cast(place.name_zh as varchar) as name_zh,
    cast(place.parent as varchar) as parent,
    cast(place.parent_name_zh as varchar) as parent_name_zh,
    cast(fact.indicator_id as varchar) as indicator_id,
    cast(indicator.name_zh as varchar) as indicator_zh,
    cast(indicator.name_en as varchar) as indicator_en,
    cast(fact.measure as varchar) as measure,
    cast(measure.label_zh as varchar) as measure_zh,
    cast(fact.time_period as varchar) as time_period,
    cast(found.value as double) as finding_value,
    cast(found.other_value as double) as other_value,
    cast(found.deviation as double) as deviation,
    cast(found.deviation_unit as varchar) as deviation_unit,
    cast(fact.fact_id as varchar) as fact_id,
    cast(fact.quote as varchar) as quote,
    cast(fact_statement.sentence as varchar) as sentence,
    cast(fact.document_id as varchar) as document_id,
    cast(fact.document_title as varchar) as document_title,
    cast(fact.published_on as date) as published_on,
    cast(other.fact_id as varchar) as other_fact_id,
    cast(other.quote as varchar) as other_quote,
    cast(other_statement.sentence as varchar) as other_sentence,
    cast(other.document_id as varchar) as other_document_id,
    cast(other.document_title as varchar) as other_document_title,
    cast(other.published_on as date) as other_published_on,
from found
inner join core.published_fact as fact on fact.fact_id = found.fact_id
inner join core.published_fact as other on other.fact_id = found.other_fact_id
inner join core.statement as fact_statement on fact_statement.statement_id = fact.statement_id
inner join core.statement as other_statement on other_statement.statement_id = other.statement_id
left join core.current_place as place on place.ref_area = fact.ref_area
left join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
left join core.code_label as finding on finding.slot = 'finding' and finding.code = found.finding
left join core.code_label as severity on severity.slot = 'severity' and severity.code = found.severity
left join core.code_label as measure on measure.slot = 'measure' and measure.code = fact.measure
