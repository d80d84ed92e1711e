"""What a document or its name says steers no terminal and breaks no line of the log."""

from __future__ import annotations

import io
import json
import logging
import unicodedata

import pyarrow.parquet as pq
import pytest
from rich.table import Table

from gongbao import consoles, logs
from gongbao.harmless import harmless, harmless_json
from gongbao.ingest import Source
from tests.forks import python
from tests.unit.past_nights import FIRST, book, night

STEERING = "\x1b[2J\x1b]0;x\x07\x9b31m\x08\r\u202e\u2066\u200f"
"""Clears a screen, sets a title, colours (C1), goes back, overwrites, turns around."""
NAME = "工作\x1b[2J\u202e总结\n.txt"
TEXT = (
    f"惠民县姜楼镇2023年工作{STEERING}总结\n\n山东省惠民县姜楼镇人民政府\n\n"
    f"2023年,一般公共预算收入5533万元,{STEERING}某{STEERING}产值31亿元。\n"
)


def steers(text: str) -> list[str]:
    """The characters in it that a terminal obeys or by which a line is read in another direction."""
    return [sign for sign in text if sign != "\n" and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_console_shows_control_marks_as_escapes_and_styles_as_styles(is_terminal: bool) -> None:
    out = io.StringIO()
    console = consoles.opened(file=out, force_terminal=is_terminal, width=200)
    table = Table.grid()
    table.add_row(f"甲{STEERING}乙")
    console.print(table, style="red")
    console.print(f"丙{STEERING}\n丁", markup=False)
    plain = out.getvalue().replace("\x1b[31m", "").replace("\x1b[0m", "")
    assert not steers(plain)
    assert "甲\\x1b[2J" in plain
    assert ("\x1b[31m" in out.getvalue()) is is_terminal


def test_a_line_of_the_log_is_one_object_without_control_marks() -> None:
    record = logging.makeLogRecord({"msg": f"a{STEERING}\nb", "document": f"{STEERING}\ud800", "name": "gongbao"})
    line = logs.JsonLines().format(record)
    assert not steers(line)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["message"], told["document"]) == (f"a{STEERING}\nb", f"{STEERING}\ud800")
    assert not steers(logs.Lines("gongbao: %(message)s").format(record))


@pytest.mark.parametrize("value", ["公报　全角", "a\n", "\U000e0001", "\x7f\x85", {"名\u202e": ["\x9b"]}])
def test_json_with_escapes_says_the_same(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, indent=1)
    assert json.loads(harmless_json(written)) == value
    assert not steers(harmless_json(written))


def test_text_without_control_marks_is_shown_as_it_is() -> None:
    assert harmless("惠民县　5533万元 <b> é") == "惠民县　5533万元 <b> é"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """The exit code and both streams of each command on a warehouse of such a text and such names."""
    folder = tmp_path_factory.mktemp("shown")
    inbox = folder / "inbox"
    inbox.mkdir()
    (inbox / NAME).write_text(TEXT, "utf-8")
    (inbox / f"坏{NAME}.pdf").write_bytes(b"%PDF-1.7")
    book(inbox / "表.xlsx", [[f"惠民县{STEERING}表", None], ["镇", f"收入{STEERING}"], ["李庄镇", 4321]])
    night(folder / "warehouse", FIRST, [Source("office", inbox, place="惠民县")], folder / "corrections.yml")
    run = python()
    refused = [path.read_text("utf-8") for path in (folder / "warehouse" / "quarantine").glob("*.json")]
    assert refused
    outcomes = {"quarantine/*.json": (0, "".join(refused))}

    def command(name: str, *arguments: str) -> str:
        ended = run(folder, "-m", "gongbao", *arguments)
        outcomes[name] = (ended.returncode, ended.stdout + ended.stderr)
        return ended.stdout

    command("ingest", "ingest", "--inbox", "inbox")
    command("ingest --json", "ingest", "--inbox", "inbox", "--json")
    found = json.loads(command("review --json", "review", "list", "--json"))
    command("review", "review")
    for question in found:
        command(f"review show {question['kind']}", "review", "show", question["review_id"])
    lines = command("extract", "extract", str(inbox / NAME))
    command("extract --table", "extract", "--table", str(inbox / NAME))
    command("extract refused", "extract", str(inbox / f"坏{NAME}.pdf"))
    assert lines
    command("blocks", "blocks", str(inbox / "表.xlsx"))
    command("doctor", "doctor")
    command("runs", "runs")
    command("diff", "diff", "current", "current")
    (fact,) = pq.read_table(folder / "warehouse" / "current" / "fact.parquet")["fact_id"].to_pylist()
    command("explore league", "explore", "--indicator", "general_budget_revenue")
    command("explain", "explain", fact)
    command("explain --json", "explain", fact, "--json")
    command("explore", "explore", fact)
    command("no such document", "explain", STEERING)
    command("no such option", "explain", f"--{STEERING}")
    return outcomes


def test_no_command_hands_a_terminal_what_a_document_says(told: dict[str, tuple[int, str]]) -> None:
    assert {name: steers(text) for name, (_, text) in told.items() if steers(text)} == {}
    shown = {name for name, (_, text) in told.items() if "\\x1b[2J" in text or "\\u001b[2J" in text}
    assert {"ingest", "extract", "extract --table", "extract refused", "review", "explain", "explore"} <= shown


def test_no_command_ends_with_a_traceback(told: dict[str, tuple[int, str]]) -> None:
    assert [name for name, (_, text) in told.items() if "Traceback" in text] == []
