-- The synthetic facts of `make bench-marts`. Everything is drawn by DuckDB's `hash` of place, indicator and year, so the
-- same size gives the same rows. Variables: `year`, and `reporting`, the share of the prefectures that report at all.
-- Run once: places and indicators. Then once a year, from the line of dashes on.

create macro drawn(place_no, indicator_no, year, what) as
    cast(hash(place_no, indicator_no, year, what) % 1000003 as double) / 1000003;

-- Who reports: whole prefectures with all their counties and townships, so that peers and wholes are there at any size.
create temp table reporter as
with
place as (
    select
        place.ref_area,
        place.area_level = 'county' as is_county,
        place.name_zh,
        '全' || right(parent.name_zh, 1) as scope,
        left(place.ref_area, 6) as county,
        left(place.ref_area, 4) as prefecture,
    from core.place as place
    inner join core.place as parent on parent.ref_area = place.parent and parent.valid_to is null
    where place.valid_to is null and place.area_level in ('county', 'township')
),

numbered as (
    select
        *,
        row_number() over (order by md5(prefecture), county, is_county desc, ref_area) as place_no,
        count(*) over () as n_places,
    from place
)

select
    *,
    2e10 * (0.5 + drawn(county, 0, 0, 'economy'))
    * case when is_county then 1 else 0.02 + 0.04 * drawn(place_no, 0, 0, 'economy') end as economy,
from numbered
where place_no <= ceil(n_places * getvariable('reporting'));

-- Sixty indicators of the catalogue: how large against the economy, and what share of the places states them.
create temp table drawn_indicator as
select
    row_number() over () as indicator_no,
    catalogue.indicator_id,
    catalogue.name_zh,
    catalogue.unit_measure,
    drawn.size,
    drawn.share,
from (
    values
        ('gdp', 1, 0.9), ('va_primary', 0.1, 0.7), ('va_secondary', 0.4, 0.7), ('va_tertiary', 0.4, 0.7),
        ('va_industry', 0.3, 0.6), ('va_construction', 0.05, 0.5), ('general_budget_revenue', 0.05, 0.95),
        ('tax_revenue', 0.035, 0.8), ('total_fiscal_revenue', 0.08, 0.5), ('general_budget_expenditure', 0.15, 0.7),
        ('livelihood_expenditure', 0.1, 0.6), ('fund_budget_revenue', 0.04, 0.5), ('land_revenue', 0.03, 0.4),
        ('retail_sales', 0.4, 0.85), ('online_retail_sales', 0.1, 0.5), ('trade_total', 0.3, 0.6),
        ('exports', 0.15, 0.6), ('imports', 0.1, 0.6), ('fdi_used', 0.01, 0.5), ('fixed_asset_investment', 0.6, 0.85),
        ('industrial_investment', 0.2, 0.6), ('private_investment', 0.3, 0.5), ('real_estate_investment', 0.1, 0.6),
        ('infrastructure_investment', 0.1, 0.5), ('tech_upgrade_investment', 0.05, 0.4),
        ('investment_attracted', 0.2, 0.6), ('contracted_investment', 0.4, 0.5), ('deposits_total', 1.2, 0.6),
        ('deposits_household', 0.8, 0.6), ('industrial_output_above', 0.9, 0.7), ('va_industry_above', 0.25, 0.6),
        ('industrial_revenue_above', 0.85, 0.6), ('industrial_profit_above', 0.06, 0.5),
        ('construction_output', 0.2, 0.5), ('services_above_revenue', 0.1, 0.4), ('housing_sales_value', 0.1, 0.5),
        ('resident_population', 20, 0.9), ('urban_population', 12, 0.6), ('rural_population', 6, 0.6),
        ('grain_area', 40, 0.6), ('wheat_area', 15, 0.5), ('maize_area', 15, 0.5), ('sown_area', 60, 0.5),
        ('grain_output', 10, 0.8), ('wheat_output', 4, 0.6), ('maize_output', 4, 0.6), ('rice_output', 1, 0.5),
        ('arable_area', 70, 0.5), ('basic_farmland', 50, 0.5), ('market_entities', 2, 0.7),
        ('new_market_entities', 0.2, 0.6), ('self_employed', 1.5, 0.5), ('specialised_new_smes', 0.01, 0.6),
        ('little_giants', 0.005, 0.4), ('four_up_new', 0.01, 0.5), ('projects_signed', 0.01, 0.6),
        ('key_projects', 0.01, 0.6), ('share_primary', 0, 0.5), ('tax_share', 0, 0.6), ('livelihood_share', 0, 0.5)
) as drawn (indicator_id, size, share)
inner join core.indicator as catalogue on catalogue.indicator_id = drawn.indicator_id
order by catalogue.indicator_id;

-- ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Two documents a place: counties have a communiqué and a work report, townships a work report and a press conference.
create or replace temp table report as
select
    reporter.*,
    getvariable('year') as year,
    document_no,
    sha256('report|' || ref_area || '|' || getvariable('year') || '|' || document_no) as document_id,
    case
        when document_no = 2 and is_county or document_no = 1 and not is_county then 'work_report'
        when is_county then 'statistical_communique'
        else 'press_conference'
    end as doc_type,
    case
        when place_no % 3 > 0
            then make_date(getvariable('year') + 1, case document_no when 1 then 4 else 1 end, 1)
            + cast(50 * drawn(place_no, document_no, getvariable('year'), 'published') as integer)
    end as published_on,
from reporter
cross join (values (1), (2)) as numbered (document_no);

insert into raw.document by name
select
    document_id,
    document_id as text_id,
    'bench' as source_name,
    ref_area || '_' || year || '_' || doc_type || '.txt' as file_name,
    'text/plain; charset=utf-8' as media_type,
    year || '年' || name_zh || case doc_type when 'work_report' then '政府工作报告' else '国民经济和社会发展统计公报' end as title,
    published_on,
    doc_type,
    name_zh as place_stated,
    cast(year as varchar) as reporting_period,
    case when doc_type = 'work_report' then cast(year + 1 as varchar) end as plan_period,
    3000 as text_length,
    'accepted' as ingest_status,
    case when place_no % 50 = 0 then 'sample' end as caveat_codes,
    timestamp '2026-01-01' as first_seen_at,
from report
order by place_no, document_no;

insert into raw.source_item by name
select
    sha256(document_id) as sighting_id,
    'bench' as source_name,
    ref_area || '_' || year || '_' || doc_type || '.txt' as uri,
    timestamp '2026-01-01' as fetched_at,
    document_id as sha256,
    9000 as size_bytes,
from report
order by place_no, document_no;

insert into core.normalisation by name
select
    document_id as text_id,
    document_id,
    ref_area,
    'v' as document_state,
    'v' as normaliser_version,
from report
order by place_no, document_no;

-- What a place says of an indicator in this year: the level, and what else its clause holds.
create or replace temp table said as
with
stated as (
    select
        reporter.place_no,
        reporter.ref_area,
        reporter.is_county,
        reporter.name_zh as place_zh,
        reporter.scope,
        indicator.indicator_no,
        indicator.indicator_id,
        indicator.name_zh,
        indicator.unit_measure,
        getvariable('year') as year,
        indicator.size = 0 as is_rate,
        case when indicator.unit_measure = 'CNY' then economy else economy / 1000000 end
        * indicator.size * (0.9 + 0.2 * drawn(place_no, indicator_no, 0, 'size')) as scale,
        case
            when indicator.unit_measure <> 'CNY' then 1
            when reporter.is_county then 100000000
            else 10000
        end as multiplier,
        case when indicator.size = 0 then 1 when indicator.unit_measure = 'CNY' and reporter.is_county then 2 else 0 end as decimals,
        drawn(place_no, indicator_no, getvariable('year'), 'kind') as kind_drawn,
        drawn(place_no, indicator_no, getvariable('year'), 'growth') as growth_drawn,
        drawn(place_no, indicator_no, getvariable('year'), 'rank') as rank_drawn,
        drawn(place_no, indicator_no, getvariable('year'), 'rival') as rival_drawn,
        drawn(place_no, indicator_no, getvariable('year'), 'target') as target_drawn,
        drawn(place_no, indicator_no, getvariable('year'), 'now') as now_drawn,
        drawn(place_no, indicator_no, getvariable('year') - 1, 'now') as before_drawn,
    from reporter
    cross join drawn_indicator as indicator
    where
        drawn(place_no, indicator_no, 0, 'states') < indicator.share
        and drawn(place_no, indicator_no, getvariable('year'), 'states') < 0.985
),

