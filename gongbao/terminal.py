"""What the commands show a person: the night's summary and the doctor's findings."""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gongbao import consoles
from gongbao.doctor import Finding
from gongbao.harmless import harmless
from gongbao.ingest import IngestReport
from gongbao.publish.diff_page import in_words
from gongbao.runs import Summary

_TOLD = 20
"""Refusals and warnings that are printed; the rest is counted."""
MARKS = {"ok": "ok", "note": "note", "fault": "FAULT"}


def print_summary(summary: Summary) -> None:
    """The night in a dozen lines: what arrived, what it said, what was refused, what was published."""
    new = f"{summary.new_documents} new" if summary.new_documents else "none new"
    verdict = {"done": "done", "done_with_faults": "done, with faults"}.get(summary.outcome, summary.outcome)
    lines: list[tuple[str, str, str]] = [
        ("documents read", f"{summary.documents:,}", f"{new}, {summary.extracted:,} extracted this night"),
        ("quarantined", f"{summary.quarantined:,}", "refused inputs: reason and remedy in quarantine/"),
        ("statements", f"{summary.statements:,}", "quantified statements"),
        ("  facts", f"{summary.facts:,}", "what was or is"),
        ("  targets", f"{summary.targets:,}", "what shall be"),
        ("  project figures", f"{summary.project_figures:,}", "of one project or enterprise, kept apart"),
        (
            "  unresolved",
            f"{summary.unresolved:,}",
            f"of no known indicator or place: {summary.review_items:,} question{'s' * (summary.review_items != 1)}",
        ),
        ("refused numbers", f"{summary.refused:,}", "slogans, dates, ordinals: each with a reason"),
        ("withheld", f"{summary.withheld:,}", "figures that a critical rule kept out"),
        ("checks passed", f"{summary.checks_passed:,}", f"of {summary.checks_passed + summary.checks_failed:,}"),
    ]
    console = consoles.opened()
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim")
    for line in lines:
        table.add_row(*line)
    console.print(f"\ngongbao night {summary.run_id}: {verdict}\n")
    console.print(table)
    for note in summary.notes:
        console.print(Padding(Text(note, style="yellow"), (1, 0, 0, 0)))
    print_findings(summary.findings)
    if summary.changes is not None:
        told = f"against {summary.previous_release}: {in_words(summary.changes)} (+ added, ~ changed, - removed rows)"
        console.print(Padding(Text(f"{told}; gongbao diff shows them"), (1, 0, 0, 0)))
    release = f"{summary.release_id} ({'new' if summary.release_is_new else 'unchanged'})"
    console.print(
        f"\nrelease: {release}\nmarts:   {summary.marts}/*.parquet\npage:    {summary.marts}/explorer/index.html",
        markup=False,
        soft_wrap=True,
    )
    if summary.findings:
        console.print(f"checks:  {summary.marts}/quality.html", markup=False, soft_wrap=True)


def print_intake(report: IngestReport) -> None:
    """What the sources held, as a table, and what needs a look, each with its remedy."""
    console = consoles.opened(soft_wrap=True)
    counts = (
        ("new", report.new, "documents read for the first time"),
        ("unchanged", report.unchanged, "known at this address already"),
        ("revised", report.revised, "new content at a known address; the old one is kept"),
        ("duplicate", report.duplicate, "a known content or text at another address"),
        ("quarantined", report.quarantined, "refused: reason and remedy in quarantine/"),
        ("pending", len(report.pending), "pages not had now; the next night asks again"),
        ("ignored", len(report.ignored), "lock files and other furniture"),
    )
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim")
    for name, count, meaning in counts:
        table.add_row(name, f"{count:,}", meaning)
    table.add_row("seen", f"{report.seen:,}", "files and pages", end_section=True)
    console.print(table)
    for title, refusals in (("quarantined", report.refusals), ("pending", report.pending)):
        if refusals:
            console.print(f"\n{title}")
        for each in refusals[:_TOLD]:
            console.print(Text(harmless(f"  {each.source}: {each.uri}")))
            console.print(Text(harmless(f"    {each.reason}: {each.detail}")))
            console.print(Text(harmless(f"    → {each.remedy}"), style="dim"))
        if len(refusals) > _TOLD:
            console.print(f"  and {len(refusals) - _TOLD:,} more")
    for uri, codes in report.warnings[:_TOLD]:
        console.print(Text(harmless(f"warning: {uri}: {codes}"), style="yellow"))
    if len(report.warnings) > _TOLD:
        console.print(Text(f"and {len(report.warnings) - _TOLD:,} more warnings", style="yellow"))
    for name, reason in report.unreached:
        console.print(Text(harmless(f"source {name} was not reached: {reason}"), style="yellow"))
    if report.not_due:
        console.print(Text(f"not due by their schedule: {', '.join(report.not_due)}", style="dim"))


def print_findings(findings: Sequence[str]) -> None:
    """What the checks found, one paragraph a check; nothing where they found nothing."""
    if not findings:
        return
    console = consoles.opened()
    console.print("\nfindings of the checks")
    for finding in findings:
        console.print(Padding(Text(harmless(finding)), (0, 0, 0, 2)))


def print_examination(findings: Sequence[Finding]) -> None:
    """The doctor's findings as a table, faults in red, remedies below what they mend."""
    console = consoles.opened(soft_wrap=True)
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column()
    table.add_column(overflow="fold")
    for finding in findings:
        style = {"fault": "red", "note": "yellow"}.get(finding.status)
        table.add_row(finding.topic, MARKS[finding.status], finding.detail, style=style)
        if finding.remedy:
            table.add_row("", "", f"→ {finding.remedy}", style=style)
    console.print(table)
