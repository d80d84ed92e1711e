"""An inbox for benchmarks of nights: work reports of counties, half of them pages, a quarter plain text."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from gongbao.reference import columns
from tests.generated import bulletin
from tests.generated_files import FORMATS

SENTENCES = 100
"""In the review of a report; with its plan some eight thousand characters, as a county's."""
_IN_TURN = ("html", "txt", "html", "docx", "html", "txt", "html", "pdf")


def inbox(folder: Path, documents: int) -> Path:
    """So many reports, each of a county whose name no other has, or of another year of it; the same ones every time."""
    folder.mkdir(parents=True)
    counties = _counties()
    for number in range(documents):
        format_ = _IN_TURN[number % len(_IN_TURN)]
        place, year = counties[number % len(counties)], 2023 - number // len(counties)
        text = bulletin(number, place, year, SENTENCES)
        (folder / f"{number:04}.{format_}").write_bytes(FORMATS[format_](text))
    return folder


def _counties() -> list[str]:
    places = columns("places.csv")
    names = Counter(places["name"])
    known = zip(places["code"], places["name"], strict=True)
    return [name for code, name in known if len(code) == 6 and names[name] == 1 and name.endswith("县")]
