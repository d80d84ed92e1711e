-- One row per rival of a preferred fact that cannot be right together with it: the two differ by at least one unit of
-- the coarser last printed digit (53亿 and 52.8亿 agree), or one leaves the other's bound.
-- It is a restatement where the value changed once: every document that states the one was issued after every document
-- that states the other, or a sentence says that the figure was revised (修订, 核定, 普查, 更正). Else a contradiction.
-- It is of `other_scope` where both stand in one document whose words tell them apart though their keys do not: a
-- sentence that names a thing twice names two (新建…、达到…; 比全国、全省分别高…); so do two names of the indicator or the place
-- (地方财政收入, 一般公共预算收入; 市级, 市本级) of which neither holds the other, a definition (口径) that one sentence alone speaks of,
-- the items of numbered lists and the lines of two balances (收入总计), each under a heading of its own, parts (其中) of
-- wholes that differ, and counts of what was done to a thing (签约, 开工) where not the same was done. Nor does a document
-- that says one thing twice give half as much again the second time, unless by a misprint: of one digit, of two
-- exchanged, or of one too many. Words that call the one a correction of the other (修订, 更正) do not tell them apart.
-- Ranks are left out: a rank by size and one by speed have the same key.
-- materialised
with
stated as (
    select
        observation.fact_id,
        observation.statement_id,
        observation.figure_key,
        observation.is_preferred,
        observation.unit_measure,
        observation.obs_value,
        observation.precision_value,
        observation.value_text,
        issuance.issued_from,
        issuance.issued_to,
        coalesce(regexp_matches(statement.sentence, '修订|核定|普查|更正'), false) as is_revised,
        case when observation.comparator <> 'max' then observation.obs_value end as low,
        case
            when observation.comparator = 'range' then observation.obs_value_high
            when observation.comparator = 'approx' then observation.obs_value + observation.precision_value
            when observation.comparator <> 'min' then observation.obs_value
        end as high,
    from core.observation as observation
    inner join core.statement as statement on statement.statement_id = observation.statement_id
    inner join core.issuance as issuance on issuance.document_id = observation.document_id
    where observation.kind = 'fact' and observation.n_rivals > 0 and observation.measure <> 'rank'
),

-- Facts that say the same stand at one position, called after one of them: a table that repeats a figure a thousand
-- times would else have a thousand thousand pairs.
placed as (
    select
        *,
        min(fact_id) over (partition by figure_key, unit_measure, low, high, precision_value) as position,
    from stated
),

position as (
    select
        position,
        figure_key,
        unit_measure,
        low,
        high,
        precision_value,
        min(issued_from) as issued_from,
        max(issued_to) as issued_to,
        bool_or(is_revised) as is_revised,
    from placed
    group by all
),

-- Both ways round.
apart as (
    select
        one.figure_key,
        one.position,
        other.position as other_position,
    from position as one
    inner join position as other
        on other.figure_key = one.figure_key and other.unit_measure is not distinct from one.unit_measure
    where greatest(one.low - other.high, other.low - one.high) >= greatest(one.precision_value, other.precision_value)
),

clash as (
    select
        preferred.fact_id,
        other.fact_id as other_fact_id,
        apart.figure_key,
        apart.position,
        apart.other_position,
    from placed as preferred
    inner join apart on apart.position = preferred.position
    inner join placed as other on other.position = apart.other_position
    where preferred.is_preferred
),

-- Whoever clashes with the one side alone is on the other.
sides as (
    select
        pair.position,
        pair.other_position,
        min(member.issued_from) filter (where against_own.position is null) as issued_from,
        max(member.issued_to) filter (where against_own.position is null) as issued_to,
        min(member.issued_from) filter (where against_other.position is null) as other_issued_from,
        max(member.issued_to) filter (where against_other.position is null) as other_issued_to,
        bool_or(member.is_revised) as is_revised,
    from (select distinct figure_key, position, other_position from clash) as pair
    inner join position as member on member.figure_key = pair.figure_key
    left join apart as against_own
        on against_own.position = member.position and against_own.other_position = pair.position
    left join apart as against_other
        on against_other.position = member.position and against_other.other_position = pair.other_position
    where (against_own.position is null) <> (against_other.position is null)
    group by pair.position, pair.other_position
),

sided as (
    select
        clash.fact_id,
        clash.other_fact_id,
        sides.* exclude (position, other_position),
    from clash
    inner join sides on sides.position = clash.position and sides.other_position = clash.other_position
),

-- The few that clash, with their words.
phrased as (
    select
        stated.fact_id,
        statement.text_id,
        statement.sentence,
        statement.sentence_start,
        statement.span_start,
        statement.subject,
        regexp_replace(statement.indicator, '\s', '', 'g') as wording,
        nullif(
            regexp_extract(
                left(statement.sentence, statement.span_start - statement.sentence_start),
                '(储备|引进|签约|落地|开工|在建|竣工|投产)[^，。；、,;]*$',
                1
            ),
            ''
        ) as action,
        nullif(
            regexp_extract(
                left(statement.sentence, statement.span_start - statement.sentence_start),
                '(?s)^.*[^0-9.,]([0-9]+(?:[.,][0-9]+)*)[^0-9]*其中',
                1
            ),
            ''
        ) as whole,
        cast(stated.obs_value as double) as value,
        trim(regexp_replace(stated.value_text, '[^0-9]', '', 'g'), '0') as digits,
        '^\s*([0-9]+[、．]|[①-⑳])' as list_item,
        '总计|合计' as balance,
    from stated
    semi join (select fact_id from clash union select other_fact_id from clash) as clashing
        on clashing.fact_id = stated.fact_id
    inner join core.statement as statement on statement.statement_id = stated.statement_id
),

worded as (
    select
        sided.fact_id,
        sided.other_fact_id,
        one.text_id = other.text_id and not regexp_matches(concat(one.sentence, other.sentence), '修订|更正') and (
            (one.sentence_start = other.sentence_start and one.span_start <> other.span_start)
            or not (contains(one.subject, other.subject) or contains(other.subject, one.subject))
            or not (contains(one.wording, other.wording) or contains(other.wording, one.wording))
            or contains(one.sentence, '口径') <> contains(other.sentence, '口径')
            or (regexp_matches(one.sentence, one.list_item) and regexp_matches(other.sentence, one.list_item))
            or (regexp_matches(one.sentence, one.balance) and regexp_matches(other.sentence, one.balance))
            or one.action <> other.action
            or one.whole <> other.whole
            or (
                (
                    greatest(abs(one.value), abs(other.value)) > 1.5 * least(abs(one.value), abs(other.value))
                    or one.value * other.value < 0
                )
                and damerau_levenshtein(one.digits, other.digits) > 1
            )
        ) as is_told_apart,
    from sided
    inner join phrased as one on one.fact_id = sided.fact_id
    inner join phrased as other on other.fact_id = sided.other_fact_id
)

select
    case
        when coalesce(worded.is_told_apart, false) then 'other_scope'
        when sided.is_revised or sided.issued_from > sided.other_issued_to or sided.other_issued_from > sided.issued_to
            then 'restatement'
        else 'contradiction'
    end as finding,
    sided.fact_id,
    sided.other_fact_id,
    preferred.value_text,
    other.value_text as other_value_text,
    cast(preferred.obs_value as double) as value,
    cast(other.obs_value as double) as other_value,
from sided
inner join worded on worded.fact_id = sided.fact_id and worded.other_fact_id = sided.other_fact_id
inner join stated as preferred on preferred.fact_id = sided.fact_id
inner join stated as other on other.fact_id = sided.other_fact_id
