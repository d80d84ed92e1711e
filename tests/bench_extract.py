"""`make bench-extract`: speed and memory of extraction beside a plain scan of the same texts, never as a test.

The plain scan is one regular expression for digits or Chinese numerals, a magnitude and one of the vocabulary's units:
what any reader of numbers has to pay before it understands anything. The texts are those of ../shared/corpus/text
where they lie beside the checkout, else reports from a seed. How to read the tables: docs/measuring.md.
"""

from __future__ import annotations

import os
import re
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from random import Random
from typing import TypeVar

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gongbao import compiled, extract, reference
from gongbao.ingest.readers import text as text_reader
from tests.conftest import SHARED
from tests.generated import bulletin

T = TypeVar("T")

CORPUS = SHARED / "corpus" / "text"
GENERATED = 400
"""Reports from a seed, about a million characters."""
SHORT, LONG = 1_000_000, 5_000_000
DENSE = {
    "digits": "0123456789",
    "digits and commas": "0123456789,，",
    "Chinese numerals": "一二三四五六七八九十百千万亿",
    "all of them": "0123456789,，一二三四五六七八九十百千万亿",
}
"""Signs that a text of numbers alone is made of: what a pattern that goes back over its steps would choke on."""
REPEATED = {
    "sentences in one line": ("", "全县税收完成5亿元。"),
    "lines that turn": (
        "平原县2021年政府工作报告\n一、“十三五”时期和2020年工作回顾\n",
        "过去五年，新建学校9所。\n2020年，新建学校3所。\n",
    ),
}
"""What a text begins with and what it goes on with: what looks back or ahead too far would choke on."""


@dataclass(frozen=True)
class Cost:
    """What one piece of work cost in a process of its own: CPU seconds, peak MiB, how much it found."""

    seconds: float
    peak: float
    found: int


def main() -> None:
    """Print both tables. This process stays small: a child's peak begins with its parent's."""
    console = Console(highlight=False)
    characters = alone(count_characters)
    with environment(GONGBAO_COMPILED="0"):
        extractions = {"extraction": alone(extracting)}
    if compiled.is_used():
        extractions["compiled"] = alone(extracting)
    else:
        console.print("Extraction is not compiled: make compiled")
    console.print(speed_table(characters, alone(loading), alone(scanning), extractions))
    shapes = (*DENSE, *REPEATED)
    console.print(linearity_table({name: (alone(dense, name, SHORT), alone(dense, name, LONG)) for name in shapes}))


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """These variables for the processes that begin meanwhile."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def texts() -> list[str]:
    """The texts that are measured."""
    if not CORPUS.is_dir():
        return [bulletin(seed) for seed in range(GENERATED)]
    paths = (path for path in sorted(CORPUS.glob("*.txt")) if path.stat().st_size)
    return [text_reader.decode(path.read_bytes(), path.name).content for path in paths]


def plain_scan() -> re.Pattern[str]:
    """Digits or Chinese numerals, a magnitude or none, any unit of the vocabulary: nothing understood."""
    units = sorted({row["spelling"] for row in reference.rows("texts/units.csv")}, key=lambda unit: (-len(unit), unit))
    numeral = r"(?:\d[\d,.]{0,20}|[一二三四五六七八九十百千两]{1,10})"
    return re.compile(rf"{numeral}\s?[万亿]{{0,2}}(?:{'|'.join(map(re.escape, units))})")


def count_characters() -> tuple[int, int]:
    """How many texts there are, and characters in them."""
    lengths = [len(text) for text in texts()]
    return len(lengths), sum(lengths)


def loading() -> Cost:
    """The texts in memory and nothing done with them: where the peaks begin."""
    return cost(texts, len, times=1)


def scanning() -> Cost:
    """The plain scan of all texts."""
    read, pattern = texts(), plain_scan()
    return cost(lambda: [sum(1 for _ in pattern.finditer(text)) for text in read], sum)


def extracting() -> Cost:
    """Extraction from all texts, the vocabulary read and compiled before."""
    read = texts()
    extract.extract_text(read[0])
    return cost(lambda: [len(extract.extract_text(text).statements) for text in read], sum)


def dense(name: str, length: int) -> Cost:
    """Extraction from one text of nothing but the signs that `DENSE` names, or of what `REPEATED` names."""
    if name in DENSE:
        text = "".join(Random(7).choices(DENSE[name], k=length))
    else:
        head, line = REPEATED[name]
        text = head + line * (length // len(line))
    extract.extract_text(text[:1000])
    return cost(lambda: extract.extract_text(text), lambda found: len(found.rejections), times=1)


def cost(work: Callable[[], T], count: Callable[[T], int], times: int = 3) -> Cost:
    """The CPU seconds of the best of so many times, and this process's peak."""
    seconds, found = [], 0
    for _ in range(times):
        begun = time.process_time()
        done = work()
        seconds.append(time.process_time() - begun)
        found = count(done)
    return Cost(min(seconds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found)


def alone(work: Callable[..., T], *arguments: object) -> T:
    """`work` in a fresh process, so that no other work's memory counts as its own."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def speed_table(characters: tuple[int, int], loaded: Cost, scan: Cost, extractions: dict[str, Cost]) -> Table:
    """The readers of the same texts, and how many times as dear as the scan each extraction is."""
    number, length = characters
    source = "../shared/corpus/text" if CORPUS.is_dir() else "generated from seeds"
    table = Table(title=f"{number:,} texts, {length:,} characters: {source}", title_justify="left", box=SIMPLE)
    table.add_column("", no_wrap=True)
    for name in ("CPU s", "chars / CPU s", "found / 1,000 chars", "peak MiB"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row("texts alone", "", "", "", f"{loaded.peak:,.0f}")
    for name, spent in {"plain scan": scan, **extractions}.items():
        speed, density = length / spent.seconds, 1000 * spent.found / length
        table.add_row(name, f"{spent.seconds:.2f}", f"{speed:,.0f}", f"{density:.1f}", f"{spent.peak:,.0f}")
    for name, spent in extractions.items():
        table.add_row(f"{name} : scan", f"{spent.seconds / scan.seconds:.1f}", "", "", "")
    return table


def linearity_table(costs: dict[str, tuple[Cost, Cost]]) -> Table:
    """Five times the text should cost five times the time."""
    title = f"CPU seconds for texts without end (linear: {LONG / SHORT:.1f})"
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column("", no_wrap=True)
    for name in (f"{SHORT:,} chars", f"{LONG:,} chars", "ratio", "peak MiB"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, (short, long) in costs.items():
        ratio = long.seconds / short.seconds
        table.add_row(name, f"{short.seconds:.2f}", f"{long.seconds:.2f}", f"{ratio:.1f}", f"{long.peak:,.0f}")
    return table


if __name__ == "__main__":
    main()
