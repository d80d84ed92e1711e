"""A night on folders and a site, with every format: as a user runs it, from gongbao.toml to the marts."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.flows.command import Commands
from tests.generated import bulletin
from tests.generated_files import FORMATS
from tests.web_server import WebServer, list_page, page, status

TOML = """
[[source]]
name = "inbox"
inbox = "inbox"
place = "平原县"

[[source]]
name = "site"
list_page = "{list_page}"
link_pattern = "工作报告"
private_hosts = ["{place}"]
[source.limits]
seconds = 1
interval_seconds = 0
"""


def test_folders_and_sites_of_every_format_end_in_the_marts(gongbao: Commands, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for format_, make in FORMATS.items():
        (inbox / f"报告.{format_}").write_bytes(make(bulletin(1, sentences=6)))
    with WebServer() as server:
        server.reply("/col/", list_page(("2023.html", "2023年政府工作报告"), ("late.html", "2022年政府工作报告")))
        server.reply("/col/2023.html", page(FORMATS["html"](bulletin(2, year=2022, sentences=6)), etag='"1"'))
        server.reply("/col/late.html", status(503))
        (tmp_path / "gongbao.toml").write_text(TOML.format(list_page=server.url("/col/"), place=server.place), "utf-8")
        first = gongbao.night(tmp_path / "warehouse", GONGBAO_NOW="2026-11-01T20:00:00Z")
        second = gongbao.night(tmp_path / "warehouse", GONGBAO_NOW="2026-11-02T20:00:00Z")
    assert first.exit_code == 3
    assert "1 pages could not be had now" in " ".join(first.summary["notes"])
    assert (first.summary["documents"], first.summary["extracted"]) == (len(FORMATS) + 1, 2)
    assert (second.summary["new_documents"], second.summary["extracted"]) == (0, 0)
    assert second.marts == first.marts
    documents = duckdb.sql(
        f"select source_name, file_name, ingest_status, n_facts > 0 from '{first.marts}/document.parquet' order by all"
    ).fetchall()
    speaking = [(source, name) for source, name, _, has_facts in documents if has_facts]
    # The five files are one text, and one of them speaks for it.
    assert [source for source, _ in speaking] == ["inbox", "site"]
    assert ("site", "late.html", "pending", False) in documents
    years = duckdb.sql(f"select distinct time_period from '{first.marts}/fact.parquet' order by 1").fetchall()
    assert ("2022",) in years
    assert ("2023",) in years
