-- One row per printed growth on a year before that does not follow from the printed levels, whatever their rounding.
-- Where levels are contested, growth has to fit one pair of them; shown is the pair that comes nearest. Value added
-- and GDP grow at constant prices while their levels are at current ones, so they are left out. So is what
-- statistical offices grow at comparable scope only: investment, and totals of the enterprises above a size, which
-- are others each year; and growth that its own clause says to be at comparable scope (可比增长, 同口径增长, 剔除…后增长).
-- materialised
with
stated as (
    select
        fact_id,
        ref_area,
        indicator_id,
        breakdown,
        freq,
        time_period,
        period_start,
        subject_type,
        aspect,
        scope,
        unit_measure,
        obs_value,
        precision_value,
        value_text,
        n_rivals,
        last_day(period_end) as period_last_day,
        last_day(period_end - interval 1 year) as last_day_a_year_before,
    from core.observation
    where
        kind = 'fact'
        and measure = 'level'
        and comparator = 'eq'
        and price_base is null
        and obs_value > 0
        and year(period_start) = year(period_end)
),

-- A level that is stated alike many times counts once: a table that repeats it a thousand times would else make a
-- thousand thousand pairs of levels.
level as (
    select * exclude (n_rivals)
    from stated
    where n_rivals = 0
    union all by name
    select
        min(fact_id) as fact_id,
        * exclude (fact_id, n_rivals),
    from stated
    where n_rivals > 0
    group by all
),

growth as (
    select *
    from core.observation
    where
        kind = 'fact'
        and is_preferred
        and measure = 'growth'
        and comparator = 'eq'
        and coalesce(base, 'year') = 'year'
        and price_base is null
        and indicator_id <> 'gdp'
        and not starts_with(indicator_id, 'va_')
        and not ends_with(indicator_id, '_investment')
        and indicator_id not in (
            'industrial_output_above',
            'industrial_revenue_above',
            'industrial_profit_above',
            'industrial_profit_tax',
            'services_above_revenue'
        )
        and not contains(breakdown, 'size=')
),

compared as (
    select
        growth.fact_id,
        growth.statement_id,
        growth.value_text,
        growth.obs_value,
        growth.precision_value,
        now.fact_id as level_fact_id,
        now.value_text as level_text,
        before.value_text as previous_level_text,
        (cast(now.obs_value as double) / cast(before.obs_value as double) - 1) * 100 as computed,
        cast(now.obs_value - now.precision_value / 2 as double) as lowest_now,
        cast(now.obs_value + now.precision_value / 2 as double) as highest_now,
        cast(before.obs_value - before.precision_value / 2 as double) as lowest_before,
        cast(before.obs_value + before.precision_value / 2 as double) as highest_before,
    from growth
    inner join level as now
        on now.ref_area = growth.ref_area
        and now.indicator_id = growth.indicator_id
        and now.breakdown = growth.breakdown
        and now.time_period = growth.time_period
        and now.subject_type = growth.subject_type
        and now.aspect is not distinct from growth.aspect
        and now.scope is not distinct from growth.scope
    inner join level as before
        on before.ref_area = now.ref_area
        and before.indicator_id = now.indicator_id
        and before.breakdown = now.breakdown
        and before.freq = now.freq
        and before.period_start = now.period_start - interval 1 year
        and before.period_last_day = now.last_day_a_year_before
        and before.subject_type = now.subject_type
        and before.aspect is not distinct from now.aspect
        and before.scope is not distinct from now.scope
        and before.unit_measure = now.unit_measure
        and before.unit_measure not in ('%', '‰', 'pp')
),

bounded as (
    select
        *,
        (lowest_now / highest_before - 1) * 100 as lowest,
        (highest_now / lowest_before - 1) * 100 as highest,
    from compared
    where lowest_before > 0
),

judged as (
    select *
    from bounded
    qualify bool_and(
        highest < cast(obs_value - precision_value as double) or lowest > cast(obs_value + precision_value as double)
    ) over (partition by fact_id)
)

select
    judged.fact_id,
    judged.level_fact_id,
    judged.value_text,
    judged.level_text,
    judged.previous_level_text,
    cast(judged.obs_value as double) as value,
    judged.computed,
    judged.lowest,
    judged.highest,
from judged
inner join core.statement as statement on statement.statement_id = judged.statement_id
where
    not coalesce(
        regexp_matches(
            left(statement.sentence, statement.span_start - statement.sentence_start), '(可比|口径|剔除|扣除)[^，。；,;]*$'
        ),
        false
    )
qualify row_number() over (
    partition by judged.fact_id
    order by abs(judged.computed - cast(judged.obs_value as double)), judged.level_fact_id, judged.previous_level_text
) = 1
