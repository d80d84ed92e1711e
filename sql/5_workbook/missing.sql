-- One row per thing that is missing, refused or doubtful: themes without a figure, pairs that cannot both be right,
-- documents refused or with figures unresolved.
with
listed as (
    select
        '存疑' as kind_zh,
        found.finding_zh as finding_zh,
        found.severity_zh,
        found.name_zh,
        found.ref_area,
        found.indicator_zh as subject_zh,
        found.time_period,
        found.quote,
        found.document_title,
        found.other_quote,
        found.other_document_title,
        found.deviation,
        unit.label_zh as deviation_unit,
        found.fact_id,
        found.other_fact_id,
    from marts.discrepancy as found
    left join core.code_label as unit on unit.slot = 'deviation_unit' and unit.code = found.deviation_unit
    union all by name
    select
        '缺报' as kind_zh,
        covered.coverage_status_zh as finding_zh,
        covered.name_zh,
        covered.ref_area,
        coalesce(theme.label_zh, covered.theme) as subject_zh,
        covered.time_period,
    from marts.coverage as covered
    left join core.code_label as theme on theme.slot = 'theme' and theme.code = covered.theme
    where covered.coverage_status <> 'known'
    union all by name
    select
        '文件' as kind_zh,
        case
            when document.ingest_status = 'quarantined' then '隔离：' || coalesce(document.warnings, '')
            else '未决 ' || document.n_unresolved || ' 条'
        end as finding_zh,
        document.name_zh,
        document.ref_area,
        document.file_name as subject_zh,
        document.reporting_period as time_period,
        document.document_title,
    from marts.document as document
    where document.ingest_status = 'quarantined' or document.n_unresolved > 0
)

select
    kind_zh,
    finding_zh,
    severity_zh,
    name_zh,
    ref_area,
    subject_zh,
    time_period,
    quote,
    document_title,
    other_quote,
    other_document_title,
    deviation,
    deviation_unit,
    fact_id,
    other_fact_id,
from listed
order by all
