-- relation: core.figure
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 数量级与该级行政区不符，多半是 万 与 亿 之误。
-- note_en: No place of this level has such a value; most often 万 and 亿 were mistaken for each other.
-- The most telling row of core.plausible_range counts: the indicator's own before the unit's, the level's own before
-- that of all levels. Lower bounds hold for whole years and totals only.
with
place as (
    select
        ref_area,
        any_value(area_level order by valid_to desc nulls first) as area_level,
    from core.place
    group by ref_area
),

kind as (
    select distinct
        figure.indicator_id,
        figure.unit_measure,
        place.area_level,
    from core.figure as figure
    inner join place on place.ref_area = figure.ref_area
    where figure.measure = 'level'
),

bound as (
    select
        kind.*,
        plausible.lowest,
        plausible.highest,
    from kind
    inner join core.plausible_range as plausible
        on plausible.unit_measure = kind.unit_measure
        and plausible.indicator_id in (kind.indicator_id, '*')
        and plausible.area_level in (kind.area_level, '*')
    qualify row_number() over (
        partition by kind.indicator_id, kind.unit_measure, kind.area_level
        order by plausible.indicator_id = '*', plausible.area_level = '*'
    ) = 1
)

select
    figure.fact_id,
    value_text || ' is ' || if(figure.obs_value > bound.highest, 'above ', 'below ')
    || rtrim(rtrim(format('{:,.2f}', if(figure.obs_value > bound.highest, bound.highest, bound.lowest)::double), '0'), '.')
    || ' ' || figure.unit_measure || ' for a ' || bound.area_level as detail,
    null::varchar as other_id,
from core.figure as figure
inner join place on place.ref_area = figure.ref_area
inner join bound
    on bound.indicator_id = figure.indicator_id
    and bound.unit_measure = figure.unit_measure
    and bound.area_level = place.area_level
where
    figure.measure = 'level'
    and (
        figure.obs_value > bound.highest
        or (
            figure.obs_value < bound.lowest
            and figure.freq = 'A'
            and figure.breakdown = '_T'
            and figure.aspect is null
        )
    )
