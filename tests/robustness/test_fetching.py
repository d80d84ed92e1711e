"""A server that does all that a server should not: what each address comes to, and that nothing else is ever reached.

By the kit's own server, in a network of its own whose other hosts are canaries; what holds without it is tested in
tests/unit/ingest/web, fault by fault.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.robustness.fault_visits import FORBIDDEN, LARGE, LIMITS, Outcome

CANARY_TOUCHED = 90


@dataclass(frozen=True)
class Visited:
    """The outcomes by address, and the moments at which the server was asked for a path."""

    outcomes: dict[str, Outcome]
    hits: list[tuple[str, float]]
    agents: set[str]
    encodings: set[str]

    def gaps(self, path: str) -> list[float]:
        moments = [at for asked, at in self.hits if asked == path]
        return [later - earlier for earlier, later in pairwise(moments)]


@pytest.fixture(scope="module")
def visited(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Visited:
    hits = tmp_path_factory.mktemp("fetching") / "hits.jsonl"
    ended = subprocess.run(
        [shared / "robustness" / "netns_run.sh", hits, sys.executable, "-m", "tests.robustness.fault_visits"],
        cwd=ROOT,
        env={**os.environ, "PY": sys.executable, "PYTHONPATH": str(ROOT), "http_proxy": "http://10.0.0.5:80"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode != CANARY_TOUCHED, ended.stdout
    assert ended.returncode == 0, ended.stderr
    asked = [json.loads(line) for line in hits.read_text("utf-8").splitlines()]
    return Visited(
        {name: Outcome(**outcome) for name, outcome in json.loads(ended.stdout).items()},
        [(each["path"], each["t"]) for each in asked],
        {each["headers"]["User-Agent"] for each in asked},
        {each["headers"]["Accept-Encoding"] for each in asked},
    )


@pytest.mark.parametrize(
    ("path", "came_to", "is_pending"),
    [
        ("/ok", "page", False),
        ("/etag", "unchanged", False),
        ("/drip?s=120", "timeout", True),
        ("/slowhead?s=120", "timeout", True),
        ("/stall?s=120", "timeout", True),
        ("/big?mb=300", "oversize", False),
        ("/bigcl?mb=300", "oversize", False),
        ("/gzbomb?mb=200", "oversize", False),
        ("/short", "incomplete", False),
        ("/chunkbad", "incomplete", False),
        ("/disp", "page", False),
        ("/type", "page", False),
        ("/reset", "unreachable", True),
        ("/loop", "redirects", False),
        ("/hop?n=5", "page", False),
        ("/hop?n=30", "redirects", False),
        ("/429?n=2&after=1", "page", False),
        ("/429?n=1&after=86400", "rate_limited", True),
        ("/429?n=1&after=-1", "page", False),
        ("/429?n=1&after=x", "page", False),
        ("/429date?n=1", "page", False),
        ("/500?n=2", "page", False),
        ("/500?n=99", "server_error", True),
    ],
)
def test_what_a_fault_comes_to(visited: Visited, path: str, came_to: str, is_pending: bool) -> None:
    outcome = visited.outcomes[path]
    assert (outcome.came_to, outcome.is_pending) == (came_to, is_pending)


@pytest.mark.parametrize("url", FORBIDDEN)
def test_no_address_beyond_the_source_s_own_is_reached(visited: Visited, url: str) -> None:
    reasons = {visited.outcomes[url].came_to, visited.outcomes[f"/to?u={url}"].came_to}
    assert reasons <= {"blocked_address", "unsupported_scheme"}


def test_a_body_without_end_costs_its_limit_and_little_more(visited: Visited) -> None:
    assert max(visited.outcomes[path].mebibytes for path in LARGE) < 100


def test_a_slow_server_has_its_seconds_and_no_more(visited: Visited) -> None:
    slow = [visited.outcomes[path].seconds for path in ("/drip?s=120", "/slowhead?s=120", "/stall?s=120")]
    assert max(slow) < 60  # of 120; the limit is 4, and the machine may be busy
    assert min(slow) >= LIMITS.stall_seconds


def test_a_server_is_asked_five_times_with_growing_gaps_and_as_late_as_it_says(visited: Visited) -> None:
    waits = [LIMITS.first_wait_seconds * 2**number for number in range(4)]
    for path in ("/500?n=99", "/reset"):
        assert len(visited.gaps(path)) == 4
        assert all(gap >= wait * 0.99 for gap, wait in zip(visited.gaps(path), waits, strict=True))
    assert all(gap >= 0.99 for gap in visited.gaps("/429?n=2&after=1"))
    assert visited.gaps("/429?n=1&after=86400") == []
    assert min(visited.gaps("/429date?n=1")) >= 2  # a date of whole seconds, three from then


def test_each_request_says_who_asks_and_wants_no_compression(visited: Visited) -> None:
    assert visited.encodings == {"identity"}
    (agent,) = visited.agents
    assert "data@example.org" in agent


def test_a_proposed_name_leads_to_no_file(visited: Visited, shared: Path) -> None:
    assert visited.outcomes["/disp"].came_to == "page"
    assert not list(shared.parent.glob("etl_canary_must_not_exist.txt"))
    assert not list(ROOT.rglob("etl_canary_must_not_exist.txt"))
