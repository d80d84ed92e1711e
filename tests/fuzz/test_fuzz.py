"""Bounded fuzzing: the same inputs every time, and every input that ever showed something. Longer: `make fuzz`."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.isolation import ParserProcess
from tests.fuzz import inputs
from tests.fuzz.target import Hang, Target, judge, limited
from tests.fuzz.targets import FORMATS, NATIVE, TARGETS, isolated, reader

REGRESSIONS = Path(__file__).parent / "regressions"
EXAMPLES = {"text": 150, "sheet": 100, "numerals": 500}
"""Of the targets whose inputs are dearer or cheaper than the others'."""
MEMORY = 1 << 30
bounded = settings(
    derandomize=True, database=None, deadline=None, phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    with ParserProcess(Limits()) as process:
        yield process


def safe(name: str, parser: ParserProcess) -> Target:
    """The target; one of a parser in machine code through the parser process, as it may take its process along."""
    target = TARGETS[name]
    return replace(target, run=isolated(parser, FORMATS[name], "a")) if name in NATIVE else target


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_comes_is_read_or_refused(name: str, parser: ParserProcess) -> None:
    target = safe(name, parser)
    for seed in target.seeds():
        judge(target, seed)

    @settings(bounded, max_examples=EXAMPLES.get(name, 250))
    @given(inputs.of(target))
    def holds(data: bytes) -> None:
        judge(target, data)

    holds()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < MEMORY


@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_once_failed_is_read_or_refused(path: Path, parser: ParserProcess) -> None:
    judge(safe(path.parent.name, parser), path.read_bytes())


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in NATIVE])
def test_the_parser_process_answers_as_the_reader_does(name: str, parser: ParserProcess) -> None:
    here, there = reader(FORMATS[name], "a"), isolated(parser, FORMATS[name], "a")

    @settings(bounded, max_examples=15)
    @given(inputs.of(TARGETS[name]))
    def holds(data: bytes) -> None:
        assert there(data) == here(data)

    holds()


def test_a_parser_that_takes_its_process_along_is_a_refusal(parser: ParserProcess) -> None:
    (whole,) = TARGETS["xlsx"].seeds()
    members = inputs.taken_apart(whole) or {}
    sheet = members["xl/worksheets/sheet1.xml"].replace(b'r="A2"', b'r="ZZZ99999999"')
    crafted = inputs.put_together({**members, "xl/worksheets/sheet1.xml": sheet})
    outcome = judge(safe("xlsx", parser), crafted)
    assert isinstance(outcome, tuple)
    assert outcome[0] == "parser_crashed"


def test_an_exception_a_hang_and_an_answer_that_changes_are_findings() -> None:
    count = iter(range(9))
    with pytest.raises(KeyError):
        judge(Target("raises", lambda data: {}[data], lambda: [b""]), b"x")
    with pytest.raises(AssertionError, match="two runs differ: 0 and 1"):
        judge(Target("changes", lambda _: next(count), lambda: [b""]), b"x")
    with pytest.raises(Hang), limited(0.05):
        while True:
            pass


def test_mutations_reach_into_the_members_of_a_container() -> None:
    whole = inputs.put_together({"a.xml": b"<a/>" * 9, "b.xml": b"<b/>"})
    target = Target("container", lambda _: None, lambda: [whole], words=("<c/>",))

    def is_changed(data: bytes) -> bool:
        members = inputs.taken_apart(data) or {}
        return b"<c/>" in members.get("b.xml", b"") and members.get("a.xml") == b"<a/>" * 9

    assert is_changed(find(inputs.of(target), is_changed, settings=settings(bounded, max_examples=2000)))


@settings(bounded, max_examples=50)
@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_container_is_put_together_as_it_was_taken_apart(one: bytes, other: bytes) -> None:
    members = {"a": one, "b/c.xml": other}
    assert inputs.taken_apart(inputs.put_together(members)) == members
