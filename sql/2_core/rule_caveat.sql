-- One row per fact or target to which rules have attached caveats: their codes.
-- materialised
select
    fact_id,
    list(distinct caveat_code) as codes,
from core.caveat
group by fact_id
