-- relation: core.admitted_fact
-- severity: warning
-- caveat: contradicted
-- note_zh: 同一指标同一时期在别处另有不同数值。
-- note_en: Another statement gives a different value for the same; both are published, neither is proved.
-- Values differ when they are at least one unit of the coarser last printed digit apart: 53亿 and 52.8亿 agree.
with
stated as (
    select *
    from core.admitted_fact
    where comparator = 'eq'
    window same_thing as (
        partition by
            ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope, subject_type,
            unit_measure
    )
    qualify min(obs_value) over same_thing <> max(obs_value) over same_thing
)

select
    fact.fact_id,
    fact.value_text || ' here, ' || other.value_text || ' there' as detail,
    other.fact_id as other_id,
from stated as fact
inner join stated as other
    on other.ref_area = fact.ref_area
    and other.indicator_id = fact.indicator_id
    and other.breakdown = fact.breakdown
    and other.measure = fact.measure
    and other.time_period = fact.time_period
    and other.base is not distinct from fact.base
    and other.aspect is not distinct from fact.aspect
    and other.price_base is not distinct from fact.price_base
    and other.scope is not distinct from fact.scope
    and other.subject_type = fact.subject_type
    and other.unit_measure is not distinct from fact.unit_measure
    and other.statement_id <> fact.statement_id
where abs(fact.obs_value - other.obs_value) >= greatest(fact.precision_value, other.precision_value)
