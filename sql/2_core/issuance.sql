-- One row per document: the first and the last day on which it can have been issued. Both are its date where it states
-- one. Else it was issued after the year on which it reports, or after the last year that its facts are of, and before
-- the end of the years for which it plans. A bound that nothing tells is the first or last day of all.
with
last_fact as (
    select
        document_id,
        max(period_end) as period_end,
    from core.admitted_fact
    where freq = 'A' and obs_status not in ('E', 'F')
    group by document_id
)

select
    document.document_id,
    coalesce(
        document.published_on,
        make_date(try_cast(regexp_extract(document.reporting_period, '\d{4}$') as integer) + 1, 1, 1),
        last_fact.period_end + 1,
        date '0001-01-01'
    ) as issued_from,
    coalesce(
        document.published_on,
        make_date(
            try_cast(regexp_extract(split_part(document.plan_period, '/', -1), '^\d{4}') as integer), 12, 31
        ),
        date '9999-12-31'
    ) as issued_to,
from core.document as document
left join last_fact on last_fact.document_id = document.document_id
