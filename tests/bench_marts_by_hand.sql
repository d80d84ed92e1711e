-- The two heaviest marts as one who knows DuckDB would write them for one evening: the same rows and measures, straight
-- from core to Parquet, without the rules that seldom bite (tie-breaks of rivals, rounding, caveats of documents, stated
-- ranks, breakdown of bounds). `make bench-marts` runs it beside the pipeline; `$folder` is replaced by a path.

create temp table place as
select
    place.ref_area,
    place.name_zh,
    place.area_level,
    place.parent,
    parent.name_zh as parent_name_zh,
    coalesce(province.ref_area, parent.parent) as province,
from core.place as place
left join core.place as parent on parent.ref_area = place.parent and parent.valid_to is null
left join core.place as province on province.ref_area = left(place.ref_area, 2) || '0000' and province.valid_to is null
where place.valid_to is null;

create temp table rivalled as
with
keyed as (
    select
        fact_id,
        document_id,
        published_on,
        hash(
            ref_area, indicator_id, breakdown, measure, base, time_period, aspect, price_base, scope, subject_type
        ) as figure_key,
    from core.fact
),

crowded as (
    select figure_key
    from keyed
    group by figure_key
    having count(*) > 1
)

select
    keyed.fact_id,
    row_number() over rivals as preference,
    count(*) over (partition by keyed.figure_key) - 1 as n_rivals,
from keyed
semi join crowded on crowded.figure_key = keyed.figure_key
inner join raw.document as document on document.document_id = keyed.document_id
window rivals as (partition by keyed.figure_key order by document.doc_type, keyed.published_on desc nulls last, fact_id);

create temp table caveat as
select
    fact_id,
    string_agg(distinct caveat_code, ';' order by caveat_code) as codes,
from core.caveat
group by fact_id;

-- step: fact
-- then: once
create temp view fact_row as
select
    fact.fact_id,
    fact.ref_area,
    place.name_zh,
    place.area_level,
    place.parent,
    place.parent_name_zh,
    place.province,
    fact.indicator_id,
    indicator.name_zh as indicator_zh,
    indicator.name_en as indicator_en,
    indicator.theme,
    fact.breakdown,
    fact.measure,
    fact.base,
    fact.freq,
    fact.time_period,
    fact.period_start,
    fact.period_end,
    fact.aspect,
    fact.price_base,
    fact.scope,
    fact.subject_type,
    cast(fact.obs_value as decimal(18, 4)) as obs_value,
    cast(fact.obs_value_high as decimal(18, 4)) as obs_value_high,
    fact.unit_measure,
    fact.comparator,
    fact.value_text,
    fact.decimals,
    fact.obs_status,
    coalesce(rivalled.preference, 1) = 1 as is_preferred,
    cast(coalesce(rivalled.n_rivals, 0) as integer) as n_rivals,
    coalesce(caveat.codes, fact.caveat_codes) as caveat_codes,
    fact.published_on,
    statement.subject as subject_stated,
    statement.indicator as indicator_stated,
    statement.quote,
    statement.sentence,
    statement.sentence_start,
    statement.span_start,
    statement.span_end,
    statement.sheet,
    statement.cell,
    statement.header_path,
    fact.statement_id,
    fact.document_id,
    document.title as document_title,
    document.doc_type,
    document.source_name,
    hash(fact.statement_id) as fact_hash,
    hash(statement.statement_id) as statement_hash,
from core.fact as fact
inner join core.statement as statement on statement.statement_id = fact.statement_id
inner join raw.document as document on document.document_id = fact.document_id
inner join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
inner join place on place.ref_area = fact.ref_area
left join rivalled on rivalled.fact_id = fact.fact_id
left join caveat on caveat.fact_id = fact.fact_id
anti join core.withheld as withheld on withheld.fact_id = fact.fact_id;

create table by_hand_fact as
select * exclude (fact_hash, statement_hash) from fact_row limit 0;

-- then: in parts of millions: 7
insert into by_hand_fact
select * exclude (fact_hash, statement_hash)
from fact_row
where fact_hash % $parts = $part and statement_hash % $parts = $part;

-- then: once
copy (
    select 'by hand' as release_id, * from by_hand_fact order by indicator_id, time_period, ref_area, fact_id
) to '$folder/fact.parquet' (format parquet, compression snappy, row_group_size 122880);

-- step: comparison
-- then: once
create temp macro compared_rows(part, parts) as table
with
population as (
    select fact.ref_area, fact.time_period, fact.obs_value
    from core.fact as fact
    left join rivalled on rivalled.fact_id = fact.fact_id
    where
        fact.indicator_id = 'resident_population' and fact.measure = 'level' and fact.breakdown = '_T'
        and fact.comparator in ('eq', 'approx') and coalesce(rivalled.preference, 1) = 1
),

