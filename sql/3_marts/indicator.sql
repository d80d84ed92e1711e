-- One row per indicator of the catalogue: what it means, its unit, and how many figures of it are published.
with
counted as (
    select
        indicator_id,
        count(*) filter (where kind = 'fact') as n_facts,
        count(*) filter (where kind = 'target') as n_targets,
        count(distinct ref_area) as n_places,
    from core.published_observation
    group by indicator_id
)

select
    cast(indicator.indicator_id as varchar) as indicator_id,
    cast(indicator.name_zh as varchar) as indicator_zh,
    cast(indicator.name_en as varchar) as indicator_en,
    cast(indicator.theme as varchar) as theme,
    cast(indicator.unit_measure as varchar) as unit_measure,
    cast(unit.unit_zh as varchar) as unit_zh,
    cast(indicator.kind as varchar) as indicator_kind,
    cast(indicator.direction as varchar) as direction,
    cast(indicator.additive_across_towns as boolean) as additive_across_towns,
    cast(indicator.definition_en as varchar) as definition_en,
    cast(coalesce(counted.n_facts, 0) as integer) as n_facts,
    cast(coalesce(counted.n_targets, 0) as integer) as n_targets,
    cast(coalesce(counted.n_places, 0) as integer) as n_places_stating,
from core.indicator as indicator
left join core.unit_label as unit on unit.unit_measure = indicator.unit_measure
left join counted on counted.indicator_id = indicator.indicator_id
