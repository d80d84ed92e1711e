"""What a run leaves in Prefect for the page of its run. Without it the run is no less what the run ledger says."""

from __future__ import annotations

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact

QUALITY = "quality"
"""Under this key each night leaves what its checks found; Prefect's pages show the newest, and those before it."""


def leave_quality(markdown: str) -> None:
    """What the checks found."""
    try:
        create_markdown_artifact(markdown, key=QUALITY, description="质量 what the checks found in a night")
    except Exception as error:  # the server is away: whatever its client raises
        # Critical, as `gongbao run` shows nothing less.
        get_run_logger().critical("the artifact %s of this night could not be written: %r", QUALITY, error)
