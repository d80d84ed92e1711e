"""What the gate found: one result for each check, and the verdict over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["critical", "warning", "info"]
Outcome = Literal["passed", "reported", "caveat", "withheld", "held"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A row that broke a check: its id, what is wrong with it, and where a person reads it.

    `document` is the file's name, `quote` the numeral as printed, `sentence` what stands around it, the quote marked
    【】; null where the row comes from no document, and the sentence of a cell.
    """

    row_id: str
    detail: str
    other_id: str | None = None
    document: str | None = None
    quote: str | None = None
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check in one run, as it stands in `ops.check_result`.

    `suite` is the judged relation, or the schema's `rules`; `expectation` the check's own name; `target` the columns
    or relations it looks at. `success` is Great Expectations' word: no more bad rows than the limit allows.
    `outcome` is what follows: `passed` (no bad row), `reported`, `caveat` (on the rows), `withheld` (the rows stay
    out of the marts), `held` (the release does). `observed` and `limit` are written for people.
    """

    suite: str
    expectation: str
    target: str
    severity: Severity
    success: bool
    outcome: Outcome
    observed: str
    limit: str
    rows_checked: int | None
    rows_failed: int | None
    note_zh: str
    note_en: str
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the release is held, and every result, in the order of suites and checks.

    `passed` counts the checks that found nothing, `failed` those that found something, whatever followed;
    `withheld` and `caveats` count the rows concerned.
    """

    held: bool
    passed: int
    failed: int
    results: tuple[CheckResult, ...]
    withheld: int = 0
    caveats: int = 0


_ORDER: tuple[Outcome, ...] = ("held", "withheld", "caveat", "reported")
_SAYS = {
    "held": "holds the release",
    "withheld": "withheld",
    "caveat": "with a caveat",
    "reported": "for information",
}
WHEN_HELD = (
    "what to do: read the rows with `gongbao explain ID`; correct a misprint in corrections.yml or bring the bulletin "
    "as its office has corrected it, under the same name; mend the vocabulary or the rule that is wrong; then run "
    "again. As a warehouse forgets no document, one that is at fault for good is left out by running into a new one"
)
WHEN_WITHHELD = "withheld rows stay in core.withheld with the rule's name: `gongbao explain ID` tells their story"


def describe(verdict: Verdict) -> list[str]:
    """The findings for a person, one line each, the gravest first, and what to do about them; none where all is well.

    A line says what follows, which check found it where, how many rows against which limit, why it matters, and one
    of the rows with its quote.
    """
    lines = [_describe_result(result) for outcome in _ORDER for result in verdict.results if result.outcome == outcome]
    if verdict.held:
        lines.append(WHEN_HELD)
    elif verdict.withheld:
        lines.append(WHEN_WITHHELD)
    return lines


def checks_summary(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The verdicts for a release's manifest: counts, and each finding without its rows. Same input, same words."""
    return {
        "passed": sum(verdict.passed for verdict in verdicts),
        "failed": sum(verdict.failed for verdict in verdicts),
        "withheld": sum(verdict.withheld for verdict in verdicts),
        "caveats": sum(verdict.caveats for verdict in verdicts),
        "findings": [
            {
                "suite": result.suite,
                "expectation": result.expectation,
                "severity": result.severity,
                "outcome": result.outcome,
                "rows_checked": result.rows_checked,
                "rows_failed": result.rows_failed,
                "note_zh": result.note_zh,
                "note_en": result.note_en,
            }
            for verdict in verdicts
            for result in verdict.results
            if result.outcome != "passed"
        ],
    }


def _describe_result(result: CheckResult) -> str:
    line = (
        f"{_SAYS[result.outcome]}: {result.suite} {result.expectation}: {result.observed}, limit {result.limit}. "
        f"{result.note_zh} {result.note_en}"
    )
    for sample in result.samples[:1]:
        source = f", 「{sample.quote}」 in {sample.document}" if sample.quote and sample.document else ""
        line += f" For instance {sample.row_id} ({sample.detail}{source})"
    return line
