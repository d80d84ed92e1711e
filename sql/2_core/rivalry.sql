-- One row per figure that is stated more than once: the lowest and the highest value that any of its rivals states, the
-- preferred one among them, in the unit of the marts.
-- materialised
select
    figure_key,
    published_unit,
    min(published_value) as lowest,
    max(coalesce(published_value_high, published_value)) as highest,
from core.published_observation
where n_rivals > 0
group by figure_key, published_unit
