"""What the page of a run shows: its summary as Markdown, and tables of what was refused and what a release changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gongbao.harmless import harmless
from gongbao.publish import Candidate, diff
from gongbao.publish.published import Published, folder_of, read
from gongbao.publish.quality_markdown import escaped
from gongbao.stopwatch import Stage

LARGEST = 2_000_000
"""Rows of both releases up to which samples are shown: asking for them joins each mart once more."""
SAMPLES = 2
ROWS = 200
"""Rows of a table; the rest is counted."""

_OUTCOMES = {
    "done": "完成 done",
    "done_with_faults": "完成，有问题 done, with faults",
    "held": "不予发布 held",
    "failed": "失败 failed",
}
Table = list[dict[str, Any]]


def summary_markdown(
    flow: str, run_id: str, outcome: str, answer: str, stages: Sequence[Stage], notes: Sequence[str] = ()
) -> str:
    """The run in half a page: what became of it, what to know, each stage with its seconds and counts."""
    parts = [f"**{_OUTCOMES.get(outcome, outcome)}** {escaped(f'{flow} {run_id}')}", escaped(answer)]
    if notes:
        parts.append("\n".join(f"- {escaped(note)}" for note in notes))
    if stages:
        head = "| 阶段 stage | 秒 seconds | 计数 counts |\n| --- | ---: | --- |"
        rows = [f"| {escaped(stage.name)} | {stage.seconds:,.1f} | {escaped(_counts(stage))} |" for stage in stages]
        parts.append("\n".join((head, *rows)))
    return "\n\n".join(parts) + "\n"


def _counts(stage: Stage) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in stage.counts.items() if number)


def quarantine_table(refusals: Sequence[Any]) -> Table:
    """One row for each refused input, with reason and remedy."""
    rows = [
        {
            "来源 source": harmless(each.source),
            "文件 uri": harmless(each.uri),
            "原因 reason": each.reason,
            "说明 detail": harmless(each.detail),
            "办法 remedy": harmless(each.remedy),
        }
        for each in refusals[:ROWS]
    ]
    if len(refusals) > ROWS:
        rows.append({"来源 source": f"另有 {len(refusals) - ROWS:,} 项 more, see quarantine/"})
    return rows


def diff_table(root: Path, candidate: Candidate) -> Table:
    """One row for each mart: rows added, changed and removed against the current release, and samples of small ones.

    Raises `DamagedRelease` where the current release is not whole.
    """
    if candidate.previous is None or candidate.changes is None:
        marts = candidate.contents["marts"]
        return [{"mart": name, "行 rows": mart["rows"], "变动 changes": "—"} for name, mart in sorted(marts.items())]
    samples = _samples(root, candidate)
    return [
        {
            "mart": mart,
            "新增 added": counts["added"],
            "改动 changed": counts["changed"],
            "删除 removed": counts["removed"],
            "例 samples": samples.get(mart, ""),
        }
        for mart, counts in sorted(candidate.changes.items())
    ]


def _samples(root: Path, candidate: Candidate) -> dict[str, str]:
    assert candidate.previous is not None
    assert candidate.changes is not None
    if not any(any(counts.values()) for counts in candidate.changes.values()):
        return {}
    before = read(folder_of(root, candidate.previous))
    after = Published(candidate.release_id, candidate.folder, candidate.contents)
    rows = sum(mart["rows"] for each in (before, after) for mart in each.marts.values())
    if rows > LARGEST:
        return dict.fromkeys(candidate.changes, f"{rows:,} rows: `gongbao diff` shows them")
    return {mart.mart: _rows(mart) for mart in diff.compare(before, after, SAMPLES).marts}


def _rows(mart: diff.MartDiff) -> str:
    told = []
    for sign, rows in (("+", mart.added_rows), ("~", mart.changed_rows), ("-", mart.removed_rows)):
        for row in rows:
            words = [row.told[name] for name in ("name_zh", "indicator_zh", "time_period", "value_text", "file_name")
                     if row.told.get(name)]  # fmt: skip
            changes = [f"{each.column}: {each.before} → {each.after}" for each in row.changes[:3]]
            told.append(f"{sign} {' '.join(map(str, words)) or ' '.join(map(str, row.key.values()))}"
                        + (f" ({'; '.join(changes)})" if changes else ""))  # fmt: skip
    return harmless("; ".join(told))
