-- One row per rival of a preferred fact that cannot be right together with it: the two differ by at least one unit of
-- the coarser last printed digit (53亿 and 52.8亿 agree), or one leaves the other's bound.
-- It is a restatement where the value changed once: every document that states the one was issued after every document
-- that states the other, or a sentence says that the figure was revised (修订, 核定, 普查, 更正). Else a contradiction.
-- Ranks are left out: a rank by size and one by speed have the same key.
-- materialised
with
stated as (
    select
        observation.fact_id,
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

-- Both ways round.
clash as (
    select
        one.figure_key,
        one.fact_id,
        other.fact_id as other_fact_id,
        one.is_preferred,
    from stated as one
    inner join stated as other
        on other.figure_key = one.figure_key and other.unit_measure is not distinct from one.unit_measure
    where greatest(one.low - other.high, other.low - one.high) >= greatest(one.precision_value, other.precision_value)
),

-- Whoever clashes with the one side alone is on the other.
sided as (
    select
        clash.fact_id,
        clash.other_fact_id,
        min(member.issued_from) filter (where against_own.fact_id is null) as issued_from,
        max(member.issued_to) filter (where against_own.fact_id is null) as issued_to,
        min(member.issued_from) filter (where against_other.fact_id is null) as other_issued_from,
        max(member.issued_to) filter (where against_other.fact_id is null) as other_issued_to,
        bool_or(member.is_revised) as is_revised,
    from clash
    inner join stated as member on member.figure_key = clash.figure_key
    left join clash as against_own
        on against_own.fact_id = member.fact_id and against_own.other_fact_id = clash.fact_id
    left join clash as against_other
        on against_other.fact_id = member.fact_id and against_other.other_fact_id = clash.other_fact_id
    where clash.is_preferred and (against_own.fact_id is null) <> (against_other.fact_id is null)
    group by clash.fact_id, clash.other_fact_id
)

select
    case
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
inner join stated as preferred on preferred.fact_id = sided.fact_id
inner join stated as other on other.fact_id = sided.other_fact_id
