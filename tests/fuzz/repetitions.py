"""Texts that a pattern chokes on, made from the patterns themselves: what each of their repeats takes, without end.

    python -m tests.fuzz.repetitions     prints [[beginning, what is repeated], …] as JSON

Patterns are caught as they are compiled, those of the vocabulary's files too, so that none is forgotten: this runs in
a process of its own, before anything of gongbao is imported.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import re._constants as op
import re._parser as parser
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGES = ("gongbao.extract", "gongbao.normalise", "gongbao.ingest")
UNBOUNDED = 100
"""A repeat that may go on as long as this counts as one without end."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_SAMPLES = {op.CATEGORY_DIGIT: "7", op.CATEGORY_SPACE: " \x0b", op.CATEGORY_WORD: "县", op.CATEGORY_NOT_SPACE: "县"}
_EVERYDAY = "县7 ，\n(.a"
_LONGEST_BEGINNING = 40


def main() -> None:
    """Print the repetitions of all patterns."""
    print(json.dumps(sorted({each for tree in compiled_trees() for each in repetitions(tree)}), ensure_ascii=False))


def compiled_trees() -> list[Any]:
    """The parsed patterns that our packages compile: at import, in cached functions, while reports are extracted."""
    patterns: dict[tuple[str, int], Any] = {}
    compile_ = re.compile

    def note(pattern: Any, flags: int = 0) -> Any:
        compiled = compile_(pattern, flags)
        if isinstance(compiled.pattern, str) and sys._getframe(1).f_globals.get("__name__", "").startswith("gongbao"):
            patterns[compiled.pattern, flags] = parser.parse(compiled.pattern, flags)
        return compiled

    re.compile = note  # type: ignore[assignment]
    try:
        for name in PACKAGES:
            package = importlib.import_module(name)
            for found in pkgutil.walk_packages(package.__path__, f"{name}."):
                module = importlib.import_module(found.name)
                for value in list(vars(module).values()):
                    if _is_ready(value, module):
                        value()
        from gongbao.extract import extract_text

        for path in sorted((Path(__file__).parents[2] / "samples" / "inbox").glob("*.txt")):
            extract_text(path.read_bytes().decode("utf-8", "replace"))
    finally:
        re.compile = compile_
    return list(patterns.values())


def _is_ready(value: Any, module: Any) -> bool:
    """Whether it is a cached function of the module that needs no argument."""
    function = getattr(value, "__wrapped__", None)
    return function is not None and function.__module__ == module.__name__ and not function.__code__.co_argcount


def repetitions(tree: Any) -> Iterator[tuple[str, str]]:
    """For each repeat without end what can lead up to it, and what it takes; both may be taken by another one too."""
    for before, body in _repeats(tree, ""):
        for taken in {_witness(body), *_choices(body)} - {""}:
            yield "", taken
            if before:
                yield before[-_LONGEST_BEGINNING:], taken
                yield "", before[-_LONGEST_BEGINNING:] + taken * 3


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, Any]]:
    for kind, value in tree:
        if kind in _REPEATS:
            if value[1] == op.MAXREPEAT or value[1] >= UNBOUNDED:
                yield before, value[2]
            yield from _repeats(value[2], before)
        elif kind is op.SUBPATTERN:
            yield from _repeats(value[3], before)
        elif kind is op.ATOMIC_GROUP:
            yield from _repeats(value, before)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from _repeats(value[1], before)
        before += _witness([(kind, value)])


def _witness(tree: Any) -> str:
    """The shortest text that it takes, about: of branches the first, of classes their first sign."""
    found = ""
    for kind, value in tree:
        if kind is op.LITERAL:
            found += chr(value)
        elif kind in (op.NOT_LITERAL, op.ANY):
            found += "县"
        elif kind is op.IN:
            found += _signs(value)[:1]
        elif kind in _REPEATS:
            found += _witness(value[2]) * max(value[0], min(1, value[1]))
        elif kind is op.SUBPATTERN:
            found += _witness(value[3])
        elif kind is op.ATOMIC_GROUP:
            found += _witness(value)
        elif kind is op.BRANCH:
            found += _witness(value[1][0])
    return found


def _choices(body: Any) -> str:
    """Some of the signs that a repeated class takes."""
    if len(body) != 1 or body[0][0] is not op.IN:
        return ""
    signs = _signs(body[0][1])
    return "".join(sign for sign in signs if sign.isspace())[:3] + signs[:2] + signs[-1:]


def _signs(items: Any) -> str:
    listed = ""
    for kind, value in items:
        if kind is op.LITERAL:
            listed += chr(value)
        elif kind is op.RANGE:
            listed += chr(value[0]) + chr(value[1])
        elif kind is op.CATEGORY:
            listed += _SAMPLES.get(value, "")
    if items[0][0] is op.NEGATE:
        return "".join(sign for sign in _EVERYDAY if sign not in listed)
    return listed


if __name__ == "__main__":
    main()
