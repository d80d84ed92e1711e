-- One row per kind of document: which kind counts before which when two of them state the same figure.
-- A yearbook's table is final, a communiqué is the bureau's, reports and speeches quote preliminary figures.
select
    cast(doc_type as varchar) as doc_type,
    cast(source_rank as integer) as source_rank,
from (
    values
        ('table', 1),
        ('statistical_communique', 2),
        ('monthly', 3),
        ('budget_report', 4),
        ('plan_report', 5),
        ('work_report', 6),
        ('work_summary', 7),
        ('analysis', 8),
        ('press_conference', 9),
        ('profile', 10),
        ('other', 11)
) as precedence (doc_type, source_rank)
