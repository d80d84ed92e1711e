"""The samples' ledger, and a measure of extraction against it: which slot of which document goes wrong.

    python -m tests.golden.ledger [--misses] [PART OF A FILE NAME]

needs no warehouse, so that a figure that the marts lack can be laid at the right stage's door.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from gongbao.extract import extract_text
from gongbao.extract.statement import Statement
from gongbao.normalise.indicators import match_indicator

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
INBOX = SAMPLES / "inbox"

Row = dict[str, str]


@dataclass(frozen=True)
class Miss:
    """A planted figure that extraction has wrong: the slot (or `statement`, where there is none), and both sides."""

    start: int
    quote: str
    slot: str
    expected: str
    found: str


def read_ledger(*kinds: str) -> list[Row]:
    """The rows of samples/figures.csv, of all kinds or of those named."""
    with (SAMPLES / "figures.csv").open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if not kinds or row["kind"] in kinds]


def decode(path: Path) -> tuple[str, str]:
    """The text with `\\n` line ends and no byte order mark, and the encoding it was stored in."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n"), encoding
        except UnicodeDecodeError:
            continue
    raise AssertionError(f"{path.name} is neither UTF-8 nor GB18030")


@cache
def place_names() -> dict[str, str]:
    """Name by code of the places of the reference."""
    path = SAMPLES.parent / "gongbao" / "reference" / "places.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: row["name"] for row in csv.DictReader(handle)}


def misses(rows: list[Row], statements: tuple[Statement, ...], text: str) -> Iterator[Miss]:
    """What extraction has wrong in one document; a row that is no statement is wrong where it became a place's."""
    for row in rows:
        start, end = int(row["start"]), int(row["start"]) + len(row["quote"])
        found = next((found for found in statements if found.start is not None and start <= found.start < end), None)
        if row["kind"] in {"none", "entity"}:
            if found is not None and (row["kind"] == "none" or found.subject_type == "area"):
                yield Miss(start, row["quote"], row["kind"], "", f"{found.subject} {found.indicator}")
        elif found is None:
            yield Miss(start, row["quote"], "statement", row["indicator_id"], "")
        else:
            yield from _slots(row, found, text)


def _slots(row: Row, found: Statement, text: str) -> Iterator[Miss]:
    indicator = match_indicator(
        found.indicator,
        unit=found.unit,
        aspect=found.aspect,
        measure=found.measure,
        before=text[found.sentence_start : found.start],
        after=text[found.end : found.sentence_end],
    )
    subject = place_names()[row["ref_area"]]
    pairs = [
        ("subject", subject, subject if found.subject and subject in found.subject else str(found.subject)),
        ("kind", row["kind"], found.kind),
        ("subject_type", "area", found.subject_type),
        ("measure", row["measure"], found.measure),
        ("comparator", row["comparator"], found.comparator),
        ("period", row["time_period"], found.period or ""),
        ("indicator_id", row["indicator_id"], indicator or f"«{found.indicator}»"),
    ]
    if row["unit_measure"] in {"CNY", "%"} and Decimal(row["value"]) != found.value:
        yield Miss(int(row["start"]), row["quote"], "value", row["value"], str(found.value))
    for slot, expected, actual in pairs:
        if expected != actual:
            yield Miss(int(row["start"]), row["quote"], slot, expected, actual)


def main(arguments: list[str]) -> None:
    """Print, per document, how many figures are right in every slot, and what goes wrong how often."""
    part = next((argument for argument in arguments if not argument.startswith("--")), "")
    by_file: dict[str, list[Row]] = defaultdict(list)
    for row in read_ledger():
        if row["start"] and part in row["file"]:
            by_file[row["file"]].append(row)
    right = figures = 0
    for file, rows in by_file.items():
        text = decode(INBOX / file)[0]
        found = list(misses(rows, extract_text(text).statements, text))
        stated = sum(row["kind"] in {"fact", "target"} for row in rows)
        wrong = len({miss.start for miss in found if miss.slot not in {"none", "entity"}})
        right, figures = right + stated - wrong, figures + stated
        print(f"{stated - wrong:4} of {stated:3}  {file}  {dict(Counter(miss.slot for miss in found))}")
        if "--misses" in arguments:
            for miss in found:
                print(f"          {miss.quote}  {miss.slot}: {miss.found} for {miss.expected}")
    print(f"{right:4} of {figures}  in all")


if __name__ == "__main__":
    main(sys.argv[1:])
