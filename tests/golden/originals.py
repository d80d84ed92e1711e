"""Numbers that reading an original file keeps, loses and adds, beside the text that others made of the same file.

    python -m tests.golden.originals [--misses] [SLUG…]

Numbers are a multiset: both texts lose their page-number lines, and digits are joined across line ends in both
("joined"), or left as they stand ("apart"). The reading that agrees better counts: whether the other text has a
table's cells or a hard-wrapped number at a line's end, nobody can tell.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from tests.conftest import SHARED

ORIGINALS, TEXTS = SHARED / "corpus" / "originals", SHARED / "corpus" / "text"
_PAGE_NUMBER = re.compile(r"^\s*(?:[-—–－·第]*\s*\d{1,3}\s*[-—–－·页]*|\d{1,3}\s*/\s*\d{1,3})\s*$", re.M)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")


def numbers(text: str, *, joined: bool) -> Counter[str]:
    """The numbers of a text, each as often as it stands there."""
    folded = _PAGE_NUMBER.sub("", text.translate(_FULL_WIDTH))
    if joined:
        folded = re.sub(r"(?<=[\d.])[ \t]*\n\s*(?=[\d.])", "", folded)
    return Counter(_NUMBER.findall(folded))


def agreement(ours: str, theirs: str) -> tuple[float, float, Counter[str], Counter[str]]:
    """Share of their numbers that we have, share of ours that they lack, which are missing, which are added."""
    best = None
    for joined in (False, True):
        read, other = numbers(ours, joined=joined), numbers(theirs, joined=joined)
        missing, added = other - read, read - other
        found = 1 - missing.total() / max(1, other.total())
        row = (found, added.total() / max(1, other.total()), missing, added)
        if best is None or (row[0] - row[1]) > (best[0] - best[1]):
            best = row
    assert best is not None
    return best


def read(path: Path) -> str:
    """The text of one original, by the reader of its format."""
    suffix = path.suffix
    from gongbao.ingest.limits import Limits

    if suffix == ".html":
        from gongbao.ingest.readers.html import read_html as reader
    elif suffix == ".pdf":
        from gongbao.ingest.readers.pdf import read_pdf as reader
    elif suffix == ".docx":
        from gongbao.ingest.readers.docx import read_docx as reader
    elif suffix == ".csv":
        from gongbao.ingest.readers.collection import read_collection

        return "\n".join(member.text.content for member in read_collection(path, path.name, Limits()))
    else:
        from gongbao.ingest.readers.text import decode

        return decode(path.read_bytes(), path.name).content
    return reader(path, path.name, Limits()).content


def main() -> None:
    show = "--misses" in sys.argv
    slugs = [each for each in sys.argv[1:] if not each.startswith("--")]
    for path in sorted(ORIGINALS.iterdir()):
        other = TEXTS / f"{path.stem}.txt"
        if not other.exists() or (slugs and not any(each in path.name for each in slugs)):
            continue
        try:
            found, added, missing, extra = agreement(read(path), other.read_text(encoding="utf-8"))
        except ImportError as error:
            print(f"{path.name}: {error}")
            continue
        print(f"{found:7.3f} {added:7.3f}  {path.name}")
        if show:
            print("   missing", dict(missing.most_common(40)), "\n   added", dict(extra.most_common(40)))


if __name__ == "__main__":
    main()
