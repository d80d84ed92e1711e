-- relation: core.figure
-- severity: critical
-- mostly: 0.99
-- tolerated_rows: 0
-- note_zh: 按位置从原文截取的文字与引文不符，出处不可信。
-- note_en: The stored text, cut at the span, is not the quote: the figure cannot be traced to its sentence.
-- Positions count Unicode code points, as substr does.
select distinct
    figure.fact_id,
    'quote ' || statement.quote || ', text '
    || coalesce(substr(text.content, statement.span_start + 1, statement.span_end - statement.span_start), 'absent')
        as detail,
    null::varchar as other_id,
from core.figure as figure
inner join core.statement as statement on statement.statement_id = figure.statement_id
left join raw.text as text on text.text_id = statement.text_id
where
    statement.span_start is not null
    and substr(text.content, statement.span_start + 1, statement.span_end - statement.span_start)
    is distinct from statement.quote
