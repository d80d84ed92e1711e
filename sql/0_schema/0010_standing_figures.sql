-- What the critical checks judge is what could be published: a figure of a document that a revision superseded is in no
-- mart, so a misprint that its own office has corrected must not hold a release for ever.

create or replace view core.figure as
select 'core.fact' as relation, *
from core.fact
where known_to is null
union all by name
select 'core.target' as relation, * exclude (modality, modality_zh, nature)
from core.target
where known_to is null;
