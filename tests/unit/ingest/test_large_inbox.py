"""Three hundred files with duplicates and revisions: every count exact, and a second run does nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from gongbao.ingest import IngestReport, Source, ingest
from gongbao.warehouse import Warehouse
from tests.generated import bulletin
from tests.unit.ingest.conftest import NIGHT, rows

TEXTS, COPIES, ENCODED, BROKEN = 230, 40, 20, 10
REVISED = 25


def counts(report: IngestReport) -> dict[str, int]:
    names = ("seen", "new", "unchanged", "revised", "duplicate", "quarantined", "gone")
    return {name: value for name in names if (value := getattr(report, name))}


def stored(warehouse: Warehouse) -> dict[str, object]:
    """All that a run could leave behind: rows, blobs, ledger lines, quarantine files."""
    relations = ("raw.source_item", "raw.document", "raw.text", "raw.frame_evidence", "ops.quarantine")
    return {
        **{relation: rows(warehouse, f"select * from {relation} order by all") for relation in relations},
        "files": {
            path.relative_to(warehouse.root): path.read_bytes()
            for folder in ("blobs", "ledger", "quarantine")
            for path in (warehouse.root / folder).iterdir()
        },
    }


def fill(inbox: Path) -> None:
    texts = [bulletin(seed, sentences=4) for seed in range(TEXTS)]
    files: dict[str, bytes] = {}
    for number, text in enumerate(texts):
        files[f"{number % 7}/{number:03}.txt"] = text.encode()
    for number, text in enumerate(texts[:COPIES]):
        files[f"again/{number:03}.txt"] = text.encode()
    for number, text in enumerate(texts[-ENCODED:]):
        files[f"old/{number:03}.txt"] = text.encode("gb18030")
    for number in range(BROKEN):
        files[f"broken/{number}.txt"] = b"\x89PNG\r\n\x1a\n" + bytes([number])
    assert len(files) == 300
    for name, data in files.items():
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(data)


def test_counts_are_exact_and_a_second_run_does_nothing(warehouse: Warehouse, inbox: Path) -> None:
    fill(inbox)
    sources = [Source("office", inbox)]
    first = ingest(warehouse, sources, NIGHT)
    assert counts(first) == {"seen": 300, "new": TEXTS, "duplicate": COPIES + ENCODED, "quarantined": BROKEN}
    assert rows(warehouse, "select count(*), count(distinct sha256) from raw.source_item") == [
        (300, TEXTS + ENCODED + BROKEN)
    ]
    assert rows(warehouse, "select count(*) from raw.text") == [(TEXTS,)]

    before = stored(warehouse)
    second = ingest(warehouse, sources, NIGHT + timedelta(days=1))
    assert counts(second) == {"seen": 300, "unchanged": 300 - BROKEN, "quarantined": BROKEN}
    assert stored(warehouse) == before

    for number in range(COPIES, COPIES + REVISED):
        path = inbox / f"{number % 7}/{number:03}.txt"
        path.write_text(path.read_text("utf-8") + "全县新建公园3处。\n", "utf-8")
    third = ingest(warehouse, sources, NIGHT + timedelta(days=2))
    assert counts(third) == {
        "seen": 300,
        "unchanged": 300 - BROKEN - REVISED,
        "revised": REVISED,
        "quarantined": BROKEN,
    }
    assert rows(warehouse, "select count(*) from raw.document where superseded_by is not null") == [(REVISED,)]
    assert rows(warehouse, "select count(*) from raw.text") == [(TEXTS + REVISED,)]
    fourth = ingest(warehouse, sources, NIGHT + timedelta(days=3))
    assert counts(fourth) == {"seen": 300, "unchanged": 300 - BROKEN, "quarantined": BROKEN}
