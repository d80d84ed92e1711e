-- relation: core.admitted_fact
-- severity: warning
-- caveat: part_exceeds_whole
-- note_zh: 部分大于总体（分项大于合计、乡镇大于所属县）。
-- note_en: A part is larger than its whole: a component than its total, a breakdown than all, a township than its county.
-- Where the whole is contested, the part has to fit one of its values.
with
component (part, whole) as (
    values
    ('tax_revenue', 'general_budget_revenue'),
    ('general_budget_revenue', 'total_fiscal_revenue'),
    ('livelihood_expenditure', 'general_budget_expenditure'),
    ('va_primary', 'gdp'),
    ('va_secondary', 'gdp'),
    ('va_tertiary', 'gdp'),
    ('va_industry', 'va_secondary'),
    ('va_construction', 'va_secondary'),
    ('exports', 'trade_total'),
    ('imports', 'trade_total'),
    ('deposits_household', 'deposits_total'),
    ('urban_population', 'resident_population'),
    ('rural_population', 'resident_population'),
    ('grain_area', 'sown_area'),
    ('wheat_area', 'grain_area'),
    ('maize_area', 'grain_area'),
    ('wheat_output', 'grain_output'),
    ('maize_output', 'grain_output'),
    ('rice_output', 'grain_output'),
    ('basic_farmland', 'arable_area')
),

place as (
    select
        ref_area,
        any_value(parent order by valid_to desc nulls first) as parent,
        any_value(area_level order by valid_to desc nulls first) as area_level,
    from core.place
    group by ref_area
),

level as materialized (
    select
        fact.*,
        place.parent,
        place.area_level,
        indicator.kind,
        indicator.additive_across_towns,
    from core.admitted_fact as fact
    inner join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
    inner join place on place.ref_area = fact.ref_area
    where fact.measure = 'level' and fact.comparator = 'eq' and fact.subject_type = 'area'
),

-- Each part with the key of its whole.
part as (
    select
        level.*,
        level.ref_area as whole_area,
        component.whole as whole_indicator,
        level.breakdown as whole_breakdown,
    from level
    inner join component on component.part = level.indicator_id
    union all
    select
        *,
        ref_area as whole_area,
        indicator_id as whole_indicator,
        '_T' as whole_breakdown,
    from level
    where breakdown <> '_T' and kind <> 'rate'
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
        part.fact_id as part_id,
        whole.fact_id as whole_id,
        part.value_text as part_text,
        whole.value_text as whole_text,
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
    qualify
        bool_and(part.obs_value - part.precision_value > whole.obs_value + whole.precision_value)
        over (partition by part.fact_id, part.whole_area, part.whole_indicator, part.whole_breakdown)
)

select part_id as fact_id, part_text || ' is more than the whole, ' || whole_text as detail, whole_id as other_id
from exceeding
union
select whole_id as fact_id, whole_text || ' is less than a part, ' || part_text as detail, part_id as other_id
from exceeding
