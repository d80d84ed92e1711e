"""The explorer: a page that shows a release in any browser, offline, and the data files that it reads."""

from gongbao.explorer.shards import FOLDER, write

__all__ = ["FOLDER", "write"]
