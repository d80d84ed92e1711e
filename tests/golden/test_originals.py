"""Real files of every format: each is read or refused for the right reason, and its numbers come out, no others.

What falls outside the bounds is listed with its reason, so that nothing slips past unseen.
"""

from __future__ import annotations

import pytest

from tests.golden.originals import ORIGINALS, Outcome, compared, numbers, outcomes

KEPT, ADDED = 0.98, 0.02
REFUSED = {
    "NOTEXT_2025_official_jiangsu_huaian_2026_budget_report.pdf": "garbled",  # its fonts do not name their characters
    "NOTEXT_2025_official_shijiazhuang_2025_budget_report.pdf": "damaged",  # it was cut off
    "NOTEXT_2025_official_zhangjiajie_2025_statistical_bulletin.pdf": "no_text_layer",
    "prefecture_kezileisuzhou_2025_statistical_communique.html": "empty",  # the document is a picture on the page
}
OUTSIDE = {
    # The other text repeats titles in merged cells once a column: 8 times 2025.
    "prefecture_hetiandiqu_2025_statistical_communique.docx",
    # The other text keeps the page head's line with its date, three numbers of forty-one.
    "prefecture_changzhou_2025_budget_report.html",
    # The other text lacks the page's first block: title, opening and 一、综合.
    "prefecture_tahe_2025_statistical_communique.html",
    # The other text lacks the title and the date, five numbers of fifty.
    "prefecture_xinxiang_2025_budget_report.html",
}


@pytest.fixture(scope="module")
def read() -> dict[str, Outcome]:
    if not ORIGINALS.is_dir():
        pytest.skip("the real documents are not beside this checkout")
    return {outcome.name: outcome for outcome in outcomes([])}


def test_every_file_is_read_or_refused_for_the_right_reason(read: dict[str, Outcome]) -> None:
    assert {name: each.reason for name, each in read.items() if each.text is None} == REFUSED


def test_the_numbers_come_out_and_no_others(read: dict[str, Outcome]) -> None:
    measured = {name: each for name, each in read.items() if each.kept is not None and each.added is not None}
    outside = {name for name, each in measured.items() if (each.kept or 0) < KEPT or (each.added or 0) > ADDED}
    assert len(measured) > 40
    assert outside == OUTSIDE


def test_lines_of_page_numbers_do_not_count_and_wrapped_numbers_are_one() -> None:
    assert numbers("收入1\n2.5亿元\n— 3 —\n第4页\n支出6亿元", joined=True, whole=False) == {"12.5": 1, "6": 1}
    assert numbers("收入1\n2.5亿元", joined=False, whole=True) == {"1": 1, "2.5": 1}


def test_a_cell_alone_on_its_line_is_no_page_number_where_the_other_text_has_it_in_a_row() -> None:
    found = compared("a", ours="工业机器人\t套\t12\t105.3\n", theirs="工业机器人\n套\n12\n105.3\n")
    assert (found.kept, found.added) == (1, 0)


def test_what_is_lost_and_what_is_added_is_counted() -> None:
    found = compared("a", ours="收入12.5亿元，浏览1573次", theirs="收入12.5亿元，支出8亿元")
    assert (found.kept, found.added) == (0.5, 0.5)
