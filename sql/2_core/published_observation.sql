-- One row per fact or target that may be published, with its sentence, its caveats and its place among its rivals.
-- Withheld rows are out; `preference` 1 is the figure that counts among those of the same key: final over estimated,
-- then by kind of document, then the later, then the exact over the bounded, then the earlier mention; of the mentions
-- in that document that agree with it, the one printed finest. The fact id settles what is left, so the order never
-- depends on the load.
-- Values that DECIMAL(18,4) cannot hold are published in hundreds of millions (亿) of their unit; a value that four
-- decimals cannot hold exactly carries `rounded`.
-- materialised
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
),

-- What decides between rivals, without the wide columns: few figures have any, and only those are put in order.
keyed as (
    select
        admitted.kind,
        admitted.fact_id,
        admitted.ref_area,
        admitted.indicator_id,
        admitted.breakdown,
        admitted.measure,
        admitted.base,
        admitted.time_period,
        admitted.aspect,
        admitted.price_base,
        admitted.scope,
        admitted.subject_type,
        admitted.statement_id,
        admitted.document_id,
        admitted.obs_value,
        admitted.precision_value,
        admitted.comparator,
        admitted.obs_status,
        admitted.published_on,
        hash(
            admitted.kind, admitted.ref_area, admitted.indicator_id, admitted.breakdown, admitted.measure,
            admitted.base, admitted.time_period, admitted.aspect, admitted.price_base, admitted.scope,
            admitted.subject_type
        ) as key_hash,
    from admitted
),

crowded as (
    select key_hash
    from keyed
    group by key_hash
    having count(*) > 1
),

contested as (
    select
        keyed.*,
        statement.sheet,
        statement.span_start,
        statement.cell,
        document.source_rank,
    from keyed
    semi join crowded on crowded.key_hash = keyed.key_hash
    inner join core.statement as statement on statement.statement_id = keyed.statement_id
    inner join core.document as document on document.document_id = keyed.document_id
),

led as (
    select
        *,
        row_number() over precedence as mention,
        first_value(document_id) over precedence as leading_document,
        first_value(comparator) over precedence as leading_comparator,
        first_value(obs_value) over precedence as leading_value,
        first_value(precision_value) over precedence as leading_precision,
    from contested
    window precedence as (
        partition by
            kind, ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope,
            subject_type
        order by
            obs_status in ('E', 'F'),
            source_rank,
            published_on desc nulls last,
            list_position(['eq', 'approx', 'range', 'min', 'max'], comparator),
            document_id,
            sheet,
            span_start,
            cell,
            fact_id
    )
),

preferred as (
    select
        kind,
        fact_id,
        row_number() over (
            rivals
            order by
                case
                    when
                        document_id = leading_document
                        and comparator = leading_comparator
                        and abs(obs_value - leading_value) < leading_precision
                        then precision_value
                end nulls last,
                mention
        ) as preference,
        count(*) over rivals - 1 as n_rivals,
    from led
    window rivals as (
        partition by
            kind, ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope,
            subject_type
    )
),

rule_caveat as (
    select
        fact_id,
        list(distinct caveat_code) as codes,
    from core.caveat
    group by fact_id
),

sourced as (
    select
        admitted.* exclude (caveat_codes),
        coalesce(preferred.preference, 1) as preference,
        coalesce(preferred.n_rivals, 0) as n_rivals,
        statement.quote,
        statement.sentence,
        statement.sentence_start,
        statement.span_start,
        statement.span_end,
        statement.sheet,
        statement.cell,
        statement.header_path,
        statement.subject as subject_stated,
        statement.indicator as indicator_stated,
        document.source_name,
        document.title as document_title,
        document.doc_type,
        document.source_rank,
        document.plan_period,
        admitted.caveat_codes as own_caveats,
        document.caveat_codes as source_caveats,
        rule_caveat.codes as rule_caveats,
        greatest(abs(admitted.obs_value), abs(coalesce(admitted.obs_value_high, 0))) >= 100000000000000 as is_large,
    from admitted
    inner join core.statement as statement on statement.statement_id = admitted.statement_id
    inner join core.document as document on document.document_id = admitted.document_id
    left join preferred on preferred.fact_id = admitted.fact_id and preferred.kind = admitted.kind
    left join rule_caveat on rule_caveat.fact_id = admitted.fact_id
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
    preference = 1 as is_preferred,
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
