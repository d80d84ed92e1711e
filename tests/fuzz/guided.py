"""One target for so many seconds, guided by coverage; started by `python -m tests.fuzz`, a process a target.

    python -m tests.fuzz.guided TARGET FOLDER SECONDS

FOLDER/inputs holds what is kept because it reached something new, FOLDER/findings the shortest input of each finding,
called after the exception and the place that raised it. The process goes on after a finding; a parser that dies takes
it along, and libFuzzer leaves FOLDER/crash-…, timeout-… or oom-….
"""

from __future__ import annotations

import resource
import sys
import traceback
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import atheris

with atheris.instrument_imports(include=["gongbao"]):
    # Every reader: the parser process imports them when a file of their format comes, too late to be instrumented.
    import gongbao.ingest.readers as readers

    for module in iter_modules(readers.__path__):
        import_module(f"{readers.__name__}.{module.name}")
    from tests.fuzz import inputs, seeds
    from tests.fuzz.target import Hang, Target, judge
    from tests.fuzz.targets import TARGETS

MEMORY = 2 << 30
"""Address space of the process: a parser that takes more must not take the machine's."""


def main() -> None:
    """Fuzz one target."""
    name, folder, seconds = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    target = TARGETS[name]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kept, findings = folder / "inputs", folder / "findings"
    for each in (kept, findings):
        each.mkdir(parents=True, exist_ok=True)
    for seed in (*target.seeds(), *(seeds.real_texts() if name == "text" else ())):
        (kept / sha256(seed).hexdigest()).write_bytes(seed[: target.largest])
    words = folder / "words.dict"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words or ("0",)), "utf-8")

    def one(data: bytes) -> None:
        try:
            judge(target, data, times=1 if len(data) % 4 else 2)
        except (Exception, Hang) as error:
            keep(findings, data, error)

    arguments = [
        sys.argv[0], f"-max_total_time={seconds}", f"-max_len={target.largest}", "-timeout=60", "-rss_limit_mb=1500",
        f"-dict={words}", f"-artifact_prefix={folder}/", "-print_final_stats=1", "-use_value_profile=0", str(kept),
    ]  # fmt: skip
    atheris.Setup(arguments, one, custom_mutator=_mutator(target))
    atheris.Fuzz()


def keep(folder: Path, data: bytes, error: BaseException) -> None:
    """Keep the input where it is the first, or the shortest, that fails so."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "gongbao" in frame.filename]
    place = f"{Path(ours[-1].filename).stem}-{ours[-1].lineno}" if ours else "judgement"
    path = folder / f"{type(error).__name__}-{place}"
    if not path.exists() or len(data) < path.stat().st_size:
        path.write_bytes(data)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


def _mutator(target: Target):  # type: ignore[no-untyped-def]
    def mutate(data: bytes, most: int, seed: int) -> bytes:
        """libFuzzer's mutation, of one member where the input is a container."""
        members = inputs.taken_apart(data) if seed % 8 else None
        if not members:
            return atheris.Mutate(data, most)
        name = sorted(members)[seed % len(members)]
        content = atheris.Mutate(members[name], max(len(members[name]) * 2, 64))
        whole = inputs.put_together({**members, name: content})
        return whole if len(whole) <= most else atheris.Mutate(data, most)

    return mutate


if __name__ == "__main__":
    main()
