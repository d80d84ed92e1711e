"""Numbers on the explorer page: exact, whatever they are shown as."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.opened import Opened

CASES = {
    "plain(55330000n)": "5533",
    "plain(-12345n)": "-1.2345",
    "plain(null)": "",
    "plain(999999999999999999n)": "99999999999999.9999",
    "grouped(123456789012n)": "12,345,678.9012",
    "grouped(-10000000n)": "−1,000",
    "grouped(893600000000n, MAGNITUDES.zh[1])": "8,936",
    "grouped(612345670001n, MAGNITUDES.zh[1])": "6,123.45670001",
    "grouped(1234n, MAGNITUDES.zh[0])": "0.000000001234",
    "grouped(-1736000000n * 10000n, MAGNITUDES.zh[0])": "−17.36",
    "magnitudeOf([893600000000n, null]).zh": "万",
    "magnitudeOf([893600000000n, 50000n]).zh": "",
    "bounded({obs_value: 50000n, comparator: 'min'})": "5以上",
    "bounded({obs_value: 50000n, obs_value_high: 80000n, comparator: 'range'})": "5–8",
    "bounded({obs_value: 630000000000n, comparator: 'approx'}, MAGNITUDES.zh[1], '万元')": "6,300 万元左右",
    "bounded({obs_value: 50000n, comparator: 'min'}, NONE, '%')": "5%以上",
    "signed('0')": "0",
    "signed('5.0')": "+5.0",
    "percent(1.0345)": "103.5%",
    "csv([['=1+1', '+x', '-x', '@x', {number: '-5'}]])": "\ufeff'=1+1,'+x,'-x,'@x,-5\r\n",
    r"""csv([['a,b', 'say "x"', 'two\nlines']])""": '\ufeff"a,b","say ""x""","two\nlines"\r\n',
    "[10, 9, null, 2].sort(compare).join()": "2,9,10,",
    "yearBefore('2023-01/2023-10')": "2022-01/2022-10",
}


def test_a_number_is_shown_with_all_its_digits(show: Callable[..., Opened], sample_marts: Path) -> None:
    page = show(sample_marts).go(view="methods")
    assert {expression: page.evaluate(expression) for expression in CASES} == CASES
