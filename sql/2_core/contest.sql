-- One row per fact or target that others rival, and its place among them: the figures of the same `figure_key` state the
-- same thing (place, indicator, breakdown, measure, base, period, aspect, price base, scope).
-- `preference` 1 is the one that counts: final over estimated, then by kind of document, then the later, then the exact
-- over the bounded, then the earlier mention; of the mentions in that document that agree with it, the one printed
-- finest. The fact id settles what is left, so the order never depends on the load.
-- Few figures have rivals, and only those are put in order: a short hash tells who may have some, `figure_key` who has.
-- materialised
with
admitted as (
    select
        'fact' as kind,
        * exclude (decimals, value_text, known_from, caveat_codes),
    from core.admitted_fact
    union all by name
    select
        'target' as kind,
        * exclude (decimals, value_text, known_from, caveat_codes, modality, modality_zh, nature),
    from core.admitted_target
),

-- Withheld figures count here, and two hashes may be equal by chance: whoever has no rival after all is first of one.
crowded as (
    select
        hash(
            relation, ref_area, indicator_id, breakdown, measure, coalesce(base, ''), time_period, coalesce(aspect, ''),
            coalesce(price_base, ''), coalesce(scope, ''), subject_type
        ) as short_key,
    from core.figure
    group by short_key
    having count(*) > 1
),

contested as (
    select
        admitted.kind,
        admitted.fact_id,
        admitted.document_id,
        admitted.obs_value,
        admitted.precision_value,
        admitted.comparator,
        admitted.obs_status,
        admitted.published_on,
        statement.sheet,
        statement.span_start,
        statement.cell,
        document.source_rank,
        md5_number(
            concat_ws(
                chr(31), admitted.kind, admitted.ref_area, admitted.indicator_id, admitted.breakdown, admitted.measure,
                coalesce(admitted.base, ''), admitted.time_period, coalesce(admitted.aspect, ''),
                coalesce(admitted.price_base, ''), coalesce(admitted.scope, ''), admitted.subject_type
            )
        ) as figure_key,
    from admitted
    semi join crowded
        on crowded.short_key = hash(
            'core.' || admitted.kind, admitted.ref_area, admitted.indicator_id, admitted.breakdown, admitted.measure,
            coalesce(admitted.base, ''), admitted.time_period, coalesce(admitted.aspect, ''),
            coalesce(admitted.price_base, ''), coalesce(admitted.scope, ''), admitted.subject_type
        )
    inner join core.statement as statement on statement.statement_id = admitted.statement_id
    inner join core.document as document on document.document_id = admitted.document_id
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
)

select
    kind,
    fact_id,
    figure_key,
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
