"""The files of the explorer page: small, whole, and without anything that nobody uses."""

from __future__ import annotations

import re

from gongbao.explorer import page

LARGEST = 100_000
CODE = "".join(path.read_text("utf-8") for path in sorted((page.HERE / "code").glob("*.js")))


def test_all_of_the_page_weighs_less_than_a_hundred_kilobytes() -> None:
    files = page.files()
    assert set(files) == {"index.html", "explorer.css", "explorer.js", "hyparquet.js", "hyparquet.LICENSE"}
    assert sum(len(content) for name, content in files.items() if name != "hyparquet.LICENSE") < LARGEST


def test_no_text_is_changed_where_spaces_are_left_out() -> None:
    # A template within a template would be taken for code between two of them.
    assert not [line for line in CODE.splitlines() if re.search(r"\$\{[^}`]*`[^`]* [^`]*`", line)]
    texts = [text for pair in re.findall(r'\["([^"]*)", "([^"]*)"\]', CODE) for text in pair]
    assert len(texts) > 200
    dense = page.files()["explorer.js"].decode()
    assert [text for text in texts if f'"{text}"' not in dense] == []


def test_every_word_is_used_and_said_in_both_languages() -> None:
    declared = CODE[CODE.index("const WORDS") : CODE.index("// [中文, English] of what")]
    words = re.findall(r'^  (\w+): \["(.*)", "(.*)"\],$', declared, re.MULTILINE)
    rest = CODE.replace(declared, "")
    composed = re.findall(r"word\(`(\w*)\$\{\w+(?:\.\w+)?\}(\w*)`\)", rest)
    chosen = {key for key, _, _ in words if any(key.startswith(a) and key.endswith(b) for a, b in composed)}
    views = set(re.findall(r"(\w+): \w+View", rest))
    unused = (
        {key for key, _, _ in words if f'"{key}"' not in rest}
        - chosen
        - views
        - {"green", "yellow", "red", "grey", "all"}
    )
    assert unused == set()
    assert all(chinese and english for _, chinese, english in words)
    # The button to the other language says its name in that language.
    foreign = {key for key, _, english in words if re.search("[\u4e00-\u9fff]", english)}
    assert foreign == {"language"}


def test_nothing_is_parsed_as_markup_or_run_as_code() -> None:
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "fetch(",
    ):
        assert forbidden not in CODE
