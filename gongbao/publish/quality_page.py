"""quality.html: what the gate checked and what it found, as one page for a person, without Great Expectations.

The answer stands first, then the findings, the gravest on top, each with its rows; then what to do, what the severities
mean, and every check by suite, folded. The page needs nothing else: no script, no font, no network. It tells neither
when it was made nor what was published before, so the same results give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from gongbao.harmless import harmless
from gongbao.publish.dictionary import STYLE
from gongbao.validate.verdict import CheckResult, Outcome, Sample, Severity, Verdict

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    "held": ("不予发布", "held"),
    "withheld": ("扣下", "withheld"),
    "caveat": ("带提示", "caveat"),
    "reported": ("仅报告", "reported"),
    "passed": ("通过", "passed"),
}
"""What follows from a check, the gravest first."""
SEVERITIES: Mapping[Severity, tuple[str, str]] = {
    "critical": ("严重", "critical"),
    "warning": ("警告", "warning"),
    "info": ("信息", "info"),
}
_FOLLOWED: Mapping[Outcome, tuple[str, str]] = {
    "held": ("整个版本不发布，current 不变", "the release is not published, current is as before"),
    "withheld": ("这些行不进入数据集市", "these rows stay out of the marts"),
    "caveat": ("不妨碍发布，行上附提示代码", "no bar to publishing; the rows bear a caveat"),
    "reported": ("不妨碍发布，只在此报告", "no bar to publishing; told here only"),
}
_MEANINGS: Mapping[Severity, tuple[tuple[str, str], tuple[str, str]]] = {
    "critical": (
        (
            "该行不进入数据集市；不合的行超过上限时，整个版本不发布",
            "the row stays out of the marts; beyond the limit the release is held",
        ),
        ("整个版本不发布", "the release is held"),
    ),
    "warning": (("照常发布，附提示", "published with a caveat"), ("只报告", "reported")),
    "info": (("只报告", "reported"), ("只报告", "reported")),
}
"""What a bad row means by severity: in core, and in a staged mart."""
_LIMITS = (
    "上限写作“5 % and 20 rows”时，不合的行既超过 5 % 又超过 20 行，才不发布；“无”则从不使版本不发布。",
    "A limit of 5 % and 20 rows holds the release where the bad rows are beyond both; where it is none, it never does.",
)
_OPEN: frozenset[Outcome] = frozenset({"held", "withheld"})
"""Findings whose rows are seen at once; those of the others unfold."""
_CHANGES = "release."
"""So begin the suites that compare a release with the one before, see `gongbao.churn`."""
_SHOWN = 5
"""Rows of a finding that are seen at once; the others unfold."""
_LONGEST = 300
_STYLE = (
    STYLE
    + """
h1 { margin-bottom: .3em } h3 { display: inline; font-size: 1em; margin: 0 } ol { padding-left: 1.4em }
code, .samples td { overflow-wrap: anywhere }
.answer { border-left: .4em solid; padding: .5em .9em; margin: .6em 0; font-size: 1.15em; font-weight: bold }
.answer .en { display: block; font-size: .85em; font-weight: normal; color: inherit }
.badge { display: inline-block; border: 1px solid; border-radius: .3em; padding: 0 .45em; white-space: nowrap;
  font-size: .9em }
