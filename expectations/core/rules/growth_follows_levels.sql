-- relation: core.admitted_fact
-- severity: warning
-- caveat: growth_mismatch
-- note_zh: 公布的增速与两年总量推算不符，可能口径调整或基数修订。
-- note_en: Printed growth does not follow from the two printed levels, whatever their rounding: scope or base was revised, or one of the three is wrong.
-- Where levels are contested, growth has to fit one pair of them. Value added and GDP grow at constant prices while
-- their levels are at current ones, so they are left out.
with
level as (
    select *
    from core.admitted_fact
    where measure = 'level' and comparator = 'eq' and freq <> 'P' and obs_value > 0
),

growth as (
    select *
    from core.admitted_fact
    where
        measure = 'growth'
        and comparator = 'eq'
        and coalesce(base, 'year') = 'year'
        and price_base is null
        and indicator_id <> 'gdp'
        and not starts_with(indicator_id, 'va_')
),

compared as (
    select
        growth.fact_id,
        growth.value_text,
        growth.obs_value,
        growth.precision_value,
        now.fact_id as now_id,
        now.value_text as now_text,
        before.value_text as before_text,
        (now.obs_value - now.precision_value / 2)::double as now_lowest,
        (now.obs_value + now.precision_value / 2)::double as now_highest,
        (before.obs_value - before.precision_value / 2)::double as before_lowest,
        (before.obs_value + before.precision_value / 2)::double as before_highest,
    from growth
    inner join level as now
        on now.ref_area = growth.ref_area
        and now.indicator_id = growth.indicator_id
        and now.breakdown = growth.breakdown
        and now.time_period = growth.time_period
        and now.aspect is not distinct from growth.aspect
        and now.scope is not distinct from growth.scope
        and now.price_base is null
    inner join level as before
        on before.ref_area = now.ref_area
        and before.indicator_id = now.indicator_id
        and before.breakdown = now.breakdown
        and before.freq = now.freq
        and before.period_start = now.period_start - interval 1 year
        and before.aspect is not distinct from now.aspect
        and before.scope is not distinct from now.scope
        and before.unit_measure = now.unit_measure
        and before.price_base is null
),

bounded as (
    select
        *,
        (now_lowest / before_highest - 1) * 100 as lowest,
        (now_highest / before_lowest - 1) * 100 as highest,
    from compared
    where before_lowest > 0
),

judged as (
    select
        *,
        highest < (obs_value - precision_value)::double or lowest > (obs_value + precision_value)::double as is_off,
    from bounded
    qualify bool_and(is_off) over (partition by fact_id)
)

select
    fact_id,
    value_text || ' printed, ' || round(lowest, 1) || ' to ' || round(highest, 1) || ' % from ' || before_text || ' and '
    || now_text as detail,
    now_id as other_id,
from judged
qualify row_number() over (
    partition by fact_id order by abs((lowest + highest) / 2 - obs_value::double), now_id, before_text
) = 1
