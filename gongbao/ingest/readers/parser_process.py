"""The parser process: reads workbooks named on standard input, one JSON line in, one JSON line out.

    in   {"path": "…", "name": "…"}
    out  {"sheets": [{"name": "…", "rows": [["text", ["5533"]]], "merged": [[1, 1, 1, 6]]}], "warnings": ["…"]}
         {"refused": {"reason": "…", "what": "…", "remedy": "…"}}

A cell is its text, a number's cell a list of its text. The first line in holds the limits. Memory, open files and
core dumps are limited for the whole process; the clock is watched by whoever started it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from gongbao.errors import UnreadableDocument
from gongbao.extract.grid import Sheet
from gongbao.ingest.limits import Limits
from gongbao.ingest.readers.workbook import read_workbook


def main() -> None:
    """Answer requests until standard input ends."""
    # A parser that prints must not break the answers: they go to a descriptor of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = iter(sys.stdin.buffer)
    limits = Limits(**json.loads(next(requests)))
    confine(limits)
    serve(requests, answers, limits)


def confine(limits: Limits) -> None:
    """Limit what this process may take from the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def serve(requests: Iterable[bytes], answers: IO[str], limits: Limits) -> None:
    """One answer a request."""
    for line in requests:
        request = json.loads(line)
        json.dump(answer(Path(request["path"]), request["name"], limits), answers, ensure_ascii=False)
        answers.write("\n")
        answers.flush()


def answer(path: Path, name: str, limits: Limits) -> dict[str, Any]:
    """The workbook as JSON, or why it was refused; whatever a parser raises is a refusal."""
    try:
        sheets, warnings = read_workbook(path, name, limits)
    except UnreadableDocument as refused:
        return {"refused": {"reason": refused.reason, "what": refused.what, "remedy": refused.remedy}}
    except MemoryError:
        return _refused("oversize", f"{name} needs more memory than one file may take", "split the workbook")
    except BaseException as error:  # a panic of the parser is no Exception
        return _refused(
            "parser_failed", f"{name} made the parser fail ({type(error).__name__}: {error})", "save it anew"
        )
    return {"sheets": [_plain(sheet) for sheet in sheets], "warnings": list(warnings)}


def _plain(sheet: Sheet) -> dict[str, Any]:
    rows = [[[cell.text] if cell.is_number else cell.text for cell in row] for row in sheet.rows]
    return {"name": sheet.name, "rows": rows, "merged": sheet.merged}


def _refused(reason: str, what: str, remedy: str) -> dict[str, Any]:
    return {"refused": {"reason": reason, "what": what, "remedy": remedy}}


if __name__ == "__main__":
    main()
