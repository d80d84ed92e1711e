"""What extraction is worth by family of indicators and slot, on the annotated documents of ../shared/gold.

    python -m tests.golden.quality     measure this version, print two tables, write expectations/extraction_quality.csv

Every count is the gold set's own scorer's, which is given one family at a time. What an annotator wrote down is of the
family of its indicator, and so is what extraction found at its place; what it found elsewhere is of the family of its
own indicator. The families together are the whole score.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import extract, reference, statements
from gongbao.normalise import stage
from gongbao.validate.quality import COLUMNS, Figures, quality_file, read_quality
from tests.conftest import SHARED, SHARED_ABSENT

GOLD = SHARED / "gold"
NO_INDICATOR = "no_indicator"
"""The family of statements to which the annotators gave no indicator of the catalogue."""
KEPT = 3
"""Of so many versions the file keeps the figures, the one measured last first."""

Record = dict[str, Any]
Scored = tuple[Counter[str], int]
"""The scorer's counts of a family, and how many documents state it."""


def scorer(gold: Path = GOLD) -> ModuleType:
    """The gold set's score.py as a module."""
    spec = importlib.util.spec_from_file_location("score", gold / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_lines(text: str) -> str:
    """What `gongbao extract` says of a text, as JSON lines."""
    return statements.as_lines(statements.Document(extract.extract_text(text), text))


def measure(gold: Path = GOLD) -> dict[str, Scored]:
    """The scores by family, in the order of their names."""
    score = scorer(gold)
    lines: defaultdict[str, dict[str, tuple[list[Record], list[Record]]]] = defaultdict(dict)
    for text in sorted((gold / "dev").glob("*.txt")):
        header, *annotated = score.load(text.with_suffix(".jsonl"))
        found = [json.loads(line) for line in as_lines(text.read_text("utf-8")).splitlines()]
        for family, (of_gold, of_found) in by_family(annotated, found).items():
            lines[family][text.stem] = ([header, *of_gold], of_found)
    return {family: _score(score, documents) for family, documents in sorted(lines.items())}


def by_family(annotated: Iterable[Record], found: Iterable[Record]) -> dict[str, tuple[list[Record], list[Record]]]:
    """Both sides of a document by family of indicators."""
    themes = {row["id"]: row["theme"] for row in reference.rows("indicators.csv")}
    families: defaultdict[str, tuple[list[Record], list[Record]]] = defaultdict(lambda: ([], []))
    at: dict[int, str] = {}
    for each in annotated:
        at[each["start"]] = themes[each["indicator_id"]] if each["indicator_id"] else NO_INDICATOR
        families[at[each["start"]]][0].append(each)
    for each in found:
        own = themes[each["indicator_id"]] if each["indicator_id"] else NO_INDICATOR
        families[at.get(each["start"], own)][1].append(each)
    return dict(families)


def _score(score: ModuleType, documents: Mapping[str, tuple[list[Record], list[Record]]]) -> Scored:
    with TemporaryDirectory() as folder:
        sides = Path(folder) / "gold", Path(folder) / "found"
        for side in sides:
            side.mkdir()
        for name, records in documents.items():
            for side, lines in zip(sides, records, strict=True):
                (side / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        total, per_document, _ = score.score(*sides)
    return total, sum(counts["gold"] > 0 for counts in per_document.values())


def slots(score: ModuleType) -> dict[str, tuple[str, str, str]]:
    """Each slot with the names of the scorer's counts: annotated, found, right.

    Precision and recall of an id are over the statements that have one, as the scorer has them.
    """
    every = ("gold", "pred")
    return {
        "located": (*every, "located"),
        **{slot: (*every, f"slot_{slot}") for slot in score.SLOTS},
        "strict": (*every, "strict"),
        "indicator_id": ("headline_gold", "id_given", "id_right"),
    }


def figures(scores: Mapping[str, Scored], today: date, gold: Path = GOLD) -> list[Figures]:
    """The rows of the file for this version, those of families and slots of which there is nothing left out."""
    versions = extract.version(), stage.version()
    counted = slots(scorer(gold))
    return [
        Figures(*versions, family, slot, n_documents, total[annotated], total[found], total[right], today)
        for family, (total, n_documents) in scores.items()
        for slot, (annotated, found, right) in counted.items()
        if total[annotated] or total[found]
    ]


def of_this_version(rows: Iterable[Figures]) -> list[Figures]:
    """The rows that were measured on the extraction and normalisation that are here."""
    versions = extract.version(), stage.version()
    return [row for row in rows if (row.extractor_version, row.normaliser_version) == versions]


def merged(standing: list[Figures], measured: list[Figures]) -> list[Figures]:
    """The file's rows after a measurement: its own, then those of the versions measured before, `KEPT` in all.

    What was measured before and is the same keeps its day.
    """
    (version,) = {row.extractor_version for row in measured}
    before = [row for row in standing if row.extractor_version == version]
    if before and before == [replace(row, measured_on=before[0].measured_on) for row in measured]:
        measured = before
    others = [name for name in dict.fromkeys(row.extractor_version for row in standing) if name != version]
    return measured + [row for row in standing if row.extractor_version in others[: KEPT - 1]]


def as_csv(rows: Iterable[Figures]) -> str:
    """The file's text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def rates(rows: Iterable[Figures]) -> tuple[str, str]:
    """Precision and recall of rows together, in per cent; a dash where there is nothing to divide by."""
    chosen = list(rows)
    right = sum(row.n_right for row in chosen)
    wholes = (sum(row.n_found for row in chosen), sum(row.n_gold for row in chosen))
    precision, recall = (f"{100 * right / whole:.1f}" if whole else "-" for whole in wholes)
    return precision, recall


def slots_table(rows: list[Figures]) -> Table:
    """Each slot over all families."""
    table = Table("slot", "annotated", "found", "right", "precision", "recall", title="all families", box=SIMPLE)
    for slot in dict.fromkeys(row.slot for row in rows):
        of_slot = [row for row in rows if row.slot == slot]
        counts = (sum(getattr(row, name) for row in of_slot) for name in ("n_gold", "n_found", "n_right"))
        table.add_row(slot, *map(str, counts), *rates(of_slot))
    return table


def families_table(rows: list[Figures]) -> Table:
    """Each family by the slots that tell most, precision and recall."""
    shown = ("located", "strict", "indicator_id")
    table = Table("family", "documents", "annotated", *shown, title="precision, recall", box=SIMPLE)
    for theme in dict.fromkeys(row.theme for row in rows):
        of_theme = {row.slot: row for row in rows if row.theme == theme}
        cells = (", ".join(rates([of_theme[slot]] if slot in of_theme else [])) for slot in shown)
        located = of_theme["located"]
        table.add_row(theme, str(located.n_documents), str(located.n_gold), *cells)
    return table


def main() -> None:
    """Measure, print, and replace this version's rows of the file."""
    if not GOLD.is_dir():
        sys.exit(SHARED_ABSENT)
    rows = figures(measure(), datetime.now(UTC).date())
    console = Console(highlight=False, width=120)
    console.print(slots_table(rows), families_table(rows))
    quality_file().write_text(as_csv(merged(read_quality(), rows)), "utf-8", newline="\n")
    console.print(f"{quality_file()}: {len(rows)} rows of version {rows[0].extractor_version}", soft_wrap=True)


if __name__ == "__main__":
    main()
