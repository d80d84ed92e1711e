-- One row per fact or target that no critical rule withheld, with its place among its rivals: see core.contest. Where it
-- has none, `figure_key` is null and it is preferred.
with
admitted as (
    select
        'fact' as kind,
        *,
    from core.admitted_fact
    union all by name
    select
        'target' as kind,
        *,
    from core.admitted_target
)

select
    admitted.*,
    contest.figure_key,
    coalesce(contest.preference, 1) as preference,
    coalesce(contest.n_rivals, 0) as n_rivals,
    coalesce(contest.preference, 1) = 1 as is_preferred,
from admitted
left join core.contest as contest on contest.kind = admitted.kind and contest.fact_id = admitted.fact_id
