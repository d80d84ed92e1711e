"""Publishing: marts staged, judged, released as Parquet; what releases differ in; the story of any one figure."""

from gongbao.publish.explanation import Explanation, explain
from gongbao.publish.quality_markdown import quality_markdown
from gongbao.publish.release import (
    QUALITY,
    Candidate,
    Release,
    approve,
    hold,
    make_current,
    prepare,
    publish,
    report_held,
)
from gongbao.publish.rendering import render
from gongbao.publish.retention import prune
from gongbao.publish.staging import stage_marts

__all__ = [
    "QUALITY",
    "Candidate",
    "Explanation",
    "Release",
    "approve",
    "explain",
    "hold",
    "make_current",
    "prepare",
    "prune",
    "publish",
    "quality_markdown",
    "render",
    "report_held",
    "stage_marts",
]