valued as (
    select
        *,
        case
            when is_rate then 20 + 60 * now_drawn
            else scale * pow(1.06, year - 2015) * (0.98 + 0.04 * now_drawn) / multiplier
        end as now,
        case
            when is_rate then 20 + 60 * before_drawn
            else scale * pow(1.06, year - 2016) * (0.98 + 0.04 * before_drawn) / multiplier
        end as before,
    from stated
),

printed as (
    select
        *,
        cast(cast(round(now, decimals) as decimal(18, 2)) as decimal(38, 10)) as printed,
        round(before, decimals) as printed_before,
        case
            when kind_drawn < 0.03 then 'min'
            when kind_drawn < 0.04 then 'approx'
            when kind_drawn < 0.043 then 'max'
            else 'eq'
        end as comparator,
        case when growth_drawn < 0.53 and not is_rate then growth_drawn < 0.01 end as growth_is_wrong,
        case when rank_drawn < 0.04 then 1 + cast(floor(rank_drawn * 300) as integer) end as rank,
        case
            when unit_measure = 'CNY' then if(is_county, '亿元', '万元')
            when unit_measure = '%' then '%'
            when unit_measure = 'mu' then '亩'
            when unit_measure = 't' then '吨'
            when unit_measure = 'person' then '人'
            else '个'
        end as unit,
    from valued
),

worded as (
    select
        *,
        case decimals
            when 2 then cast(cast(printed as decimal(18, 2)) as varchar)
            when 1 then cast(cast(printed as decimal(18, 1)) as varchar)
            else cast(cast(printed as decimal(18, 0)) as varchar)
        end
        || unit
        || case comparator when 'min' then '以上' when 'approx' then '左右' when 'max' then '以内' else '' end as value_text,
        cast(
            cast((printed / nullif(printed_before, 0) - 1) * 100 as decimal(18, 1))
            + case when growth_is_wrong then 7 else 0 end as decimal(18, 1)
        ) as growth,
    from printed
)

select
    *,
    name_zh || value_text
    || case when growth_is_wrong is null or growth is null then '' else '，同比增长' || growth || '%' end
    || case when rank is null then '' else '，总量居' || scope || '第' || rank || '位' end as clause,
    indicator_no // 3 as sentence_no,
from worded;

create or replace temp table sentence as
select
    place_no,
    sentence_no,
    [
        year || '年，', '全年', '一年来，面对复杂严峻的外部环境和艰巨繁重的改革发展稳定任务，', '据初步核算，',
        '坚持稳中求进工作总基调，', '在县委、县政府的坚强领导下，综合实力持续提升，'
    ][cast(1 + hash(place_no, sentence_no, year) % 6 as integer)]
    || string_agg(clause, '，' order by indicator_no) as sentence,
from said
group by place_no, sentence_no, year;

-- Every figure with its statement: levels, growth, ranks, breakdowns, second mentions, targets, and what nobody knows.
-- `sentence_start` is where a sentence stands among those of its document, until `line` says where that is in the text.
create or replace temp table figure as
with
clause as (
    select
        said.*,
        sentence.sentence,
        strpos(sentence.sentence, said.clause) - 1 as clause_at,
        100 * said.sentence_no as sentence_start,
    from said
    inner join sentence on sentence.place_no = said.place_no and sentence.sentence_no = said.sentence_no
),

