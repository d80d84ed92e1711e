"""How much of the real corpus is normalised: ids, places, units, by kind of document; and what is not, by phrase.

    python -m tests.golden.coverage                  the shares, and every document whose place is not the index's
    python -m tests.golden.coverage --phrases        the most frequent phrases without an indicator, declined ones apart

The texts are those of ../shared/corpus/text, read by `gongbao.statements` and resolved by the functions that the night
calls for each statement. Shares are over area statements: what a project or an enterprise has is no place's figure.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import reference, statements
from gongbao.errors import UnreadableDocument
from gongbao.extract.statement import Statement
from gongbao.normalise.facts import Document, Unresolved, phrase_of, place_of
from gongbao.normalise.indicators import UNITLESS_MEASURES, match
from gongbao.normalise.places import Resolution, resolve_document
from gongbao.normalise.units import units
from gongbao.normalise.vocabulary import fold
from gongbao.reference.gazetteer import gazetteer
from tests.conftest import SHARED

CORPUS = SHARED / "corpus"
DECLINED = "declined_phrases.csv"
LISTED = 40
SAMPLES = 3

JUDGED = {
    "prefecture_daqingshi_2014_analysis": "says 我市 throughout and names no city: only the source can",
    "prefecture_nanchang_2025_monthly": "says 全市 throughout and names no city: only the source can",
    "prefecture_zibo_2025_work_summary": "says 全市 throughout, its name once and of a meeting: only the source can",
}
"""Documents whose place the text does not say, so that unknown is right, and why; the index has it from elsewhere."""


@dataclass(frozen=True)
class Entry:
    """A line of the corpus's index, and the code of the place that it names."""

    slug: str
    place: str
    doc_type: str
    code: str | None


@dataclass(frozen=True)
class Figure:
    """An area statement: the sentence it stands in, and what of it was normalised.

    `is_known` says that the phrase has an indicator, though perhaps not of this unit.
    """

    statement: Statement
    phrase: str
    sentence: str
    is_known: bool
    has_indicator: bool
    has_place: bool
    has_unit: bool


@dataclass(frozen=True)
class Measured:
    """A document of the corpus: its place as found, and its area statements."""

    entry: Entry
    stated: str | None
    home: Resolution
    figures: tuple[Figure, ...]

    @property
    def is_placed(self) -> bool:
        """Whether it has the place that the index names."""
        return self.home.code is not None and self.home.code == self.entry.code


@dataclass(frozen=True)
class Phrase:
    """A phrase without an indicator, folded: how often, in how many documents, and sentences that have it."""

    words: str
    count: int
    documents: int
    unit: str
    sentences: tuple[str, ...]


def index(corpus: Path = CORPUS) -> dict[str, Entry]:
    """The corpus's index by slug."""
    rows = map(json.loads, (corpus / "INDEX.jsonl").read_text("utf-8").splitlines())
    return {
        row["slug"]: Entry(
            row["slug"], row["place"], row["doc_type"], listed_code(row["place"], row["admin_level"], row["province"])
        )
        for row in rows
    }


def listed_code(place: str, level: str, province: str) -> str | None:
    """The code of a place as an index names it, by name, level and province: nothing of a text is read for it."""
    listed = gazetteer()
    (inside,) = (code for code in listed.by_short_name[province] if listed.places[code].level == "province")
    county, _, town = place.partition("县") if level == "township" else ("", "", "")
    name = town or place
    codes = [
        code
        for names in (listed.by_name, listed.by_short_name)
        for code in names.get(name, ())
        if listed.places[code].level == level
        if listed.within(code, inside)
        if not county or f"{county}县" in listed.path(code)
    ]
    found = set(codes)
    return found.pop() if len(found) == 1 else None


def measure(corpus: Path = CORPUS) -> list[Measured]:
    """Every document of the corpus, by slug."""
    entries = index(corpus)
    found = []
    for path, _, read in statements.read(sorted((corpus / "text").glob("*.txt"))):
        if isinstance(read, UnreadableDocument):
            raise read
        frame = read.extraction.frame
        home = resolve_document(frame.place, frame.parent_places, None, read.text)
        document = Document(path.stem, home, None, datetime.min)
        figures = tuple(
            _figure(each, document, read.text) for each in read.extraction.statements if each.subject_type == "area"
        )
        found.append(Measured(entries[path.stem], frame.place, home, figures))
    return found


