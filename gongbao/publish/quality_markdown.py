"""What the checks found in a night, as Markdown for the page of its run: short, with the way to quality.html.

The answer stands first, with what to do; then a table of the findings, the gravest on top, and below it what each means
and one of its rows, as Prefect breaks no line inside a table. What documents say in it is text, never markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from gongbao.harmless import harmless
from gongbao.publish.quality_page import OUTCOMES, SEVERITIES
from gongbao.validate.verdict import CheckResult, Verdict

_MARKUP = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|~&#!$:@"})
_LONGEST = 200
_HEAD = "| 结果 what followed | 程度 severity | 规则 rule | 行 rows | 上限 limit |\n| --- | --- | --- | --- | --- |"


def quality_markdown(verdicts: Sequence[Verdict], answer: str, page: Path | None, remedy: str = "") -> str:
    """The findings of a night; `answer` says what became of its release.

    `page` is where all checks and rows stand, None where it could not be written; `remedy` is what to do where the
    release is held.
    """
    passed = sum(verdict.passed for verdict in verdicts)
    checks = passed + sum(verdict.failed for verdict in verdicts)
    parts = [f"**{escaped(answer)}**"]
    if remedy:
        parts.append(f"**怎么办** {escaped(remedy)}")
    parts += [
        f"检查 {checks:,} 项，通过 {passed:,} 项。 {passed:,} of {checks:,} checks found nothing.",
    ]
    if page:
        parts.append(f"全部检查与所涉各行 Every check, with its rows: {escaped(str(page))}")
    if findings := _findings(verdicts):
        parts.append("\n".join((_HEAD, *(_row(result) for result in findings))))
        parts.append("\n".join(_meaning(result) for result in findings))
    return "\n\n".join(parts) + "\n"


def _findings(verdicts: Sequence[Verdict]) -> list[CheckResult]:
    """What was found, by what followed from it, the gravest first."""
    order = list(OUTCOMES)
    found = [result for verdict in verdicts for result in verdict.results if result.outcome != "passed"]
    return sorted(found, key=lambda result: order.index(result.outcome))


def _row(result: CheckResult) -> str:
    cells = (
        " ".join(OUTCOMES[result.outcome]),
        " ".join(SEVERITIES[result.severity]),
        f"{result.suite} {result.expectation}",
        result.observed,
        result.limit,
    )
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def _meaning(result: CheckResult) -> str:
    """An item of a list: what the finding means, and the first of its rows with its quote and document."""
    item = f"- **{escaped(result.expectation)}** {escaped(result.note_zh)} {escaped(result.note_en)}"
    for sample in result.samples[:1]:
        source = f" 「{_short(sample.quote)}」 {_short(sample.document or '')}" if sample.quote else ""
        item += f" 例 For instance {escaped(f'{_short(sample.row_id)}: {_short(sample.detail)}{source}')}"
    return item


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def escaped(text: str) -> str:
    """Text that Markdown shows as it stands, in one line: no markup, no link made of an address."""
    line = harmless(" ".join(text.split()))
    return re.sub(r"(?i)\b(www)\.", r"\1\\.", line.translate(_MARKUP))
