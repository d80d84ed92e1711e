"""An explanation as lines of plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from gongbao.harmless import harmless
from gongbao.publish.explanation import Explanation, Outcome


def render(explanation: Explanation) -> list[str]:
    """The explanation as lines: the quote in its sentence, marked 【】; document, slots and steps; then the judgement.

    Control and direction marks of a document are written as escapes: no text from outside steers a terminal.
    """
    return [harmless(line.rstrip()) for line in _lines(explanation)]


def _lines(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation.kind} {explanation.identifier}"
    yield ""
    sentence = f"{explanation.sentence_before}【{explanation.quote}】{explanation.sentence_after}"
    yield "  " + " ".join(sentence.split())
    yield f"  {explanation.locator}"
    yield from _table("document", explanation.document)
    yield from _table("known of the document", explanation.evidence)
    yield from _table("statement", explanation.slots)
    yield from _table("normalised", [(step.slot, f"{step.stated} → {step.became}") for step in explanation.steps])
    yield ""
    yield f"published: {explanation.publication}"
    for remark in explanation.remarks:
        yield f"  {remark}"
    for rival in explanation.rivals:
        mark = "preferred" if rival.is_preferred else "rival"
        yield (
            f"  {mark} {rival.fact_id}: {rival.value} 【{rival.quote}】 {rival.document_title or '(no title)'}"
            f", {rival.published_on or 'undated'}"
        )
    for outcome in explanation.outcomes:
        yield from _outcome(outcome)
    yield ""
    yield "to correct it, in corrections.yml"
    for line in explanation.record.splitlines():
        yield f"  {line}"


def _table(title: str, pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    if pairs:
        yield ""
        yield title
        width = max(len(name) for name, _ in pairs)
        for name, value in pairs:
            yield f"  {name:<{width}}  {' '.join(value.split())}"


def _outcome(outcome: Outcome) -> Iterator[str]:
    yield ""
    reason = f" ({outcome.reason})" if outcome.reason else ""
    yield f"target for {outcome.time_period}: {outcome.status}{reason}, light {outcome.light}"
    yield f"  promised 【{outcome.target_quote}】 {outcome.target_fact_id}"
    if outcome.actual_fact_id:
        title = outcome.actual_document_title or "(no title)"
        yield f"  actual   【{outcome.actual_quote}】 {outcome.actual_fact_id}, {title}"
    if outcome.attainment_ratio is not None:
        yield f"  ratio {outcome.attainment_ratio:.4f}, gap {outcome.gap}"
    if outcome.first_fact_id:
        yield f"  as first published: {outcome.first_status} 【{outcome.first_quote}】 {outcome.first_fact_id}"
