"""Asks the misbehaving server of the kit for all that it has, and prints what each address came to, as JSON.

    netns_run.sh HITS python -m tests.robustness.fault_visits

Each address has a client of its own and all are asked at once, but for `LARGE`: those one after the other, as what they
cost in memory is told, too.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace

from gongbao.ingest.web import Access, NotModified, Unfetched, Validators, Web, WebLimits

PLACE = "203.0.113.10:8099"
LIMITS = WebLimits(
    seconds=4.0, stall_seconds=2.0, body_bytes=20_000_000, first_wait_seconds=0.3, host_interval_seconds=0.0
)
PATIENT = replace(LIMITS, seconds=60.0, stall_seconds=60.0)
"""For what takes its server long on a busy machine: a limit of bytes is met, not one of time."""
LARGE = ("/big?mb=300", "/bigcl?mb=300", "/gzbomb?mb=200")
FAULTS = (
    "/ok", "/drip?s=120", "/slowhead?s=120", "/stall?s=120", "/short", "/chunkbad", "/disp", "/type", "/reset", "/loop",
    "/hop?n=5", "/hop?n=30", "/429?n=2&after=1", "/429?n=1&after=86400", "/429?n=1&after=-1", "/429?n=1&after=x",
    "/429date?n=1", "/500?n=2", "/500?n=99",
)  # fmt: skip
FORBIDDEN = (
    "http://127.0.0.1/", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.5/",
    "http://[::1]/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/",
    "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::7f00:1]/",
    "http://203.0.113.99/", "file:///etc/hostname",
)  # fmt: skip
"""What no source may reach: asked for by themselves, and as the target of a redirect."""


@dataclass(frozen=True)
class Outcome:
    """What an address came to: `page`, `unchanged` or the reason of the failure; bytes, seconds, MiB of memory more."""

    came_to: str
    is_pending: bool = False
    size: int = 0
    seconds: float = 0.0
    mebibytes: float = 0.0


def visit(url: str, limits: WebLimits = LIMITS) -> Outcome:
    """Ask for one address, as a source that names the server does."""
    validators = Validators(etag='"v1"') if url.endswith("/etag") else Validators()
    began, before = time.monotonic(), _peak()
    came_to, is_pending, size = "unchanged", False, 0
    try:
        with Web(contact="data@example.org") as web:
            answer = web.fetch(url, validators, Access.of(private_hosts=[PLACE]), limits)
        if not isinstance(answer, NotModified):
            came_to, size = "page", len(answer.body)
    except Unfetched as failure:
        came_to, is_pending = failure.reason, failure.pending
    return Outcome(came_to, is_pending, size, time.monotonic() - began, _peak() - before)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the outcomes by address: of the server's own, its path."""
    found = {path: visit(f"http://{PLACE}{path}", PATIENT) for path in LARGE}
    asked = {path: f"http://{PLACE}{path}" for path in (*FAULTS, "/etag")}
    asked |= {url: url for url in FORBIDDEN}
    asked |= {f"/to?u={url}": f"http://{PLACE}/to?u={url}" for url in FORBIDDEN}
    with ThreadPoolExecutor(len(asked)) as at_once:
        found |= dict(zip(asked, at_once.map(visit, asked.values()), strict=True))
    json.dump({name: asdict(outcome) for name, outcome in found.items()}, sys.stdout)


if __name__ == "__main__":
    main()
