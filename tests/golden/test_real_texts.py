"""Real documents, where they lie beside the checkout: the annotated ones are scored, the corpus is read through."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

from gongbao.extract import extract_text
from gongbao.extract.statement import Statement
from tests.unit.extract.test_text import check_laws

LEAST_LOCATED = 0.985
LEAST_STRICT = 0.93
EVERY = 6
"""Every how many documents of the corpus are read through: the laws need no more, and the suite stays quick."""


def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "gold" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def slots(statement: Statement) -> dict[str, object]:
    names = ("start", "text", "kind", "subject_type", "subject", "indicator", "measure", "unit", "comparator", "period")
    row = {name: getattr(statement, name) for name in names}
    high = statement.value_high
    return {**row, "value": str(statement.value), "value_high": None if high is None else str(high)}


def test_annotated_documents_are_read_as_their_annotators_read_them(shared: Path, tmp_path: Path) -> None:
    gold = shared / "gold" / "dev"
    for text in sorted(gold.glob("*.txt")):
        lines = [json.dumps(slots(s)) for s in extract_text(text.read_text(encoding="utf-8")).statements]
        (tmp_path / f"{text.stem}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    module = scorer(shared)
    total, _, _ = module.score(gold, tmp_path)
    summary = module.summary(total)
    assert summary["located"]["f1"] >= LEAST_LOCATED
    assert summary["strict"]["f1"] >= LEAST_STRICT


def test_the_laws_hold_on_the_corpus(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "text").glob("*.txt"))[::EVERY]:
        text = path.read_text(encoding="utf-8")
        check_laws(text, extract_text(text))
