-- One row per fact that settles some target, now or as the first: the few of all facts that are looked up with their
-- sentences.
-- materialised
with
settling as (
    select actual_fact_id as fact_id
    from core.settlement
    union
    select first_fact_id as fact_id
    from core.settlement
    where first_fact_id is not null
)

select
    fact.*,
    statement.sentence,
from core.published_fact as fact
inner join core.statement as statement on statement.statement_id = fact.statement_id
semi join settling on settling.fact_id = fact.fact_id
