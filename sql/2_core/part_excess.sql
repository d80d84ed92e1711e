-- One row per preferred figure and whole that it exceeds: a component its total, a breakdown the total of all, a
-- township its county. What is counted otherwise (户 beside 个), another concept (业务总量 beside 业务收入) or another
-- action (开工, 竣工) is no part. Where the whole is contested, the part has to fit one of its values; shown is the
-- preferred one.
with
level as (
    select
        observation.*,
        place.parent,
        place.area_level,
        indicator.kind as indicator_kind,
        indicator.additive_across_towns,
    from core.observation as observation
    inner join core.indicator as indicator on indicator.indicator_id = observation.indicator_id
    inner join core.current_place as place on place.ref_area = observation.ref_area
    where
        observation.kind = 'fact'
        and observation.measure = 'level'
        and observation.comparator = 'eq'
        and observation.subject_type = 'area'
),

-- Each part with the key of its whole.
part as (
    select
        level.*,
        level.ref_area as whole_area,
        component.whole as whole_indicator,
        level.breakdown as whole_breakdown,
    from level
    inner join core.component as component on component.part = level.indicator_id
    union all
    select
        *,
        ref_area as whole_area,
        indicator_id as whole_indicator,
        '_T' as whole_breakdown,
    from level
    where
        breakdown <> '_T'
        and indicator_kind <> 'rate'
        and not regexp_matches(breakdown, '(^|;)(action|concept|counted)=')
    union all
    select
        *,
        parent as whole_area,
        indicator_id as whole_indicator,
        breakdown as whole_breakdown,
    from level
    where area_level = 'township' and additive_across_towns
),

exceeding as (
    select
        part.fact_id,
        whole.fact_id as whole_fact_id,
        part.value_text,
        whole.value_text as whole_text,
        cast(part.obs_value as double) as value,
        cast(whole.obs_value as double) as whole_value,
        part.whole_area,
        part.whole_indicator,
        part.whole_breakdown,
        whole.preference,
    from part
    inner join level as whole
        on whole.ref_area = part.whole_area
        and whole.indicator_id = part.whole_indicator
        and whole.breakdown = part.whole_breakdown
        and whole.time_period = part.time_period
        and whole.unit_measure = part.unit_measure
        and whole.aspect is not distinct from part.aspect
        and whole.scope is not distinct from part.scope
        and whole.price_base is not distinct from part.price_base
    where part.is_preferred
    qualify
        bool_and(part.obs_value - part.precision_value > whole.obs_value + whole.precision_value)
        over (partition by part.fact_id, part.whole_area, part.whole_indicator, part.whole_breakdown)
)

select
    fact_id,
    whole_fact_id,
    value_text,
    whole_text,
    value,
    whole_value,
from exceeding
qualify row_number() over (
    partition by fact_id, whole_area, whole_indicator, whole_breakdown order by preference, whole_fact_id
) = 1
