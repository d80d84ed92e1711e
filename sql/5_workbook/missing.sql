-- One row per thing that is missing, refused or doubtful: themes without a figure, pairs that cannot both be right,
-- documents refused or with figures unresolved.
with
theme_label as (
    select * from (values
        ('economy', '经济'),
        ('fiscal', '财政'),
        ('agriculture', '农业'),
        ('population', '人口'),
        ('transport', '交通'),
        ('housing', '住房城建'),
        ('environment', '环境'),
        ('industry', '工业'),
        ('science', '科技'),
        ('education', '教育'),
        ('investment', '投资'),
        ('social', '社会保障'),
        ('governance', '治理'),
        ('rural', '乡村'),
        ('enterprise', '企业'),
        ('culture', '文旅'),
        ('employment', '就业'),
        ('finance', '金融'),
        ('energy', '能源'),
        ('foreign', '外经'),
        ('health', '卫生'),
        ('income', '收入'),
        ('safety', '安全'),
        ('trade', '商贸'),
        ('land', '土地')
    ) as label (theme, label_zh)
),

deviation_label as (
    select * from (values
        ('percentage points', '个百分点'),
        ('percent of the preferred value', '%（占采用值）'),
        ('percent of the whole', '%（占总体）'),
        ('places', '位'),
        ('powers of ten', '个数量级')
    ) as label (deviation_unit, label_zh)
),

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
    left join deviation_label as unit on unit.deviation_unit = found.deviation_unit
    union all by name
    select
        '缺报' as kind_zh,
        covered.coverage_status_zh as finding_zh,
        covered.name_zh,
        covered.ref_area,
        coalesce(theme.label_zh, covered.theme) as subject_zh,
        covered.time_period,
    from marts.coverage as covered
    left join theme_label as theme on theme.theme = covered.theme
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
