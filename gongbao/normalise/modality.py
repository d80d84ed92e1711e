"""The word of commitment as a code, and the nature of a target."""

from __future__ import annotations

from functools import cache

from gongbao import reference

BINDING, EXPECTED = "约束性", "预期性"


@cache
def modality(word: str | None) -> str:
    """ensure, strive, expect, plan or maintain; none where the text has no such word, or none that is known.

    The word itself, else the longest known word inside it (力争实现 → 力争).
    """
    known = {row["word"]: row["modality"] for row in reference.rows("modality.csv")}
    if not word:
        return "none"
    inside = sorted((each for each in known if each in word), key=lambda each: (-len(each), word.index(each)))
    return known[word] if word in known else known[inside[0]] if inside else "none"


def nature(sentence: str | None) -> str:
    """Whether the sentence calls a target binding 约束性 or expected 预期性; else, or where it says both, unstated."""
    said = sentence or ""
    if (BINDING in said) == (EXPECTED in said):
        return "unstated"
    return "binding" if BINDING in said else "expected"