one as (
    select
        *, 1 as document_no, 'fact' as kind, 'level' as figure_measure, '_T' as breakdown, null as base, null as own_scope,
        printed * multiplier as obs_value, value_text as quote,
        clause_at + length(name_zh) as quote_at, comparator as bound, unit_measure as figure_unit,
    from clause
    union all by name
    select
        *, 1 as document_no, 'fact' as kind, 'growth' as figure_measure, '_T' as breakdown,
        case when growth_drawn < 0.3 then 'year' end as base,
        growth as obs_value, growth || '%' as quote,
        clause_at + length(name_zh) + length(value_text) + 5 as quote_at, 'eq' as bound, '%' as figure_unit,
    from clause where growth_is_wrong is not null and growth is not null
    union all by name
    select
        *, 1 as document_no, 'fact' as kind, 'rank' as figure_measure, '_T' as breakdown, scope as own_scope,
        rank as obs_value, '第' || rank || '位' as quote,
        clause_at + strpos(clause, '第' || rank || '位') - 1 as quote_at, 'eq' as bound,
    from clause where rank is not null
    union all by name
    select
        *, 1 as document_no, 'fact' as kind, 'level' as figure_measure, 'residence=urban' as breakdown,
        printed * multiplier / 2 as obs_value, value_text as quote,
        clause_at + length(name_zh) as quote_at, 'eq' as bound, unit_measure as figure_unit,
    from clause where indicator_no % 12 = 0 and not is_rate
    union all by name
    select
        * replace (10 * sentence_start + 7 as sentence_start),
        2 as document_no, 'fact' as kind, 'level' as figure_measure, '_T' as breakdown,
        case
            when rival_drawn < 0.003 then printed * multiplier * 11 / 10 else printed * multiplier
        end as obs_value,
        value_text as quote, clause_at + length(name_zh) as quote_at, comparator as bound, unit_measure as figure_unit,
    from clause where rival_drawn < 0.08
    union all by name
    select
        * replace (
            '新的一年，经济社会发展的主要预期目标是：' || name_zh || '增长' || round(4 + 80 * target_drawn, 1) || '%以上，'
            || place_zh || '各项工作再上新台阶' as sentence,
            100000 + indicator_no as sentence_start
        ),
        if(is_county, 2, 1) as document_no, 'target' as kind, 'growth' as figure_measure, '_T' as breakdown,
        'year' as base, round(4 + 80 * target_drawn, 1) as obs_value, round(4 + 80 * target_drawn, 1) || '%以上' as quote,
        20 + length(name_zh) + 2 as quote_at, 'min' as bound, '%' as figure_unit,
    from clause where target_drawn < 0.06 and not is_rate
    union all by name
    select
        * replace (
            '力争' || name_zh || '达到' || value_text || '，' || place_zh || '各项工作再上新台阶' as sentence,
            200000 + indicator_no as sentence_start
        ),
        if(is_county, 2, 1) as document_no, 'target' as kind, 'level' as figure_measure, '_T' as breakdown,
        printed * multiplier as obs_value, value_text as quote,
        4 + length(name_zh) as quote_at, if(target_drawn < 0.08, 'approx', 'min') as bound, unit_measure as figure_unit,
    from clause where target_drawn >= 0.06 and target_drawn < 0.1
    union all by name
    select
        * replace (300000 + indicator_no as sentence_start),
        1 as document_no, 'unresolved' as kind, 'level' as figure_measure,
        printed * multiplier as obs_value, value_text as quote,
        clause_at + length(name_zh) as quote_at, 'eq' as bound, unit_measure as figure_unit,
    from clause where rank_drawn > 0.85
)

select
    one.* exclude (obs_value, sentence_start, published_on),
    cast(obs_value as decimal(38, 10)) as obs_value,
    cast(sentence_start as integer) as sentence_start,
    report.document_id,
    report.published_on,
    left(
        md5(report.document_id || '|' || kind || '|' || indicator_no || '|' || figure_measure || '|' || coalesce(breakdown, '')), 24
    ) as statement_id,
