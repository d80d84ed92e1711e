-- relation: core.figure
-- severity: critical
-- mostly: 0.99
-- tolerated_rows: 0
-- note_zh: 表格中没有这个单元格，或其内容与引文不符。
-- note_en: The sheet has no such cell, or the cell's text is not the quote: the figure cannot be traced.
select distinct
    figure.fact_id,
    'quote ' || statement.quote || ' at ' || statement.sheet || '!' || statement.cell as detail,
    null::varchar as other_id,
from core.figure as figure
inner join core.statement as statement on statement.statement_id = figure.statement_id
anti join raw.cell as cell
    on cell.text_id = statement.text_id
    and cell.sheet = statement.sheet
    and cell.cell = statement.cell
    and cell.content = statement.quote
where statement.sheet is not null and statement.cell is not null
