-- One row per column, indicator with a figure, and caveat: what it means.
with
described as (
    select distinct
        1 as position,
        '列' as kind_zh,
        column_name as code,
        label_zh,
        label_en,
        description_zh as meaning_zh,
        description_en as meaning_en,
        unit,
    from marts.meta_column
    union all
    select
        2 as position,
        '指标' as kind_zh,
        indicator.indicator_id as code,
        indicator.indicator_zh as label_zh,
        indicator.indicator_en as label_en,
        described.definition_zh as meaning_zh,
        indicator.definition_en as meaning_en,
        indicator.unit_zh as unit,
    from marts.indicator as indicator
    left join core.indicator as described on described.indicator_id = indicator.indicator_id
    where (indicator.n_facts > 0 or indicator.n_targets > 0)
)

select kind_zh, code, label_zh, label_en, unit, meaning_zh, meaning_en
from described
order by position, code
