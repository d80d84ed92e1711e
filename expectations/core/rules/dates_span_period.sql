-- relation: core.figure
-- severity: critical
-- mostly: 0.99
-- tolerated_rows: 0
-- note_zh: 起止日期与时期不一致。
-- note_en: First and last day are not those of the period as written.
with
period as (
    select distinct
        time_period,
        split_part(time_period, '/', 1) as first_point,
        split_part(time_period, '/', -1) as last_point,
    from core.figure as figure
),

part as (
    select
        *,
        try_cast(left(first_point, 4) as integer) as first_year,
        try_cast(left(last_point, 4) as integer) as last_year,
        try_cast(first_point[7:7] as integer) as first_number,
        try_cast(last_point[7:7] as integer) as last_number,
    from period
),

months as (
    select
        time_period,
        first_year,
        last_year,
        case
            when length(first_point) = 4 then 1
            when first_point[6:6] = 'S' then 6 * first_number - 5
            when first_point[6:6] = 'Q' then 3 * first_number - 2
            else try_cast(first_point[6:7] as integer)
        end as first_month,
        case
            when length(last_point) = 4 then 12
            when last_point[6:6] = 'S' then 6 * last_number
            when last_point[6:6] = 'Q' then 3 * last_number
            else try_cast(last_point[6:7] as integer)
        end as last_month,
    from part
)

select
    figure.fact_id,
    figure.time_period || ' from ' || figure.period_start || ' to ' || figure.period_end as detail,
    null::varchar as other_id,
from core.figure as figure
inner join months on months.time_period = figure.time_period
where
    months.first_month between 1 and 12
    and months.last_month between 1 and 12
    and (
        figure.period_start <> make_date(months.first_year, months.first_month, 1)
        or figure.period_end <> last_day(make_date(months.last_year, months.last_month, 1))
    )
