"""Who published a document: the line of its masthead that says so, `发布机构：…` (issuing body) or `来源：…` (source).

An issuing body comes before a source, which may be the paper or the page that reposts. Nothing is guessed: a value
that names no one (政府官网, "the government's site"), or is the next label, is none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from gongbao.extract import vocabulary

_VALUE: Final = r"[ ]?:[ ]{0,2}(?P<name>[\u4e00-\u9fff]{2,30})(?![\u4e00-\u9fff，。]|[ ]?:)"


@cache
def _lines() -> tuple[re.Pattern[str], ...]:
    issuer, source = vocabulary.any_of("issuer_label"), vocabulary.any_of("source_label")
    return tuple(re.compile(label + _VALUE) for label in (issuer, rf"(?:{source}|(?<![\u4e00-\u9fff])来源)"))


@cache
def _nobody() -> re.Pattern[str]:
    return re.compile(r"(?:中国)?(?:政府|县域)?(?:官方)?" + vocabulary.any_of("nobody"))


def read(head: str) -> tuple[str | None, str]:
    """The publisher's name and the quote that says it, from the folded masthead; null and nothing where none does."""
    for pattern in _lines():
        for match in pattern.finditer(head):
            if not _nobody().fullmatch(match["name"]):
                return match["name"], match.group()
    return None, ""
