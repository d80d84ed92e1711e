-- relation: core.figure
-- severity: critical
-- mostly: 0.99
-- tolerated_rows: 0
-- note_zh: 数据没有对应的表述或文件，出处缺失。
-- note_en: The figure's statement or document is not in the warehouse: nothing says where it comes from.
select
    figure.fact_id,
    case when statement.statement_id is null then 'no statement ' || figure.statement_id
        else 'no accepted document ' || figure.document_id end as detail,
    null::varchar as other_id,
from core.figure as figure
left join (select distinct statement_id from core.statement) as statement
    on statement.statement_id = figure.statement_id
left join (
    select distinct document_id from raw.document where ingest_status in ('accepted', 'accepted_with_warning')
) as document on document.document_id = figure.document_id
where statement.statement_id is null or document.document_id is null