def _figure(statement: Statement, document: Document, text: str) -> Figure:
    start, end = statement.start or 0, statement.end or 0
    first, last = statement.sentence_start or 0, statement.sentence_end or 0
    phrase = phrase_of(statement.indicator, statement.subject) or ""
    found = match(
        phrase,
        unit=statement.unit,
        aspect=statement.aspect,
        measure=statement.measure,
        before=text[first:start],
        after=text[end:last],
    )
    return Figure(
        statement,
        phrase,
        f"{text[first:start]}【{text[start:end]}】{text[end:last]}".replace("\n", " "),
        is_known=found is not None,
        has_indicator=found is not None and found.fits,
        has_place=_is_placed(statement, document),
        has_unit=statement.unit in units() or statement.measure in UNITLESS_MEASURES,
    )


def _is_placed(statement: Statement, document: Document) -> bool:
    try:
        return place_of(statement._asdict(), document).code is not None
    except Unresolved:
        return False


def declined() -> frozenset[str]:
    """The folded phrases that were looked at and have no indicator, whatever their unit."""
    return frozenset(fold(row["phrase"]) for row in reference.rows(DECLINED))


def phrases(documents: Iterable[Measured], apart: frozenset[str] = frozenset()) -> list[Phrase]:
    """The phrases without an indicator, the most frequent first; those of `apart` are left out."""
    counts: Counter[str] = Counter()
    inside: defaultdict[str, set[str]] = defaultdict(set)
    kept: defaultdict[str, list[Figure]] = defaultdict(list)
    for document in documents:
        for figure in document.figures:
            words = fold(figure.phrase)
            if words and not figure.is_known and words not in apart:
                counts[words] += 1
                if document.entry.slug not in inside[words]:
                    kept[words].append(figure)
                inside[words].add(document.entry.slug)
    return [
        Phrase(
            words,
            count,
            len(inside[words]),
            " ".join(sorted({f"{each.statement.measure}/{each.statement.unit}" for each in kept[words]})),
            tuple(each.sentence for each in kept[words][:SAMPLES]),
        )
        for words, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def share(figures: Iterable[bool]) -> float:
    """The share of those that hold; 0 of none."""
    found = list(figures)
    return sum(found) / len(found) if found else 0.0


def _rows(documents: list[Measured]) -> Iterator[tuple[str, ...]]:
    kinds = sorted({each.entry.doc_type for each in documents})
    for kind in (*kinds, "all"):
        chosen = [each for each in documents if kind in ("all", each.entry.doc_type)]
        figures = [figure for each in chosen for figure in each.figures]
        held = (
            share(figure.has_indicator for figure in figures),
            share(figure.has_place for figure in figures),
            share(figure.has_unit for figure in figures),
            share(each.is_placed for each in chosen),
        )
        yield kind, str(len(chosen)), str(len(figures)), *(f"{100 * each:.1f} %" for each in held)


def coverage_table(documents: list[Measured]) -> Table:
    """Shares by kind of document, and over all."""
    headings = ("kind", "documents", "area statements", "with id", "with place", "with unit", "documents placed right")
    table = Table(*headings, box=SIMPLE)
    for row in _rows(documents):
        table.add_row(*row)
    return table


def places_table(documents: list[Measured]) -> Table:
    """The documents whose place is not the one of the index, or unknown, and whether the text could tell it."""
    table = Table("document", "index", "found", "text names", "evidence", "judgement", box=SIMPLE)
    for each in documents:
        if each.is_placed:
            continue
        index_says = f"{each.entry.place} {each.entry.code or 'unknown'}"
        found = gazetteer().path(each.home.code) if each.home.code in gazetteer().places else str(each.home.code)
        judgement = JUDGED.get(each.entry.slug, "wrong") if each.home.code is None else "wrong"
        table.add_row(each.entry.slug, index_says, found, each.stated or "", each.home.evidence, judgement)
    return table


def main() -> None:
    """Print the shares and the wrong places, or the phrases."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--phrases", nargs="?", type=int, const=LISTED, metavar="N", help=f"so many, else {LISTED}")
    parser.add_argument("--with-declined", action="store_true", help="list phrases that were declined, too")
    wanted = parser.parse_args()
    console = Console(highlight=False, width=200)
    documents = measure()
    if wanted.phrases:
        apart = frozenset[str]() if wanted.with_declined else declined()
        for number, each in enumerate(phrases(documents, apart)[: wanted.phrases], start=1):
            print(f"{number:3} {each.words}  {each.count} in {each.documents} documents  {each.unit}")
            print(*(f"      {sentence}\n" for sentence in each.sentences), sep="", end="")
        return
    console.print(coverage_table(documents))
    console.print(places_table(documents))


if __name__ == "__main__":
    main()
