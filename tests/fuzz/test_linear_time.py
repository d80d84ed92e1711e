"""Reading takes time in proportion to the text, whatever it repeats without end.

The texts are made from the patterns themselves (`tests/fuzz/repetitions.py`). CPU seconds are only compared within one
run, and only where a text is slow: an honest one is, by the machine's whim, never twice in a row.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from gongbao.extract import extract_text
from gongbao.ingest.web import links
from tests.conftest import ROOT
from tests.fuzz.target import limited
from tests.fuzz.targets import reader

SHORT = 6_000
LOOKED_AT_CLOSER = 0.1
"""CPU seconds: four times what sentences of that length take."""
NOISE = 0.03
"""CPU seconds below which a busy machine may double any measurement: less is taken for so much."""
MOST = 8.0
"""Times as long for four times the text: 4 is linear, 16 quadratic."""
HEAD = "平原县2023年政府工作报告\n各位代表：\n一、2022年工作回顾\n"
REPEATED = {
    "sentences in one line": (HEAD, "全县税收完成5亿元。"),
    "clauses in one sentence": (HEAD, "全县税收完成5亿元，"),
    "turns in one line": (
        HEAD.replace("2022年", "“十三五”时期和2022年"),
        "过去五年，新建学校9所；2022年，新建学校3所。",
    ),
    "terms in one line": (f"{HEAD}完成5亿元。\n" * 9 + "附件：名词解释\n", "“五保户”：指3种人。"),
    "digits without end": ("", "1977.7"),
}
"""Of what a report is made of: line ends that never come, numbers that never end."""


def is_linear(run: Callable[[str], object], beginning: str, repeated: str, short: int, end: str = "") -> bool:
    """Whether four times the repetitions take less than `MOST` times as long, of three tries the best."""

    def seconds(length: int) -> float:
        text = beginning + repeated * max(1, length // len(repeated)) + end
        begun = time.process_time()
        with limited(60.0):
            run(text)
        return time.process_time() - begun

    return any(seconds(4 * short) < MOST * max(seconds(short), NOISE) for _ in range(3))


@pytest.mark.parametrize("name", REPEATED)
def test_a_report_that_goes_on_and_on_is_extracted_in_linear_time(name: str) -> None:
    assert is_linear(extract_text, *REPEATED[name], short=20_000)


def test_what_any_pattern_repeats_without_end_is_extracted_in_linear_time() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.repetitions"],
        cwd=ROOT,
        env={**os.environ, "GONGBAO_COMPILED": "0"},  # patterns are told by the sources, compiled or not
        capture_output=True,
        text=True,
        check=True,
    )
    repetitions = [(HEAD + beginning, repeated) for beginning, repeated in json.loads(told.stdout)]
    assert len(repetitions) > 300
    extract_text(HEAD)
    slow = [(*each, end) for each in repetitions for end in ("5亿元。", "\n") if took(*each, end) > LOOKED_AT_CLOSER]
    assert [each for each in slow if not is_linear(extract_text, *each[:2], SHORT, each[2])] == []


def took(beginning: str, repeated: str, end: str) -> float:
    text = beginning + repeated * (SHORT // len(repeated)) + end
    begun = time.process_time()
    with limited(60.0):
        extract_text(text)
    return time.process_time() - begun


PAGES = {
    "open tags": ("<html><body>", "<div>"),
    "closed tags": ("<html><body><p>县", "</div>"),
    "line ends": ("<html><body><p>县", "<br>"),
    "blanks": ("<html><body><p>县", "\x0b"),
    "cells": ("<html><body>县<table><tr>", "<td>1"),
    "rows": ("<html><body>县<table>", "<tr><td>1"),
    "tables in tables": ("<html><body>县", "<table><tr><td>1"),
    "spans": ("<html><body>县<table>", "<tr><td rowspan=9>1<td>2"),
    "references": ("<html><body>县", "&#x5e73;"),
    "comments": ("<html><body>县", "<!--"),
    "paragraphs": ("<html><body>", "<p>完成5亿元。</p>"),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("format_", ["html", "html_workbook"])
def test_a_page_that_repeats_without_end_is_read_in_linear_time(name: str, format_: str) -> None:
    read = reader(format_, "a.html")
    assert is_linear(lambda page: read(page.encode()), *PAGES[name], short=20_000)


LISTS = {
    "tags": "<div>",
    "links": "<a href=x>",
    "tags in links": "<a href='1'><b>",
    "scripts": "<script type=text/xml>",
    "bases": "<base href=x>",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_page_that_repeats_without_end_is_read_in_linear_time(name: str) -> None:
    every = re.compile("")
    assert is_linear(lambda page: links(page.encode(), "http://www.example.cn/", every), "", LISTS[name], short=20_000)


LINES = {
    "quotes": ("县,1\n", '"'),
    "pairs of quotes": ("县,1\n", '"" '),
    "commas": ("县,1\n", ","),
    "rows": ("", "县,1\n"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_table_that_repeats_without_end_is_read_in_linear_time(name: str) -> None:
    read = reader("delimited", "a.csv")
    assert is_linear(lambda table: read(table.encode()), *LINES[name], short=20_000)


def test_time_that_grows_with_the_square_of_the_text_is_found() -> None:
    assert not is_linear(lambda text: [text.count("b") for _ in text], "", "a", 12_000)
