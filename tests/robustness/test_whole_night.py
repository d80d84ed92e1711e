"""A whole night on hostile documents, with a secret in every setting that takes one: what leaves the machine, and what
it leaves behind.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.robustness.watched import asked, beyond_this_machine, watching

SECRET = "SECRET-canary-91c"
PROXY = 9
"""A port on which nothing listens."""
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>[a](javascript:alert(3)){{1330+7}}${1330+7}"
NAME = "[2024]*{a,b}? o'; DROP TABLE core.fact;--<img src=x onerror=alert(4)>.txt"
TEXT = f"""惠民县姜楼镇2023年工作总结{MARKUP}

山东省惠民县姜楼镇人民政府

2023年,一般公共预算收入5533万元,{MARKUP},电话13812345678。
2024年,力争新增高新技术企业5家以上{MARKUP}。
"""
RIVAL = "惠民县姜楼镇2023年工作总结\n\n山东省惠民县姜楼镇人民政府\n\n=1+2,2023年,一般公共预算收入5633万元。\n"


@dataclass(frozen=True)
class Done:
    """What the night printed, and where it worked."""

    out: str
    err: str
    folder: Path

    @property
    def release(self) -> Path:
        return (self.folder / "warehouse" / "current").resolve()

    def pages(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in self.release.rglob("*.html")}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "inbox").mkdir()
    (folder / "inbox" / NAME).write_text(TEXT, "utf-8")
    (folder / "inbox" / "b.txt").write_text(RIVAL, "utf-8")
    (folder / "inbox" / f"{MARKUP.replace('/', '∕')}.pdf").write_bytes(b"%PDF-1.7")
    secrets = {
        "PREFECT_API_AUTH_STRING": f"admin:{SECRET}",
        "PREFECT_SERVER_API_AUTH_STRING": f"admin:{SECRET}",
        "PREFECT_API_KEY": SECRET,
        "PREFECT_SERVER_DATABASE_PASSWORD": SECRET,
        "https_proxy": f"http://user:{SECRET}@127.0.0.1:{PROXY}",
        "http_proxy": f"http://user:{SECRET}@127.0.0.1:{PROXY}",
    }
    quiet = {"PREFECT_SERVER_ANALYTICS_ENABLED", "DO_NOT_TRACK", "GX_ANALYTICS_ENABLED"}
    ended = subprocess.run(
        [sys.executable, "-m", "gongbao", "run", "--inbox", "inbox", "--warehouse", "warehouse"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in quiet}
        | secrets
        | watching(folder)
        | {"HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 3, ended.stderr
    return Done(ended.stdout, ended.stderr, folder)


def test_nothing_is_asked_beyond_this_machine(done: Done) -> None:
    assert beyond_this_machine(done.folder) == []


def test_the_night_s_own_server_is_not_asked_through_a_proxy(done: Done) -> None:
    assert [line for line in asked(done.folder) if line.endswith(f", {PROXY})")] == []


def test_a_secret_is_in_no_log_no_mart_no_page_and_not_in_prefect_s_database(done: Done) -> None:
    assert SECRET not in done.out + done.err
    for path in done.folder.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
    for path in done.release.glob("*.parquet"):
        assert SECRET not in str(pq.read_table(path).to_pydict())


def test_a_document_s_name_is_neither_a_pattern_nor_a_statement(done: Done) -> None:
    marts = pq.read_table(done.release / "document.parquet").to_pylist()
    assert {"b.txt", NAME} <= {row["file_name"] for row in marts}
    facts = pq.read_table(done.release / "fact.parquet").to_pylist()
    assert {"5533万元", "5633万元"} <= {row["quote"] for row in facts}


class _Dom(HTMLParser):
    """The elements of a page with their attributes; text of scripts is not looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def test_no_page_has_what_a_document_wrote_as_markup(done: Done) -> None:
    pages = done.pages()
    assert {"quality.html", "dictionary.html", "index.html"} <= pages.keys()
    assert "&lt;script&gt;alert(1)" in pages["quality.html"]  # the rival figures are a finding, with their sentences
    for name, page in pages.items():
        dom = _Dom()
        dom.feed(page)
        for tag, attributes in dom.elements:
            assert not [attribute for attribute in attributes if attribute.startswith("on")], (name, tag)
            assert not any("javascript:" in (value or "").lower() for value in attributes.values()), (name, tag)
            if tag == "script":
                assert attributes.get("src"), name
            for link in (attributes.get("src"), attributes.get("href")):
                assert not re.match(r"\s*(https?:)?//", link or ""), (name, link)
        assert "1337" not in page
        metas = [each for tag, each in dom.elements if tag == "meta"]
        (policy,) = [each["content"] for each in metas if each.get("http-equiv") == "Content-Security-Policy"]
        assert "default-src 'none'" in (policy or ""), name


def test_prefect_s_pages_get_no_markup_of_a_document(done: Done) -> None:
    with closing(sqlite3.connect(done.folder / "warehouse" / ".prefect" / "prefect.db")) as database:
        told = database.execute("select key, type, data from artifact").fetchall()
    assert {"summary", "quality", "quarantine"} <= {key for key, *_ in told}
    for key, kind, data in told:
        if kind == "markdown":
            text = json.loads(data) if data.startswith('"') else data
            assert not re.search(r"(?<!\\)<(script|img)", text), key
            assert not re.search(r"(?<!\\)\]\(javascript:", text), key


def test_the_workbook_has_no_formula_and_marts_keep_what_was_written(done: Done) -> None:
    with zipfile.ZipFile(done.release / "county_comparison.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert any(b"=1+2," in book.read(name) for name in book.namelist())
    assert len(sheets) > 1
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet or b"<hyperlink " in sheet]
    sentences = [row["sentence"] for row in pq.read_table(done.release / "fact.parquet").to_pylist()]
    assert any(sentence.startswith("=1+2,") for sentence in sentences)


def test_what_prefect_leaves_is_the_account_s_alone(done: Done) -> None:
    assert stat.S_IMODE((done.folder / "warehouse" / ".prefect").stat().st_mode) == 0o700
    assert stat.S_IMODE((done.folder / "warehouse" / "metrics" / "gongbao.prom").stat().st_mode) == 0o644


def test_each_line_of_the_log_is_an_object(done: Done) -> None:
    lines = [line for line in done.err.splitlines() if not line.startswith("gongbao: ")]
    assert lines
    assert all(isinstance(json.loads(line), dict) for line in lines)