from (select *, null as published_on from one) as one
inner join report on report.place_no = one.place_no and report.document_no = one.document_no
order by one.place_no, one.document_no, one.indicator_no;

-- The documents' texts: a sentence a line.
create or replace temp table line as
select
    *,
    sum(length(sentence) + 1) over (partition by document_id order by sentence_start) - length(sentence) - 1 as starts_at,
from (
    select
        document_id,
        sentence_start,
        any_value(sentence) as sentence,
    from figure
    group by document_id, sentence_start
) as sentence;

insert into raw.text
select
    report.document_id,
    coalesce(string_agg(line.sentence, chr(10) order by line.sentence_start), report.name_zh),
from report
left join line on line.document_id = report.document_id
group by report.document_id, report.name_zh, report.place_no, report.document_no
order by report.place_no, report.document_no;

insert into core.statement by name
select
    statement_id,
    figure.document_id as text_id,
    cast(line.starts_at + quote_at as integer) as span_start,
    cast(line.starts_at + quote_at + length(quote) as integer) as span_end,
    quote,
    figure.sentence,
    cast(line.starts_at as integer) as sentence_start,
    if(kind = 'target', 'target', 'fact') as kind,
    'area' as subject_type,
    place_zh as subject,
    name_zh as indicator,
    figure_measure as measure,
    obs_value as value,
    case when figure_measure = 'growth' then '%' when figure_measure = 'level' then unit end as unit,
    bound as comparator,
    cast(if(kind = 'target', year + 1, year) as varchar) as time_period,
    own_scope as scope,
    case when kind = 'target' then '预期目标' end as modality_zh,
    base,
    'v' as extractor_version,
from figure
inner join line on line.document_id = figure.document_id and line.sentence_start = figure.sentence_start
order by figure.place_no, figure.document_no, figure.indicator_no;

create or replace temp view resolved as
select
    left(md5('fact' || statement_id), 24) as fact_id,
    statement_id,
    document_id,
    ref_area,
    indicator_id,
    breakdown,
    figure_measure as measure,
    base,
    'A' as freq,
    if(kind = 'target', year + 1, year) as figure_year,
    cast(figure_year as varchar) as time_period,
    make_date(figure_year, 1, 1) as period_start,
    make_date(figure_year, 12, 31) as period_end,
    own_scope as scope,
    'area' as subject_type,
    obs_value,
    figure_unit as unit_measure,
    quote as value_text,
    case figure_measure when 'level' then decimals when 'growth' then 1 else 0 end as decimals,
    cast(case figure_measure when 'level' then multiplier / pow(10, figure.decimals) when 'growth' then 0.1 else 1 end as decimal(38, 10)) as precision_value,
    bound as comparator,
    if(kind = 'target', 'F', 'A') as obs_status,
    published_on,
    timestamp '2026-01-01' as known_from,
    case when rank_drawn < 0.01 then 'approximate_period' end as caveat_codes,
    'expect' as modality,
    '预期目标' as modality_zh,
    'unstated' as nature,
    kind,
from figure;

insert into core.fact by name
select * exclude (kind, figure_year, modality, modality_zh, nature) from resolved where kind = 'fact';

insert into core.target by name
select * exclude (kind, figure_year) from resolved where kind = 'target';

insert into core.unresolved by name
select statement_id, document_id, 'unknown_indicator' as reason, name_zh as detail from figure where kind = 'unresolved';

-- What the gate would say: a caveat on three figures in a hundred, and a few withheld.
insert into core.caveat by name
select fact_id, 'contradicted' as caveat_code, 'figures_agree' as rule, 'another value elsewhere' as detail,
from resolved where kind = 'fact' and hash(fact_id) % 100 < 3;

insert into core.withheld by name
select fact_id, 'core.' || kind as relation, 'magnitude_plausible' as rule, 'too large' as detail,
from resolved where kind <> 'unresolved' and hash(fact_id) % 10000 = 77;

drop view resolved;
drop table line;
drop table figure;
drop table sentence;
drop table said;
drop table report;
