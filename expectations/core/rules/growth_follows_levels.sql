-- relation: core.admitted_fact
-- severity: warning
-- caveat: growth_mismatch
-- note_zh: 公布的增速与两年总量推算不符，可能口径调整或基数修订。
-- note_en: Printed growth does not follow from the two printed levels, whatever their rounding: scope or base was revised, or one of the three is wrong.
-- core.growth_mismatch says when it does not.
select
    fact_id,
    value_text || ' printed, ' || round(lowest, 1) || ' to ' || round(highest, 1) || ' % from ' || previous_level_text
    || ' and ' || level_text as detail,
    level_fact_id as other_id,
from core.growth_mismatch
