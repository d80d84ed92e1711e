-- One row per theme, for the two measures that the page shows of the extractor in use.
select theme, slot, slot_zh, n_gold, precision, recall,
from marts.extraction_quality
where is_in_use and slot in ('located', 'strict') and n_gold > 0
order by theme, slot
