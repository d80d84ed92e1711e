-- relation: core.figure
-- severity: critical
-- mostly: 0.95
-- tolerated_rows: 20
-- note_zh: 区划代码不在区划表内。
-- note_en: The area code is in no list of places.
select
    figure.fact_id,
    'ref_area = ' || figure.ref_area as detail,
    null::varchar as other_id,
from core.figure as figure
anti join core.place as place on place.ref_area = figure.ref_area
