"""The ledgers cut at a moment give the rows that the database held then; names without bytes are told by a ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from gongbao import ledger
from gongbao.ingest import Limits, Source, SourceLimits, ingest, past
from gongbao.ingest.intake import take_again
from gongbao.ingest.sightings import Answer, Sighting
from gongbao.ingest.store import put
from gongbao.warehouse import Warehouse
from tests.unit.ingest.conftest import BULLETIN, NIGHT, Night, rows
from tests.web_server import WebServer, page, status

DAY = timedelta(days=1)
LINE = BULLETIN.strip().replace("\n", " ")
SHOWN = (
    "select document_id, source_name, file_name, title, publisher, source_place, ingest_status, caveat_codes, "
    "superseded_by, superseded_at from raw.document order by all",
    "select source_name, uri, sha256, revision from raw.source_item "
    "where sha256 in (select document_id from raw.document) order by all",
    "select source_name, publisher, place, caveat_codes from raw.source order by all",
    "select quarantine_id, source_name, uri, reason, detail, remedy from ops.quarantine order by all",
)


def shown(warehouse: Warehouse) -> list[list[tuple[Any, ...]]]:
    return [rows(warehouse, query) for query in SHOWN]


def then(root: Path, folder: Path, moment: datetime) -> list[list[tuple[Any, ...]]]:
    """What a new warehouse holds that is filled as of a moment."""
    cut = past.as_of(root, moment)
    past.lay_out(cut, folder)
    with Warehouse(folder) as warehouse:
        take_again(warehouse, cut.names, cut.moment, Limits())
        return shown(warehouse)


def test_every_night_is_given_back_as_it_was(warehouse: Warehouse, inbox: Path, tmp_path: Path) -> None:
    states = []
    for number, (place, files) in enumerate(
        (
            ("海阳县", {"a.txt": BULLETIN, "b.pdf": "%PDF-1.7", ".hidden": "-"}),
            ("青河县", {"a.txt": BULLETIN.replace("4321", "4331"), "c.txt": BULLETIN, "d/.hidden": "-"}),
            ("青河县", {"table.csv": f"标题,正文\n甲,{LINE}\n乙,{LINE.replace('4321', '9')}\n"}),
        )
    ):
        for path in (*inbox.glob("*.*"), *inbox.glob("d/*")):
            path.unlink()
        for name, content in files.items():
            (inbox / name).parent.mkdir(exist_ok=True)
            (inbox / name).write_text(content, "utf-8")
        ingest(warehouse, [Source("office", inbox, place=place)], NIGHT + number * DAY)
        states.append(shown(warehouse))
    assert len({repr(state) for state in states}) == 3
    for number, state in enumerate(states):
        assert then(warehouse.root, tmp_path / str(number), NIGHT + number * DAY + timedelta(hours=3)) == state


def test_the_order_in_which_documents_had_arrived_decides_nothing(tmp_path: Path) -> None:
    files = {"a.txt": BULLETIN, "b.txt": BULLETIN + "\n", "c.txt": LINE, "d.pdf": "%PDF-1.7"}
    found = []
    for order in (sorted(files), sorted(files, reverse=True)):
        folder = tmp_path / order[0]
        (folder / "inbox").mkdir(parents=True)
        with Warehouse(folder / "warehouse") as opened:
            for hours, name in enumerate((*order, "e.txt")):
                (folder / "inbox" / name).write_text(files.get(name, "Annual report"), "utf-8")
                ingest(opened, [Source("office", folder / "inbox", place="海阳县")], NIGHT + hours * DAY / 24)
        found.append(then(folder / "warehouse", folder / "then", NIGHT + 3 * DAY / 24))
    assert found[0] == found[1]
    assert len(found[0][0]) == len(files)


def test_pages_that_were_late_refused_revised_and_went_back_are_given_back_too(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    moments, states = [NIGHT + number * DAY for number in range(4)], []
    first, revised = (page(text, media_type="text/plain; charset=utf-8") for text in (BULLETIN, BULLETIN + "另。\n"))
    with WebServer() as server:
        server.reply("/a.txt", status(404), first, revised, first)
        for number, moment in enumerate(moments):
            server.reply("/b.txt", status(501) if number == 0 else status(404))
            urls = (server.url("/a.txt"), server.url("/b.txt"))
            limits = SourceLimits(interval_seconds=0.0, seconds=5.0)
            source = Source("site", urls=urls, private_hosts=(server.place,), limits=limits)
            ingest(warehouse, [source], moment)
            states.append(shown(warehouse))
    assert [[row[6] for row in state[0]].count("pending") for state in states] == [1, 0, 0, 0]
    assert len({repr(state) for state in states}) == 4
    for moment, state in zip(moments, states, strict=True):
        assert then(warehouse.root, tmp_path / f"{moment:%d}", moment) == state


def test_originals_are_linked_and_the_warehouse_is_not_written_to(
    warehouse: Warehouse, inbox: Path, night: Night, tmp_path: Path
) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night()
    before = {path: path.read_bytes() for path in warehouse.root.rglob("*.*") if path.is_file()}
    unfinished = warehouse.blobs / ".of-a-run-at-work.tmp"
    unfinished.write_bytes(b"half")
    then(warehouse.root, tmp_path / "then", NIGHT)
    (link,) = (tmp_path / "then" / "blobs").iterdir()
    assert link.readlink() == warehouse.blobs / link.name
    assert unfinished.read_bytes() == b"half"
    assert {path: path.read_bytes() for path in before} == before


def test_the_ledger_of_names_tells_each_change_once(warehouse: Warehouse, inbox: Path, night: Night) -> None:
    def told() -> list[tuple[str, str, str | None]]:
        return [(each["at"][:10], each["status"], each["reason"]) for each in warehouse.read_ledger("names")]

    (inbox / "a.txt").symlink_to("nowhere")
    night(NIGHT)
    night(NIGHT + DAY)
    assert told() == [("2026-03-01", "quarantined", "broken_link")]
    (inbox / "a.txt").unlink()
    (inbox / "a.txt").symlink_to(warehouse.root)
    night(NIGHT + 2 * DAY)
    (inbox / "a.txt").unlink()
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night(NIGHT + 3 * DAY)
    assert told()[1:] == [("2026-03-03", "quarantined", "link_outside"), ("2026-03-04", "ended", None)]


def test_settings_without_a_date_hold_from_the_beginning(
    warehouse: Warehouse, inbox: Path, night: Night, tmp_path: Path
) -> None:
    (inbox / "a.txt").write_text(BULLETIN, "utf-8")
    night(place="海阳县")
    [entry] = warehouse.read_ledger("sources")
    path = warehouse.ledger_file("sources")
    del entry["at"]
    first, later = {"at": NIGHT.isoformat()}, {"at": (NIGHT + DAY).isoformat()}
    for number, (lines, place) in enumerate(
        (
            ([{"place": "青河县"}, {"place": "海阳县", **later}], "青河县"),
            ([{"place": "海阳县", **later}, {"place": "青河县", **later}], "海阳县"),
            ([{"place": "海阳县", **first}, {"place": "青河县", **first}], "青河县"),
        )
    ):
        path.unlink()
        ledger.append(path, [{**entry, **line} for line in lines])
        [(_, _, found, _)] = then(warehouse.root, tmp_path / str(number), NIGHT)[2]
        assert found == place


def test_a_server_that_says_something_else_later_changes_no_reading(warehouse: Warehouse, tmp_path: Path) -> None:
    data = (BULLETIN * 2).encode("gb18030")
    sighting = Sighting("site", "https://example.org/a.html", put(warehouse.blobs, data), len(data), NIGHT)
    for charset in ("gb18030", "big5"):
        answer = Answer(media_type=f"text/html; charset={charset}")
        warehouse.append_ledger("sightings", [{**sighting.entry(), "media_type": answer.media_type}])
    cut = past.as_of(warehouse.root, NIGHT)
    assert [entry["media_type"] for entry in cut.sightings] == ["text/html; charset=gb18030"]
    assert past.as_of(warehouse.root, NIGHT - DAY).sightings == ()
