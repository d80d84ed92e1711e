-- One row per finding: two figures that cannot both be right, or one that does not follow from others.
-- contradiction, restatement, other_scope: core.disagreement. growth_not_from_levels: core.growth_mismatch.
-- part_exceeds_whole: core.part_excess. shares_not_100: core.share_total. magnitude_slip: core.magnitude_slip, which
-- takes the place of a contradiction or a growth that the power of ten explains.
-- rank_not_from_peers: more peers are ahead than the printed rank allows, or all peers report and the rank differs;
-- only where the text says clearly whether it ranks by size or by speed.
-- materialised
select
    finding,
    fact_id,
    other_fact_id,
    value,
    other_value,
    case when value <> 0 then abs(other_value / value - 1) * 100 end as deviation,
    'percent of the preferred value' as deviation_unit,
from core.disagreement
anti join core.magnitude_slip as slip
    on slip.fact_id = disagreement.fact_id and slip.other_fact_id = disagreement.other_fact_id
union all by name
select
    'growth_not_from_levels' as finding,
    fact_id,
    level_fact_id as other_fact_id,
    value,
    computed as other_value,
    abs(computed - value) as deviation,
    'percentage points' as deviation_unit,
from core.growth_mismatch
anti join core.magnitude_slip as slip on slip.fact_id = growth_mismatch.level_fact_id
union all by name
select
    'magnitude_slip' as finding,
    fact_id,
    other_fact_id,
    value,
    other_value,
    cast(abs(power) as double) as deviation,
    'powers of ten' as deviation_unit,
from core.magnitude_slip
union all by name
select
    'shares_not_100' as finding,
    fact_id,
    other_fact_id,
    total as value,
    100.0 as other_value,
    abs(total - 100) as deviation,
    'percentage points' as deviation_unit,
from core.share_total
union all by name
select
    'part_exceeds_whole' as finding,
    fact_id,
    whole_fact_id as other_fact_id,
    value,
    whole_value as other_value,
    case when whole_value <> 0 then abs(value / whole_value - 1) * 100 end as deviation,
    'percent of the whole' as deviation_unit,
from core.part_excess
union all by name
select
    'rank_not_from_peers' as finding,
    rank_fact_id as fact_id,
    fact_id as other_fact_id,
    cast(rank_reported as double) as value,
    cast(rank_computed as double) as other_value,
    cast(abs(rank_computed - rank_reported) as double) as deviation,
    'places' as deviation_unit,
from core.comparison
where
    rank_reported_is_certain
    and rank_computed is not null
    and (rank_computed > rank_reported or (n_peers = n_places and rank_computed <> rank_reported))
