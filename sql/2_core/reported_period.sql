-- One row per place and period on which some document reports: where a figure is missing here it was not stated.
-- A document that plans for a period cannot report it, whatever figures of that period it may hold.
-- materialised
select distinct
    ref_area,
    reporting_period as time_period,
from core.document
where ref_area is not null and reporting_period is not null and plan_period is distinct from reporting_period
union
select distinct
    ref_area,
    time_period,
from core.published_fact
where plan_period is distinct from time_period
