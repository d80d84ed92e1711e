-- relation: marts.fact
-- severity: warning
-- note_zh: 数量级有误：与另一处数值、上下年或增速相差十倍、百倍或万倍，多半是单位或小数点之误。
-- note_en: Off by a power of ten from its rival, its growth or the years beside it: most often a slip of the unit or the decimal point, here or there.
-- core.magnitude_slip says by what it is shown. Beside other years it may be less than the ten times of no_sudden_jump.
select
    fact_id,
    quote || ' beside ' || other_quote || ', off by a factor of some '
    || format('{:,}', cast(pow(10, deviation) as bigint)) as detail,
    other_fact_id as other_id,
from marts.discrepancy
where finding = 'magnitude_slip'
