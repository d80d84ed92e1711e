"""Who published a document: the line of its masthead that says so, `发布机构：…` (issuing body) or `来源：…` (source).

An issuing body comes before a source, which may be the paper or the page that reposts. Nothing is guessed: a value
that names no one (政府官网, "the government's site"), or is the next label, is none.
"""

from __future__ import annotations

import re

_LABELS = (
    r"(?:发布机构|发布单位|发文机关|制发机关|公开主体)",
    r"(?:信息来源|文章来源|稿件来源|(?<![\u4e00-\u9fff])来源)",
)
_VALUE = r"[ ]?:[ ]{0,2}(?P<name>[\u4e00-\u9fff]{2,30})(?![\u4e00-\u9fff，。]|[ ]?:)"
_PATTERNS = tuple(re.compile(label + _VALUE) for label in _LABELS)
_NOBODY = re.compile(r"(?:中国)?(?:政府|县域)?(?:官方)?(?:官网|网站|网|互联网|网络|本站|原创|县域)")


def read(head: str) -> tuple[str | None, str]:
    """The publisher's name and the quote that says it, from the folded masthead; null and nothing where none does."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(head):
            if not _NOBODY.fullmatch(match["name"]):
                return match["name"], match.group()
    return None, ""
