-- One row per place, theme and year on which some document of or about the place reports or plans: how many figures
-- are known, promised and refused, and `status`: known, promised, refused or absent.
with
counted as (
    select
        observed.ref_area,
        indicator.theme,
        observed.time_period,
        count(*) filter (where observed.kind = 'fact') as n_facts,
        count(*) filter (where observed.kind = 'target') as n_targets,
    from core.published_observation as observed
    inner join core.indicator as indicator on indicator.indicator_id = observed.indicator_id
    where observed.freq = 'A'
    group by observed.ref_area, indicator.theme, observed.time_period
),

withheld_row as (
    select fact.ref_area, fact.indicator_id, fact.time_period
    from core.withheld as withheld
    inner join core.fact as fact on fact.fact_id = withheld.fact_id
    where withheld.relation = 'core.fact' and fact.freq = 'A' and fact.known_to is null
    union all
    select target.ref_area, target.indicator_id, target.time_period
    from core.withheld as withheld
    inner join core.target as target on target.fact_id = withheld.fact_id
    where withheld.relation = 'core.target' and target.freq = 'A' and target.known_to is null
),

refused as (
    select
        withheld_row.ref_area,
        indicator.theme,
        withheld_row.time_period,
        count(*) as n_withheld,
    from withheld_row
    inner join core.indicator as indicator on indicator.indicator_id = withheld_row.indicator_id
    group by withheld_row.ref_area, indicator.theme, withheld_row.time_period
),

expected as (
    select
        reported.ref_area,
        theme.theme,
        reported.time_period,
    from core.reported_period as reported
    cross join (select distinct theme from core.indicator) as theme
    where regexp_full_match(reported.time_period, '\d{4}')
    union
    select ref_area, theme, time_period from counted
    union
    select ref_area, theme, time_period from refused
),

judged as (
    select
        expected.ref_area,
        expected.theme,
        expected.time_period,
        coalesce(counted.n_facts, 0) as n_facts,
        coalesce(counted.n_targets, 0) as n_targets,
        coalesce(refused.n_withheld, 0) as n_withheld,
        case
            when counted.n_facts > 0 then 'known'
            when counted.n_targets > 0 then 'promised'
            when refused.n_withheld > 0 then 'refused'
            else 'absent'
        end as coverage_status,
    from expected
    left join counted
        on counted.ref_area = expected.ref_area
        and counted.theme = expected.theme
        and counted.time_period = expected.time_period
    left join refused
        on refused.ref_area = expected.ref_area
        and refused.theme = expected.theme
        and refused.time_period = expected.time_period
)

select
    cast(judged.ref_area as varchar) as ref_area,
    cast(place.name_zh as varchar) as name_zh,
    cast(place.area_level as varchar) as area_level,
    cast(place.parent as varchar) as parent,
    cast(judged.theme as varchar) as theme,
    cast(judged.time_period as varchar) as time_period,
    cast(judged.n_facts as integer) as n_facts,
    cast(judged.n_targets as integer) as n_targets,
    cast(judged.n_withheld as integer) as n_withheld,
    cast(judged.coverage_status as varchar) as coverage_status,
    cast(coverage_status.label_zh as varchar) as coverage_status_zh,
from judged
left join core.current_place as place on place.ref_area = judged.ref_area
left join core.code_label as coverage_status on coverage_status.slot = 'coverage_status' and coverage_status.code = judged.coverage_status
