"""The night's summary on a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongbao.runs import Summary
from gongbao.terminal import print_findings, print_summary

SUMMARY = Summary(
    run_id="run",
    outcome="done",
    documents=1,
    new_documents=1,
    extracted=1,
    statements=1,
    facts=1,
    targets=0,
    project_figures=0,
    unresolved=0,
    refused=0,
    quarantined=0,
    withheld=0,
    review_items=0,
    checks_passed=2,
    checks_failed=0,
    release_id="0123456789abcdef",
    release_is_new=True,
    marts="warehouse/current",
)


@pytest.mark.parametrize(
    ("findings", "is_named"), [((), False), (("withheld: core.rules not_negative: 1 of 9",), True)]
)
def test_the_page_of_the_checks_is_named_where_they_found_something(
    capsys: pytest.CaptureFixture[str], findings: tuple[str, ...], is_named: bool
) -> None:
    print_summary(replace(SUMMARY, findings=findings))
    assert ("checks:  warehouse/current/quality.html\n" in capsys.readouterr().out) == is_named


def test_a_finding_that_quotes_a_control_mark_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings(("「5533\x1b[2J万元」",))
    assert capsys.readouterr().out.split()[-1] == "「5533\\x1b[2J万元」"
