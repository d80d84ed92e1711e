-- One row per fact or target that may be published, with its quote and its caveats. Its sentence, wide and seldom needed,
-- is in core.statement.
-- Values that DECIMAL(18,4) cannot hold are published in hundreds of millions (亿) of their unit; a value that four
-- decimals cannot hold exactly carries `rounded`.
-- in parts of core.observation by indicator_id
with
sourced as (
    select
        observation.* exclude (caveat_codes),
        statement.quote,
        document.source_name,
        document.title as document_title,
        document.doc_type,
        document.source_rank,
        document.plan_period,
        observation.caveat_codes as own_caveats,
        document.caveat_codes as source_caveats,
        rule_caveat.codes as rule_caveats,
        greatest(abs(observation.obs_value), abs(coalesce(observation.obs_value_high, 0))) >= 100000000000000 as is_large,
    from core.observation as observation
    inner join core.statement as statement on statement.statement_id = observation.statement_id
    inner join core.document as document on document.document_id = observation.document_id
    left join core.rule_caveat as rule_caveat on rule_caveat.fact_id = observation.fact_id
    where observation.indicator_id between getvariable('first') and getvariable('last')
),

scaled as (
    select
        *,
        case
            when is_large
                then cast(cast(obs_value as decimal(30, 2)) * cast(0.00000001 as decimal(8, 8)) as decimal(38, 10))
            else obs_value
        end as scaled_value,
        case
            when is_large
                then cast(cast(obs_value_high as decimal(30, 2)) * cast(0.00000001 as decimal(8, 8)) as decimal(38, 10))
            else obs_value_high
        end as scaled_value_high,
        case when is_large then '100m ' || coalesce(unit_measure, '') else unit_measure end as published_unit,
    from sourced
),

published as (
    select
        *,
        try_cast(scaled_value as decimal(18, 4)) as published_value,
        try_cast(scaled_value_high as decimal(18, 4)) as published_value_high,
    from scaled
),

checked as (
    select
        *,
        cast(published_value as decimal(38, 10)) is distinct from scaled_value
        or cast(published_value_high as decimal(38, 10)) is distinct from scaled_value_high
        or (is_large and cast(obs_value as decimal(30, 2)) <> obs_value) as is_rounded,
    from published
)

select
    * exclude (
        is_large, scaled_value, scaled_value_high, is_rounded, own_caveats, source_caveats, rule_caveats
    ),
    case
        when is_rounded or own_caveats is not null or source_caveats is not null or rule_caveats is not null
            then nullif(
                array_to_string(
                    list_sort(
                        list_distinct(
                            list_filter(
                                list_transform(
                                    list_concat(
                                        string_split(coalesce(own_caveats, ''), ';'),
                                        string_split(coalesce(source_caveats, ''), ';'),
                                        coalesce(rule_caveats, []),
                                        case when is_rounded then ['rounded'] else [] end
                                    ),
                                    lambda code: trim(code)
                                ),
                                lambda code: code <> ''
                            )
                        )
                    ),
                    ';'
                ),
                ''
            )
    end as caveat_codes,
from checked
