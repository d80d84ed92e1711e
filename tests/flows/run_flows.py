"""Each flow once in one process, as a worker runs them, and what each left: `python -m tests.flows.run_flows FOLDER`.

Writes FOLDER/told.json: by step the state's type, name and message, the error's class and exit code, and the artifacts
that the step left, newest last.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

TEXT = "惠民县李庄镇材料\n\n2023年,全镇一般公共预算收入6120万元。新增城镇就业312人。\n"


def main(folder: Path) -> None:
    from flows import artifacts as left
    from flows.backfill import backfill
    from flows.ingest_one import ingest_one
    from flows.nightly import nightly
    from flows.publish_asof import publish_asof
    from gongbao.warehouse import Warehouse

    left.LONG_SECONDS = 0.0  # every stage shows its progress, however short
    root = folder / "warehouse"
    here: dict[str, Any] = {"warehouse": str(root), "return_state": True}
    path, bad = folder / "材料.txt", folder / "bad.pdf"
    path.write_text(TEXT, "utf-8")
    bad.write_text("%PDF-1.4 broken", "utf-8")
    told: dict[str, Any] = {}

    def step(name: str, run: Callable[[], Any]) -> None:
        before = {artifact["id"] for artifact in artifacts()}
        state = run()
        result = state.result(raise_on_failure=False)
        error = result if isinstance(result, Exception) else None
        told[name] = {
            "type": state.type.value,
            "name": state.name,
            "message": state.message,
            "error": type(error).__name__ if error else None,
            "exit_code": getattr(error, "exit_code", None),
            "current": str((root / "current").readlink()) if (root / "current").is_symlink() else None,
            "artifacts": {each["key"]: each for each in artifacts() if each["id"] not in before},
        }

    said = {"place": "惠民县", "doc_type": "analysis", "caveats": ["sample"]}
    step("one", lambda: ingest_one(where=str(path), **said, **here))
    step("bad", lambda: ingest_one(where=str(bad), **here))
    step("again", lambda: backfill(everything=True, **here))
    step("nothing", lambda: backfill(**here))
    step("past", lambda: publish_asof(date="2026-11-01", **here))
    step("future", lambda: publish_asof(date="2999-01-01", **here))
    with Warehouse(root) as held:
        step("locked", lambda: backfill(everything=True, **here))
        begun = {"run_id": "20200101T000000Z-1", "event": "begin", "at": "2020-01-01T00:00:00", "pid": 0}
        held.append_ledger("runs", [begun])
    step("wrong", lambda: nightly(inbox=["nowhere"], **here))
    (folder / "told.json").write_text(json.dumps(told, ensure_ascii=False, default=str), "utf-8")


def artifacts() -> list[dict[str, Any]]:
    """All that were left so far, oldest first."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.sorting import ArtifactSort

    async def read() -> list[dict[str, Any]]:
        async with get_client() as client:
            found = await client.read_artifacts(sort=ArtifactSort.CREATED_DESC)
        return [{"id": str(each.id), "key": each.key, "type": each.type, "data": each.data} for each in found]

    return list(reversed(asyncio.run(read())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
