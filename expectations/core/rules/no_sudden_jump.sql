-- relation: core.admitted_fact
-- severity: warning
-- caveat: jump
-- note_zh: 与上年相比差十倍以上，多半是单位之误或口径不同。
-- note_en: Ten times the year before, or a tenth of it; most often a slip of 万 and 亿, or another scope.
-- Where the year before is contested, every value of it must be that far off. Counts of projects and enterprises do
-- jump, so only amounts of money, people, mass, land and energy are compared. So does a difference of two amounts (net
-- migration, profit): what may fall below zero has a negative lower bound in core.plausible_range.
with
level as (
    select *
    from core.admitted_fact
    where
        measure = 'level'
        and comparator in ('eq', 'approx')
        and freq = 'A'
        and subject_type = 'area'
        and obs_value > 0
        and unit_measure in ('CNY', 'USD', 'person', 't', 'mu', 'kWh')
        and indicator_id not in (select indicator_id from core.plausible_range where lowest < 0)
),

-- The year before, each value once however often it is stated.
former as (
    select
        min(fact_id) as fact_id,
        ref_area,
        indicator_id,
        breakdown,
        unit_measure,
        period_start,
        time_period,
        aspect,
        scope,
        price_base,
        obs_value,
        value_text,
    from level
    group by all
)

select
    now.fact_id,
    now.value_text || ' after ' || before.value_text || ' in ' || before.time_period as detail,
    before.fact_id as other_id,
from level as now
inner join former as before
    on before.ref_area = now.ref_area
    and before.indicator_id = now.indicator_id
    and before.breakdown = now.breakdown
    and before.unit_measure = now.unit_measure
    and before.period_start = now.period_start - interval 1 year
    and before.aspect is not distinct from now.aspect
    and before.scope is not distinct from now.scope
    and before.price_base is not distinct from now.price_base
qualify
    bool_and(now.obs_value >= 10 * before.obs_value or before.obs_value >= 10 * now.obs_value)
    over (partition by now.fact_id)
