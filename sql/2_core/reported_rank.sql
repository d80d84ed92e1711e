-- One row per place, indicator, period and peer group: the rank that the place itself reports.
-- `among` is read from the stated peer group (全县镇办, 全市, 全省): its first words name the unit above, by name or by
-- 全 and the last character of the unit's name. `of_measure` tells a rank by speed from a rank by size: by the words
-- 增速 or 总量 in the indicator or since the level that it follows; without a level, by the figure before it. A rank
-- after both (35.8亿元，增长7.8%，居全县第2位) is taken for one by size and is not `is_certain`.
-- materialised
with
reported as (
    select
        fact.*,
        statement.text_id,
        statement.indicator as indicator_stated,
        statement.sentence,
        statement.sentence_start,
        statement.span_start,
        place.parent_name_zh,
        place.province_name_zh,
    from core.published_fact as fact
    inner join core.statement as statement on statement.statement_id = fact.statement_id
    inner join core.current_place as place on place.ref_area = fact.ref_area
    where fact.measure = 'rank' and fact.comparator = 'eq' and fact.is_preferred
),

-- The figures before the rank in its sentence: the last of all, and the last level of the same indicator.
preceding as (
    select
        reported.fact_id,
        max(before.span_end) as last_end,
        arg_max(before.measure, before.span_end) as last_measure,
        max(before.span_end) filter (
            where before.measure = 'level' and before.indicator = reported.indicator_stated
        ) as level_end,
    from reported
    inner join core.statement as before
        on before.text_id = reported.text_id
        and before.sentence_start = reported.sentence_start
        and before.span_end <= reported.span_start
        and before.measure <> 'rank'
    group by reported.fact_id
),

worded as (
    select
        reported.*,
        preceding.last_measure,
        preceding.level_end,
        coalesce(reported.indicator_stated, '') || coalesce(
            substring(
                reported.sentence,
                coalesce(preceding.level_end, preceding.last_end) - reported.sentence_start + 1,
                reported.span_start - coalesce(preceding.level_end, preceding.last_end)
            ),
            ''
        ) as words,
    from reported
    left join preceding on preceding.fact_id = reported.fact_id
),

placed as (
    select
        *,
        case
            when starts_with(scope, parent_name_zh) then 'parent'
            when starts_with(scope, '全' || right(parent_name_zh, 1)) then 'parent'
            when starts_with(scope, province_name_zh) then 'province'
            when starts_with(scope, '全' || right(province_name_zh, 1)) then 'province'
        end as among,
        case
            when regexp_matches(words, '总量|规模|总数') then 'level'
            when regexp_matches(words, '增速|增幅|涨幅') then 'growth'
            when level_end is null and last_measure in ('growth', 'change') then 'growth'
            else 'level'
        end as of_measure,
        regexp_matches(words, '总量|规模|总数|增速|增幅|涨幅')
        or level_end is null
        or last_measure = 'level' as is_certain,
    from worded
)

select
    ref_area,
    indicator_id,
    breakdown,
    time_period,
    aspect,
    among,
    of_measure,
    is_certain,
    cast(obs_value as integer) as rank_reported,
    scope as rank_reported_scope,
    fact_id as rank_fact_id,
from placed
where among is not null
qualify row_number() over (
    partition by ref_area, indicator_id, breakdown, time_period, aspect, among, of_measure
    order by is_certain desc, source_rank, published_on desc nulls last, fact_id
) = 1
