"""Real documents, where they lie beside the checkout: the annotated ones are scored, the corpus is read through."""

from __future__ import annotations

from pathlib import Path

from gongbao.extract import extract_text
from tests.golden.quality import as_lines, scorer
from tests.unit.extract.test_text import check_laws

LEAST_LOCATED = 0.985
LEAST_STRICT = 0.93
EVERY = 6
"""Every how many documents of the corpus are read through: the laws need no more, and the suite stays quick."""


def test_annotated_documents_are_read_as_their_annotators_read_them(shared: Path, tmp_path: Path) -> None:
    gold = shared / "gold" / "dev"
    for text in sorted(gold.glob("*.txt")):
        (tmp_path / f"{text.stem}.jsonl").write_text(as_lines(text.read_text("utf-8")), "utf-8")
    module = scorer(gold.parent)
    total, _, _ = module.score(gold, tmp_path)
    summary = module.summary(total)
    assert summary["located"]["f1"] >= LEAST_LOCATED
    assert summary["strict"]["f1"] >= LEAST_STRICT


def test_the_laws_hold_on_the_corpus(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "text").glob("*.txt"))[::EVERY]:
        text = path.read_text(encoding="utf-8")
        check_laws(text, extract_text(text))
