-- One row per fact or target that no critical rule withheld, with its place among its rivals: the figures of the same
-- `figure_key` state the same thing (place, indicator, breakdown, measure, base, period, aspect, price base, scope).
-- `preference` 1 is the one that counts: final over estimated, then by kind of document, then the later, then the exact
-- over the bounded, then the earlier mention; of the mentions in that document that agree with it, the one printed
-- finest. The fact id settles what is left, so the order never depends on the load.
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

keyed as (
    select
        *,
        md5_number(
            concat_ws(
                chr(31), kind, ref_area, indicator_id, breakdown, measure, coalesce(base, ''), time_period,
                coalesce(aspect, ''), coalesce(price_base, ''), coalesce(scope, ''), subject_type
            )
        ) as figure_key,
    from admitted
),

-- Few figures have rivals, and only those are put in order.
crowded as (
    select figure_key
    from keyed
    group by figure_key
    having count(*) > 1
),

contested as (
    select
        keyed.figure_key,
        keyed.fact_id,
        keyed.document_id,
        keyed.obs_value,
        keyed.precision_value,
        keyed.comparator,
        keyed.obs_status,
        keyed.published_on,
        statement.sheet,
        statement.span_start,
        statement.cell,
        document.source_rank,
    from keyed
    semi join crowded on crowded.figure_key = keyed.figure_key
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
        partition by figure_key
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
        figure_key,
        fact_id,
        row_number() over (
            partition by figure_key
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
        count(*) over (partition by figure_key) - 1 as n_rivals,
    from led
)

select
    keyed.*,
    coalesce(preferred.preference, 1) as preference,
    coalesce(preferred.n_rivals, 0) as n_rivals,
    coalesce(preferred.preference, 1) = 1 as is_preferred,
from keyed
left join preferred on preferred.figure_key = keyed.figure_key and preferred.fact_id = keyed.fact_id
