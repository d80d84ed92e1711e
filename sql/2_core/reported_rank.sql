-- One row per place, indicator, period and peer group: the rank that the place itself reports.
-- `among` is read from the stated peer group (全县镇办, 全市, 全省): its first words name the unit above, by name or by
-- 全 and the last character of the unit's name. `of_measure` tells a rank by speed from a rank by size: by the words
-- 增速 or 总量 in the indicator or between the figure before and the rank, else by what that figure is
-- (增长8%，居全市第2 is a rank by speed).
with
reported as (
    select
        fact.*,
        statement.text_id,
        place.parent_name_zh,
        place.province_name_zh,
    from core.published_fact as fact
    inner join core.statement as statement on statement.statement_id = fact.statement_id
    inner join core.current_place as place on place.ref_area = fact.ref_area
    where fact.measure = 'rank' and fact.comparator = 'eq' and fact.is_preferred
),

-- The figure before the rank in its sentence, and the words from its end to the rank.
led_up_to as (
    select
        reported.*,
        before.measure as measure_before,
        substring(
            reported.sentence,
            before.span_end - reported.sentence_start + 1,
            reported.span_start - before.span_end
        ) as words_between,
    from reported
    left join core.statement as before
        on before.text_id = reported.text_id
        and before.sentence_start = reported.sentence_start
        and before.span_end <= reported.span_start
        and before.measure <> 'rank'
    qualify row_number() over (partition by reported.fact_id order by before.span_end desc nulls last) = 1
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
            when regexp_matches(coalesce(indicator_stated, '') || coalesce(words_between, ''), '增速|增幅|涨幅')
                then 'growth'
            when regexp_matches(coalesce(indicator_stated, '') || coalesce(words_between, ''), '总量|规模|总数')
                then 'level'
            when measure_before in ('growth', 'change') then 'growth'
            else 'level'
        end as of_measure,
    from led_up_to
)

select
    ref_area,
    indicator_id,
    breakdown,
    time_period,
    aspect,
    among,
    of_measure,
    cast(obs_value as integer) as rank_reported,
    scope as rank_reported_scope,
    fact_id as rank_fact_id,
from placed
where among is not null
qualify row_number() over (
    partition by ref_area, indicator_id, breakdown, time_period, aspect, among, of_measure
    order by source_rank, published_on desc nulls last, fact_id
) = 1
