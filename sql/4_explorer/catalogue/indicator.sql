-- One row per indicator of which a place states something.
select
    indicator.indicator_id,
    indicator.indicator_zh,
    indicator.indicator_en,
    indicator.theme,
    indicator.direction,
    indicator.definition_en,
    described.definition_zh,
    indicator.n_places_stating,
from marts.indicator as indicator
left join core.indicator as described on described.indicator_id = indicator.indicator_id
where (indicator.n_facts > 0 or indicator.n_targets > 0)
order by indicator.theme, indicator.indicator_id
