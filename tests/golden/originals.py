"""Numbers that reading an original file keeps, loses and adds, beside the text that others made of the same file.

    python -m tests.golden.originals [--misses] [NAME…]

Numbers are a multiset. Both texts lose their page-number lines; but a line that holds a number alone may also be a
table's cell, so a number counts as missing only where we have it in no form, and as added only where the others have it
in none. Digits are joined across line ends in both ("joined"), or left as they stand: the reading that agrees better
counts, as nobody can tell whether a line ends at a cell or within a number that was wrapped.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongbao.errors import UnreadableDocument
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from gongbao.ingest.reading import Collection, read_document
from tests.conftest import SHARED

ORIGINALS, TEXTS = SHARED / "corpus" / "originals", SHARED / "corpus" / "text"
_PAGE_NUMBER = re.compile(r"^\s*(?:[-—–－·第]*\s*\d{1,3}\s*[-—–－·页]*|\d{1,3}\s*/\s*\d{1,3})\s*$", re.M)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")


@dataclass(frozen=True)
class Outcome:
    """One original: its text, or the reason why it was refused; beside another text the shares kept and added."""

    name: str
    text: str | None
    reason: str | None = None
    kept: float | None = None
    added: float | None = None
    missing: Counter[str] | None = None
    extra: Counter[str] | None = None


def outcomes(names: list[str]) -> Iterator[Outcome]:
    """Each original whose name holds one of `names`, or all, through the readers as a night uses them."""
    with ParserProcess(Limits()) as parser:
        for path in sorted(ORIGINALS.iterdir()):
            if names and not any(each in path.name for each in names):
                continue
            try:
                text = _text(path, parser)
            except UnreadableDocument as refused:
                yield Outcome(path.name, None, refused.reason)
                continue
            other = TEXTS / f"{path.stem}.txt"
            yield compared(path.name, text, other.read_text("utf-8")) if other.exists() else Outcome(path.name, text)


def compared(name: str, ours: str, theirs: str) -> Outcome:
    """Our text beside another's."""
    readings = [_shares(ours, theirs, joined) for joined in (False, True)]
    kept, added, missing, extra = max(readings, key=lambda reading: reading[0] - reading[1])
    return Outcome(name, ours, None, kept, added, missing, extra)


def _shares(ours: str, theirs: str, joined: bool) -> tuple[float, float, Counter[str], Counter[str]]:
    wanted, found = numbers(theirs, joined, whole=False), numbers(ours, joined, whole=False)
    missing = wanted - numbers(ours, joined, whole=True)
    extra = found - numbers(theirs, joined, whole=True)
    total = max(1, wanted.total())
    return 1 - missing.total() / total, extra.total() / total, missing, extra


def numbers(text: str, joined: bool, whole: bool) -> Counter[str]:
    """The numbers of a text, each as often as it stands there; without page-number lines unless the `whole` counts."""
    folded = text.translate(_FULL_WIDTH)
    folded = folded if whole else _PAGE_NUMBER.sub("", folded)
    if joined:
        folded = re.sub(r"(?<=[\d.])[ \t]*\n\s*(?=[\d.])", "", folded)
    return Counter(_NUMBER.findall(folded))


def _text(path: Path, parser: ParserProcess) -> str:
    read = read_document(path.read_bytes(), path, path.name, Limits(), parser)
    documents = [member.document for member in read.members] if isinstance(read, Collection) else [read]
    return "\n".join(document.content or "" for document in documents)


def main() -> None:
    """Print a line for each original."""
    for each in outcomes([name for name in sys.argv[1:] if not name.startswith("--")]):
        shares = (
            "refused" if each.reason else "no other text" if each.kept is None else f"{each.kept:.3f} {each.added:.3f}"
        )
        print(f"{shares:14} {each.name} {each.reason or ''}")
        if "--misses" in sys.argv and each.missing is not None and each.extra is not None:
            print("   missing", dict(each.missing.most_common(40)), "\n   added", dict(each.extra.most_common(40)))


if __name__ == "__main__":
    main()
