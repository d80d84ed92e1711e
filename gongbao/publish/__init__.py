"""Publishing: marts staged in the database, judged, then released as Parquet; and the story of any one figure."""

from gongbao.publish.explanation import Explanation, explain
from gongbao.publish.release import Release, publish
from gongbao.publish.rendering import render
from gongbao.publish.staging import stage_marts

__all__ = ["Explanation", "Release", "explain", "publish", "render", "stage_marts"]
