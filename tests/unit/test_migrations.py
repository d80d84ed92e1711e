"""A database of the first schema is brought to the newest, and nothing in it is taken in anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from gongbao import project
from gongbao.ingest import Source, ingest
from gongbao.ingest.quarantine import name_id
from gongbao.ingest.sightings import Sighting
from gongbao.warehouse import Warehouse

FIRST = datetime(2026, 3, 1)
TEXTS = ("甲镇2023年总结\n全镇新建学校3所。\n", "甲镇2023年总结\n全镇新建学校4所。\n")


def test_sightings_of_the_first_schema_keep_their_ids_and_count_their_revisions(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    root = tmp_path / "warehouse"
    with Warehouse(root) as made:  # blobs and ledger, as the first version wrote them too
        for day, text in enumerate(TEXTS):
            (inbox / "a.txt").write_text(text, "utf-8")
            ingest(made, [Source("office", inbox)], FIRST + timedelta(days=day))
        ledger = [Sighting.of_entry(entry) for entry in made.read_ledger("sightings")]
    (root / "gongbao.duckdb").unlink()
    with duckdb.connect(str(root / "gongbao.duckdb")) as old:
        old.execute((project.folder("sql") / "0_schema" / "0001_initial.sql").read_text("utf-8"))
        old.execute("insert into ops.schema_version values (1, '0001_initial.sql')")
        unreadable = Sighting("office", "a.txt", name_id("office", "a.txt"), None, FIRST - timedelta(days=1), 0)
        for each in (unreadable, *ledger):
            first_id = Sighting(each.source, each.uri, each.sha256, each.size, each.fetched_at).sighting_id
            old.execute(
                "insert into raw.source_item (sighting_id, source_name, uri, fetched_at, sha256, size_bytes) "
                "values (?, ?, ?, ?, ?, ?)",
                [first_id, each.source, each.uri, each.fetched_at, each.sha256, each.size],
            )
    with Warehouse(root) as opened:
        migrated = opened.connection.execute(
            "select sighting_id, revision, file_name from raw.source_item order by revision"
        ).fetchall()
        assert migrated == [(each.sighting_id, each.revision, "a.txt") for each in (unreadable, *ledger)]
        newest = max(int(path.name[:4]) for path in (project.folder("sql") / "0_schema").glob("*.sql"))
        assert opened.connection.execute("select max(version) from ops.schema_version").fetchall() == [(newest,)]