figure as (
    select
        fact.fact_id,
        fact.document_id,
        fact.ref_area,
        place.area_level,
        place.parent,
        place.province,
        fact.indicator_id,
        fact.breakdown,
        fact.measure,
        fact.base,
        fact.time_period,
        fact.period_start,
        fact.aspect,
        fact.price_base,
        fact.scope,
        cast(fact.obs_value as decimal(18, 4)) as obs_value,
        fact.unit_measure,
        fact.comparator,
        fact.value_text,
        fact.published_on,
        indicator.direction,
        indicator.additive_across_towns,
        case when indicator.direction = 'lower is better' then fact.obs_value else -fact.obs_value end as directed,
        fact.comparator in ('eq', 'approx') as is_exact,
        hash(fact.indicator_id, fact.breakdown, fact.measure, fact.base, fact.aspect, fact.price_base, fact.scope, fact.unit_measure) as series,
    from core.fact as fact
    inner join core.indicator as indicator on indicator.indicator_id = fact.indicator_id
    inner join place on place.ref_area = fact.ref_area
    left join rivalled on rivalled.fact_id = fact.fact_id
    anti join core.withheld as withheld on withheld.fact_id = fact.fact_id
    where
        fact.measure in ('level', 'growth') and coalesce(rivalled.preference, 1) = 1
        and hash(fact.indicator_id) % parts = part
),

growth as (
    select ref_area, indicator_id, breakdown, time_period, max(obs_value) as growth, any_value(fact_id) as fact_id
    from figure
    where measure = 'growth'
    group by all
)

select
    figure.fact_id,
    figure.area_level,
    figure.document_id,
    figure.ref_area,
    figure.parent,
    figure.province,
    figure.indicator_id,
    figure.breakdown,
    figure.measure,
    figure.base,
    figure.time_period,
    figure.aspect,
    figure.price_base,
    figure.scope,
    figure.obs_value,
    figure.unit_measure,
    figure.comparator,
    figure.value_text,
    figure.published_on,
    growth.growth as growth_reported,
    growth.fact_id as growth_fact_id,
    previous.fact_id as previous_fact_id,
    (cast(figure.obs_value as double) / cast(previous.obs_value as double) - 1) * 100 as growth_computed,
    cast(figure.obs_value as double) / cast(whole.obs_value as double) * 100 as share_of_parent,
    cast(figure.obs_value as double) / cast(population.obs_value as double) as per_capita,
    rank() over (peers order by figure.directed) as rank_computed,
    count(*) over peers as n_peers,
    median(figure.obs_value) over peers as peer_median,
from figure
left join growth
    on figure.measure = 'level' and growth.ref_area = figure.ref_area and growth.indicator_id = figure.indicator_id
    and growth.breakdown = figure.breakdown and growth.time_period = figure.time_period
left join figure as previous
    on figure.measure = 'level' and previous.measure = 'level' and previous.is_exact
    and previous.ref_area = figure.ref_area and previous.series = figure.series
    and previous.period_start = figure.period_start - interval 1 year
left join figure as whole
    on figure.additive_across_towns and whole.measure = 'level' and whole.is_exact and whole.ref_area = figure.parent
    and whole.series = figure.series and whole.time_period = figure.time_period
left join population
    on figure.unit_measure = 'CNY' and population.ref_area = figure.ref_area
    and population.time_period = figure.time_period
window peers as (partition by figure.series, figure.time_period, figure.parent, figure.is_exact);

create table by_hand_compared as from compared_rows(0, 1) limit 0;

-- then: in parts of millions: 3
insert into by_hand_compared from compared_rows($part, $parts);

-- then: once
copy (
    select
        'by hand' as release_id,
        compared.* exclude (area_level),
        place.name_zh,
        place.parent_name_zh,
        indicator.name_zh as indicator_zh,
        indicator.name_en as indicator_en,
        indicator.theme,
        100.0 * (n_peers - rank_computed) / (n_peers - 1) as percentile,
        rank() over (partition by compared.indicator_id, breakdown, measure, base, time_period, compared.province order by obs_value desc) as rank_in_province,
    from by_hand_compared as compared
    inner join place on place.ref_area = compared.ref_area
    inner join core.indicator as indicator on indicator.indicator_id = compared.indicator_id
    where compared.area_level = 'county'
    order by compared.indicator_id, time_period, measure, breakdown, base, aspect, price_base, scope, compared.ref_area, fact_id
) to '$folder/county_comparison.parquet' (format parquet, compression snappy, row_group_size 122880);

copy (
    select
        'by hand' as release_id,
        compared.* exclude (area_level),
        place.name_zh,
        place.parent_name_zh,
        indicator.name_zh as indicator_zh,
        indicator.name_en as indicator_en,
        indicator.theme,
        100.0 * (n_peers - rank_computed) / (n_peers - 1) as percentile,
    from by_hand_compared as compared
    inner join place on place.ref_area = compared.ref_area
    inner join core.indicator as indicator on indicator.indicator_id = compared.indicator_id
    where compared.area_level = 'township'
    order by compared.indicator_id, time_period, measure, breakdown, base, aspect, price_base, scope, compared.ref_area, fact_id
) to '$folder/town_comparison.parquet' (format parquet, compression snappy, row_group_size 122880);