.held { color: #8b0f0f; background: #fde4e4 } .withheld { color: #8b2500; background: #feece2 }
.caveat { color: #664600; background: #fff4d1 } .reported { color: #2b4257; background: #e9f0f6 }
.passed { color: #1c5a2d; background: #e7f4ea }
details { border-top: 1px solid #ddd; padding: .4em 0 } summary { cursor: pointer; padding: .2em 0 }
.note { display: block } .note, .rows { margin-left: 1.1em } .rows details { border: 0 }
dl { margin: .5em 0; font-size: .9em } dl div, dt, dd { display: inline } dl div { margin-right: 1.2em }
dt { color: #555 } dd { margin: 0 } td code, th code { font-size: .9em } .samples th, .checks th { font-weight: normal }
.samples, .checks { table-layout: fixed } .samples thead th:first-child { width: 27% }
.samples thead th:last-child { width: 33% } nav a { white-space: nowrap }
.checks th:first-child { width: 24% } .checks th:nth-child(n + 3) { width: 17% }
@media (max-width: 40em) {
  body { margin: .5em auto; padding: 0 .7em } .samples, .samples tbody, .samples tr, .samples td,
  .samples tbody th { display: block; border: 0; padding: 0 } .samples thead { display: none }
  .samples tr { border-bottom: 1px solid #ddd; padding: .4em 0 } .note, .rows { margin-left: 0 }
  .checks { font-size: .87em } .checks th, .checks td { padding: .3em .25em } .checks .badge { white-space: normal }
  dl div { display: block }
}
@media print {
  body { font-size: 11px; margin: 0; max-width: none } nav { display: none } tr { break-inside: avoid }
  summary { break-after: avoid } .found details::details-content { content-visibility: visible; block-size: auto }
}
"""
)


def quality_page(verdicts: Sequence[Verdict], code_version: str, release_id: str | None) -> str:
    """The page of a release; without a `release_id`, that of a night which published nothing, as the gate held it.

    All texts of documents and rules are text, never markup, and control characters are written as escapes.
    """
    results = [result for verdict in verdicts for result in verdict.results]
    found = _gravest_first(results)
    answer = _answer(verdicts, results)
    title_zh, title_en = ("质量报告", "Quality report") if release_id else ("质量报告：未发布", "Quality report: held")
    release = f"发布版本 {_en('release')} {_code(release_id)} · " if release_id else ""
    return f"""<!DOCTYPE html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title_zh} {title_en}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{title_zh} {_en(title_en)}</h1>
<p class="answer {found[0].outcome if found else "passed"}">{_both(*answer)}</p>
<p>{release}程序版本 {_en("code")} {_code(code_version)}</p>
{_findings(found, is_release=release_id is not None)}
<section>
<h2 id="severities">严重程度 {_en("What the severities mean")}</h2>
{_severities()}
</section>
<section>
<h2 id="checks">全部检查 {_en("Every check, by suite")}</h2>
{_suites(results)}
</section>
</body>
</html>
"""


def _gravest_first(results: Sequence[CheckResult]) -> list[CheckResult]:
    """What found something: by outcome, then severity; among equals in the order of the suites."""
    outcomes, severities = list(OUTCOMES), list(SEVERITIES)
    found = [result for result in results if result.outcome != "passed"]
    return sorted(found, key=lambda each: (outcomes.index(each.outcome), severities.index(each.severity)))


def _answer(verdicts: Sequence[Verdict], results: Sequence[CheckResult]) -> tuple[str, str]:
    """The page in one sentence, in Chinese and English."""
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in OUTCOMES}
    number, failed = len(results), len(results) - counts["passed"]
    if not failed:
        return (
            f"{number:,} 项检查，没有发现问题，无须处理。",
            f"{number:,} checks found nothing; there is nothing to do.",
        )
    withheld = sum(verdict.withheld for verdict in verdicts)
    caveats = sum(verdict.caveats for verdict in verdicts)
    told_zh, told_en = [], []
    if counts["held"]:
        told_zh.append(f"{counts['held']:,} 项使版本不能发布")
        told_en.append(f"{counts['held']:,} of them {'hold' if counts['held'] > 1 else 'holds'} the release")
    if withheld:
        told_zh.append(f"扣下 {withheld:,} 条数据")
        told_en.append(f"{_counted(withheld, 'figure is', 'figures are')} kept out of the marts")
    if caveats:
        told_zh.append(f"{caveats:,} 条数据带提示")
        told_en.append(f"{_counted(caveats, 'figure bears', 'figures bear')} a caveat")
    if counts["reported"]:
        told_zh.append(f"{counts['reported']:,} 项仅作报告")
        told_en.append(f"{_counted(counts['reported'], 'finding is', 'findings are')} for information")
    said_zh = f"：{'，'.join(told_zh)}" if told_zh else ""
    said_en = f": {', '.join(told_en)}" if told_en else ""
    unpublished_zh, unpublished_en = ("没有发布。", "Nothing was published. ") if counts["held"] else ("", "")
    return (
        f"{unpublished_zh}{number:,} 项检查，{failed:,} 项有发现{said_zh}。",
        f"{unpublished_en}{failed:,} of {number:,} checks found something{said_en}.",
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _findings(found: Sequence[CheckResult], *, is_release: bool) -> str:
    if not found:
        return ""
    findings = "\n".join(_finding(result) for result in found)
    return f"""<nav><a href="#do">怎么办 <span lang="en">What to do</span></a>
<a href="#severities">严重程度 <span lang="en">Severities</span></a>
<a href="#checks">全部检查 <span lang="en">Every check</span></a></nav>
<section class="found">
<h2>发现 {_en("Findings")}</h2>
{findings}
</section>
<section>
<h2 id="do">怎么办 {_en("What to do")}</h2>
<ol>
{_advice(found, is_release=is_release)}
</ol>
</section>"""


def _finding(result: CheckResult) -> str:
    slots = [
        ("检查", "check", f"{_code(result.suite)} {_code(result.expectation)}"),
        ("对象", "on", _code(result.target)),
        ("严重程度", "severity", _both(*SEVERITIES[result.severity])),
        ("后果", "what followed", _both(*_FOLLOWED[result.outcome])),
        ("上限", "limit", _en(result.limit) if result.limit != "none" else _both("无", "none")),
    ]
    listed = "\n".join(f"<div><dt>{zh} {_en(en)}</dt> <dd>{value}</dd></div>" for zh, en, value in slots)
    return f"""<details{" open" if result.outcome in _OPEN else ""}>
<summary>{_badge(result.outcome)} <h3>{_text(result.note_zh)}</h3> {_rows_zh(result)}
<span class="note">{_en(f"{result.note_en} {result.observed}")}</span></summary>
<div class="rows">
{_samples(result)}
<dl>
{listed}
</dl>
</div>
</details>"""


def _rows_zh(result: CheckResult) -> str:
    if result.rows_checked is None or result.rows_failed is None:
        return ""
    return f"{result.rows_checked:,} 行中 {result.rows_failed:,} 行 "


def _rows(result: CheckResult) -> str:
    """Rows failed of rows checked, in short; nothing of a check on a relation as a whole."""
    if result.rows_checked is None or result.rows_failed is None:
        return ""
    return f"{result.rows_failed:,} / {result.rows_checked:,}"


def _samples(result: CheckResult) -> str:
    first, rest = result.samples[:_SHOWN], result.samples[_SHOWN:]
    if not first:
        return ""
    lines = [_table(first)]
    if rest:
        more = _both(f"再看 {len(rest)} 行", f"{_counted(len(rest), 'row', 'rows')} more")
        lines.append(f"<details><summary>{more}</summary>\n{_table(rest)}\n</details>")
    beyond = (result.rows_failed or 0) - len(result.samples)
    if beyond > 0:
        unseen = _both(f"另有 {beyond:,} 行未列出。", f"{_counted(beyond, 'row is', 'rows are')} not shown.")
        lines.append(f"<p>{unseen}</p>")
    return "\n".join(lines)


def _table(samples: Sequence[Sample]) -> str:
    rows = "\n".join(_sample(sample) for sample in samples)
    return f"""<table class="samples">
<thead><tr><th scope="col">编号 {_en("id")}</th><th scope="col">问题与原句 {_en("what is wrong, the sentence")}</th>
<th scope="col">文件 {_en("document")}</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _sample(sample: Sample) -> str:
    other = f"<br>另一方 {_en('the other')} {_code(sample.other_id)}" if sample.other_id else ""
    if sample.sentence:
        quote = f"<br>「{_text(' '.join(sample.sentence.split()))}」"  # texts of PDFs break lines within a sentence
    else:
        quote = f" 「{_text(sample.quote)}」" if sample.quote else ""
    return (
        f'<tr><th scope="row">{_code(sample.row_id)}{other}</th><td>{_text(sample.detail)}{quote}</td>'
        f"<td>{_text(sample.document or '')}</td></tr>"
    )


def _advice(found: Sequence[CheckResult], *, is_release: bool) -> str:
    """What a person does about the findings, as items of a list."""
    outcomes = {result.outcome for result in found}
    named = (sample.row_id for result in found for sample in result.samples if sample.quote)
    explain = f"gongbao explain {next(named, 'ID')}"
    lines = [
        (f"看原句：<code>{_text(explain)}</code>", "Read a row in its sentence, and how it was read."),
        (
            "读错了（指标、地名、单位）：<code>gongbao review</code>",
            "It was misread, or a name is unknown: answer there.",
        ),
        (
            "来源本身有误：在 <code>corrections.yml</code> 里更正，格式由 explain 给出；"
            "或以原文件名放入发布机关更正后的文件",
            "The source itself is wrong: write a correction, explain prints its form; or bring the bulletin as its "
            "office has corrected it, under the same name.",
        ),
    ]
    if any(result.outcome == "held" and result.suite.startswith(_CHANGES) for result in found):
        lines.append(
            (
                "变化属实：用 <code>gongbao diff</code> 核对，再 <code>gongbao publish</code> 放行，版本编号即 "
                "<code>held/</code> 下的目录名",
                "What went or changed is right: look at the difference, then let the release pass; its id is the name "
                "of the folder in held/.",
            )
        )
    if "held" in outcomes:
        lines += [
            (
                "规则或词汇有误：改 <code>expectations/</code> 或 <code>vocabulary/</code>",
                "The rule or the vocabulary is wrong: mend it.",
            ),
            (
                "改好后重新运行：<code>gongbao run</code>。在此之前 <code>current</code> 不变",
                "Then run again; until then current is as before. As a warehouse forgets no document, one that is at "
                "fault for good is left out by running into a new warehouse.",
            ),
        ]
    else:
        lines.append(("改好后下一夜重新检查", "The next night judges anew; nothing else has to be done."))
    if "caveat" in outcomes and is_release:
        lines.append(
            (
                "引用带提示的数据前先看原句；提示代码在 <code>caveat_codes</code> 列，"
                '含义见 <a href="dictionary.html#caveats">数据字典</a>',
                "Read the sentence before you cite a figure with a caveat; the dictionary says what each means.",
            )
        )
    return "\n".join(f"<li>{zh}。 {_en(en)}</li>" for zh, en in lines)


def _severities() -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{_both(*SEVERITIES[severity])}</th><td>{_both(*core)}</td><td>{_both(*mart)}</td></tr>'
        for severity, (core, mart) in _MEANINGS.items()
    )
    return f"""<table>
<thead><tr><th scope="col">严重程度 {_en("severity")}</th><th scope="col">core 中的行 {_en("a bad row in core")}</th>
<th scope="col">数据集市中的行 {_en("a bad row in a staged mart")}</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p>{_both(*_LIMITS)}</p>"""


def _suites(results: Sequence[CheckResult]) -> str:
    suites: dict[str, list[CheckResult]] = {}
    for result in results:
        suites.setdefault(result.suite, []).append(result)
    return "\n".join(_suite(name, checks) for name, checks in suites.items())


def _suite(name: str, checks: Sequence[CheckResult]) -> str:
    found = sum(check.outcome != "passed" for check in checks)
    told_zh = f"{len(checks)} 项" + (f"，{found} 项有发现" if found else "，全部通过")
    told_en = _counted(len(checks), "check", "checks") + (f", {found} found something" if found else ", all passed")
    rows = "\n".join(_check(check) for check in checks)
    return f"""<details>
<summary><h3>{_code(name)}</h3> {_both(told_zh, told_en)}</summary>
<table class="checks">
<thead><tr><th scope="col">检查 {_en("check")}</th><th scope="col">不合意味着 {_en("what a bad row means")}</th>
<th scope="col">结果 {_en("outcome")}</th><th scope="col">不合 / 受检 {_en("failed / checked")}</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</details>"""


def _check(check: CheckResult) -> str:
    limit = f"<br>上限 {_en(f'limit {check.limit}')}" if check.limit != "none" else ""
    return (
        f'<tr><th scope="row">{_code(check.expectation)}<br>{_en(check.target)}</th>'
        f"<td>{_text(check.note_zh)}<br>{_en(check.note_en)}</td>"
        f"<td>{_badge(check.outcome)}<br>{_both(*SEVERITIES[check.severity])}</td>"
        f"<td>{_rows(check) or _en(check.observed)}{limit}</td></tr>"
    )


def _badge(outcome: Outcome) -> str:
    zh, en = OUTCOMES[outcome]
    return f'<span class="badge {outcome}">{zh} <span lang="en">{en}</span></span>'


def _both(zh: str, en: str) -> str:
    return f"{_text(zh)} {_en(en)}"


def _en(text: str) -> str:
    return f'<span class="en" lang="en">{_text(text)}</span>'


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>"


def _text(text: str) -> str:
    """A text as it may stand in the page, cut where it is very long."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return escape(harmless(shown))
