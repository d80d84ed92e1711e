-- relation: core.figure
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 计量单位与指标的量纲不符。
-- note_en: The unit is not of the indicator's dimension: an area in yuan, a growth rate read as an amount.
-- Currencies are one dimension, so are all counts (家, 个, 人), and so are % and ‰.
with
unit as (
    select distinct
        unit_measure,
        case
            when dimension in ('money', 'money_usd', 'money_hkd', 'money_eur') then 'money'
            when dimension = 'count' or starts_with(dimension, 'count_') then 'count'
            when dimension in ('ratio', 'ratio_permille', 'ratio_plain') then 'ratio'
            else dimension
        end as dimension,
    from core.unit
),

measured as (
    select
        figure.fact_id,
        figure.measure,
        figure.unit_measure,
        figure.value_text,
        indicator.unit_measure as indicator_unit,
        unit.dimension,
        indicator_unit.dimension as indicator_dimension,
    from core.figure as figure
    inner join core.indicator as indicator on indicator.indicator_id = figure.indicator_id
    left join unit on unit.unit_measure = figure.unit_measure
    left join unit as indicator_unit on indicator_unit.unit_measure = indicator.unit_measure
)

select
    fact_id,
    measure || ' ' || value_text || ' in ' || coalesce(unit_measure, 'no unit') || ', the indicator is in '
    || indicator_unit as detail,
    null::varchar as other_id,
from measured
where
    not case measure
        when 'level' then coalesce(dimension = indicator_dimension, false)
        when 'change' then coalesce(dimension in (indicator_dimension, 'ratio', 'ratio_point'), false)
        when 'growth' then coalesce(unit_measure = '%', false)
        when 'share' then coalesce(unit_measure in ('%', '‰'), false)
        when 'completion' then coalesce(unit_measure = '%', false)
        when 'index' then coalesce(dimension = 'ratio', true)
        when 'rank' then coalesce(dimension = 'rank', true)
        else true
    end
