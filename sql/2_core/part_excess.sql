-- One row per preferred figure and whole that it exceeds: a component its total, a breakdown the total of all, a
-- township its county. What is counted otherwise (户 beside 个), another concept (业务总量 beside 业务收入) or another action
-- (开工, 竣工) is no part, nor is a product that is wider than its indicator (肉蛋奶 beside 肉). Parts of a net increase
-- (净增) may be more than the whole, as others fall. Where the whole is contested, the part has to fit one of its
-- values; shown is the preferred one.
-- materialised
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
        and not contains(breakdown, 'product=meat_egg_milk')
    union all
    select
        *,
        parent as whole_area,
        indicator_id as whole_indicator,
        breakdown as whole_breakdown,
    from level
    where area_level = 'township' and additive_across_towns
),

paired as (
    select
        part.fact_id,
        part.statement_id,
        whole.fact_id as whole_fact_id,
        part.value_text,
        whole.value_text as whole_text,
        cast(part.obs_value as double) as value,
        cast(whole.obs_value as double) as whole_value,
        part.whole_area,
        part.whole_indicator,
        part.whole_breakdown,
        whole.preference,
        part.obs_value - part.precision_value > whole.obs_value + whole.precision_value as is_more,
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
),

-- Hardly any part is more than its whole, so that these few are looked up among those that fit some value.
exceeding as (
    select paired.*
    from paired
    inner join core.statement as statement on statement.statement_id = paired.statement_id
    where
        paired.is_more
        and not coalesce(
            regexp_matches(
                left(statement.sentence, statement.span_start - statement.sentence_start), '净[^，。；,;]*$'
            ),
            false
        )
)

select
    exceeding.fact_id,
    exceeding.whole_fact_id,
    exceeding.value_text,
    exceeding.whole_text,
    exceeding.value,
    exceeding.whole_value,
from exceeding
anti join (select * from paired where not is_more) as fitting
    on fitting.fact_id = exceeding.fact_id
    and fitting.whole_area = exceeding.whole_area
    and fitting.whole_indicator = exceeding.whole_indicator
    and fitting.whole_breakdown = exceeding.whole_breakdown
qualify row_number() over (
    partition by exceeding.fact_id, exceeding.whole_area, exceeding.whole_indicator, exceeding.whole_breakdown
    order by exceeding.preference, exceeding.whole_fact_id
) = 1
