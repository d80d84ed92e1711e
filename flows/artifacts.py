"""What a run leaves in Prefect for its page. Without it the run is no less what the run ledger says.

Keys: `summary`, `quality`, `quality-page`, `quarantine`, `release-diff`, and `progress-STAGE` while a stage is at work.
Prefect's pages show the newest under each key, and those before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from gongbao import progress, run_page
from gongbao.publish import Candidate

QUALITY = "quality"
LONG_SECONDS = 5.0
"""A stage that takes longer shows its progress, anew after as many seconds each time."""


def leave_quality(markdown: str, page: Path | None) -> None:
    """What the checks found, and where quality.html lies."""
    _leave(QUALITY, lambda: create_markdown_artifact(markdown, QUALITY, "质量 what the checks found in a night"))
    if page is not None:
        link = page.as_uri()
        _leave(
            "quality-page",
            lambda: create_link_artifact(link, str(page), "quality-page", "质量页面 every check, with its rows"),
        )


def leave_summary(markdown: str) -> None:
    """What became of the run, with seconds and counts by stage."""
    _leave("summary", lambda: create_markdown_artifact(markdown, "summary", "概要 what became of the run"))


def leave_quarantine(table: run_page.Table) -> None:
    """What was refused, with reasons and remedies; an empty table where nothing was."""
    told = "隔离 refused inputs that lie in the sources"
    _leave("quarantine", lambda: create_table_artifact(cast(Any, table), "quarantine", told))


def leave_release_diff(root: Path, candidate: Candidate) -> None:
    """What the release would change, by mart."""
    told = f"发布差异 release {candidate.release_id} against {candidate.previous or 'nothing before it, or itself'}"

    def leave() -> object:
        return create_table_artifact(cast(Any, run_page.diff_table(root, candidate)), "release-diff", told)

    _leave("release-diff", leave)


@contextmanager
def showing_progress() -> Iterator[None]:
    """Show the stages that take long, while the block runs."""
    began: dict[str, float] = {}
    shown: dict[str, UUID] = {}
    told: dict[str, float] = {}
    is_off = False

    def show(stage: str, done: int, total: int) -> None:
        nonlocal is_off
        now = time.monotonic()
        last = told.get(stage, began.setdefault(stage, now))
        if is_off or (now - last < LONG_SECONDS and not (stage in shown and done >= total)):
            return
        told[stage] = now
        percent = 100.0 * done / total if total else 100.0
        described = f"{stage}: {done:,} / {total:,}"
        key = f"progress-{stage.replace('_', '-').replace(' ', '-')}"
        if stage in shown:
            is_off = not _leave(key, lambda: update_progress_artifact(shown[stage], percent, described))
            return

        def create() -> None:
            shown[stage] = cast(UUID, create_progress_artifact(percent, key, described))

        is_off = not _leave(key, create)

    with progress.listening(show):
        yield


def _leave(key: str, create: Callable[[], object]) -> bool:
    """Whether it could be written."""
    try:
        create()
    except Exception as error:  # the server is away: whatever its client raises
        # Critical, as `gongbao run` shows nothing less.
        get_run_logger().critical("the artifact %s of this run could not be written: %r", key, error)
        return False
    return True
