"""Real workbooks: what becomes of each, block by block, and figures drawn at random to be read against their cells.

    python -m tests.golden.sheets                 the table of files
    python -m tests.golden.sheets --draw 100      figures with cell, header path and reading

The workbooks are those of ../shared/sheets; each is read the way `gongbao extract` reads it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import statements
from gongbao.errors import UnreadableDocument
from gongbao.extract.statement import Extraction, Statement
from tests.conftest import SHARED

SHEETS = SHARED / "sheets"
SEED = 20261126


@dataclass(frozen=True)
class File:
    """A workbook: what it yields, or why it could not be read."""

    name: str
    found: Extraction | UnreadableDocument

    @property
    def statuses(self) -> dict[str, int]:
        """How many of its blocks ended how; the reason of a file that could not be read."""
        if isinstance(self.found, UnreadableDocument):
            return {self.found.reason: 1}
        return dict(sorted(Counter(block.status for block in self.found.blocks).items()))

    @property
    def numbers(self) -> int:
        """The numeric cells of the bodies of its blocks."""
        return 0 if isinstance(self.found, UnreadableDocument) else sum(block.numbers for block in self.found.blocks)

    @property
    def figures(self) -> int:
        """Those that became statements."""
        return 0 if isinstance(self.found, UnreadableDocument) else len(self.found.statements)

    @property
    def in_review(self) -> int:
        """Those of blocks that wait for a curator, each block with a draft."""
        if isinstance(self.found, UnreadableDocument):
            return 0
        return sum(block.numbers for block in self.found.blocks if block.draft)

    @property
    def outside(self) -> int:
        """Numbers in no block at all."""
        if isinstance(self.found, UnreadableDocument):
            return 0
        refused = sum(rejection.reason == "unknown_block" for rejection in self.found.rejections)
        return refused - self.in_review


def files(folder: Path = SHEETS) -> Iterator[File]:
    """All workbooks of the folder, by name."""
    paths = sorted(path for path in folder.iterdir() if path.suffix != ".jsonl")
    for path, _, found in statements.read(paths):
        yield File(path.name, found if isinstance(found, UnreadableDocument) else found.extraction)


def draw(extractions: list[tuple[str, Extraction]], count: int) -> list[tuple[str, Statement]]:
    """So many statements, each file as likely as another, whatever its size."""
    random = Random(SEED)
    found = []
    for _ in range(count):
        name, extraction = random.choice(extractions)
        found.append((name, random.choice(extraction.statements)))
    return found


def main() -> None:
    """Print the table of files, or the draw."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draw", type=int, metavar="N")
    wanted = parser.parse_args().draw
    console = Console(highlight=False, width=200)
    read = list(files())
    if wanted:
        extractions = [(file.name, file.found) for file in read if isinstance(file.found, Extraction) and file.figures]
        for number, (name, each) in enumerate(draw(extractions, wanted), start=1):
            said = (
                f"{each.subject or each.ref_area or '(table)'} · {each.indicator} {each.breakdown or ''} {each.measure}"
            )
            print(
                f"{number:3} {name} [{each.sheet}] {each.cell} {each.text.strip()!r} ← {' / '.join(each.header_path)}"
            )
            print(f"    = {said} · {each.value} {each.unit} · {each.period}")
        return
    table = Table(
        "file", "blocks", "numbers", "figures", "in review", "outside", "identities held / failed", box=SIMPLE
    )
    for file in read:
        blocks = ", ".join(f"{count} {status}" for status, count in file.statuses.items())
        checks = (
            [] if isinstance(file.found, UnreadableDocument) else [c for b in file.found.blocks for c in b.identities]
        )
        counts = f"{sum(each.held for each in checks)} / {sum(each.failed for each in checks)}" if checks else ""
        row = (file.numbers, file.figures, file.in_review, file.outside)
        table.add_row(file.name, blocks, *map(str, row), counts)
    console.print(table)


if __name__ == "__main__":
    main()
